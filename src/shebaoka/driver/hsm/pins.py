"""iReloadPIN_HSM_Step1/2/3 and iUnblockPIN_HSM_Step1/2/3."""

from shebaoka.codec.apdu import Command
from shebaoka.crypto.padding import pad_data
from shebaoka.driver import strings
from shebaoka.driver.errors import LENGTH, DriverError
from shebaoka.driver.hsm import proofs
from shebaoka.driver.hsm.addresses import address_of
from shebaoka.driver.hsm.pending import Pin, PinBlock
from shebaoka.driver.pin_pad import new_pin
from shebaoka.driver.pins import refuse_initial
from shebaoka.driver.work import Equipment, for_steps
from shebaoka.terminal import pin
from shebaoka.terminal.authentication import challenge
from shebaoka.terminal.session import select, send
from shebaoka.terminal.settings import PUK, STK

_HEADER = bytes.fromhex("842400")
_MAC = 4
_NAME = "PIN CHANGE/UNBLOCK"


def first(equipment: Equipment, card_type: int, card: str, *, reload: bool) -> tuple[str, Pin]:
    """``algorithm|key address|process factor|original|`` for the unblock key."""
    session = for_steps(equipment, card_type, strings.card_info(card))
    try:
        select(session, "SSSE")
        original = session.settings.random(8)
        return proofs.question(equipment, session, PUK, original), Pin(session, PUK, original, reload)
    except BaseException:
        session.reader.close()
        raise


def second(equipment: Equipment, pending: Pin, answer: str) -> tuple[str, PinBlock]:
    """The proof in; ``algorithm|key address|factor|APDU head|plain data|`` out: the new PIN, asked for
    twice, packed as the card takes it; empty for an unblock."""
    session, data = pending.session, b""
    evidence = proofs.proof(answer, pending.original)
    if pending.reload:
        code = new_pin(equipment.pad, equipment.profile.pin_seconds)
        refuse_initial(equipment, code)
        data = pin.packed(code, session.settings.pin_rule)
    proofs.show(pending, evidence)
    size = len(pad_data(data, session.algorithm.block_size)) if data else 0
    head = _HEADER + bytes((pending.reload, size + _MAC))
    text = strings.join(
        (
            equipment.profile.algorithm_text(session.algorithm),
            address_of(session.key(STK), equipment.profile.key_addresses),
            challenge(session).hex().upper(),
            head.hex().upper(),
            data.hex().upper(),
        )
    )
    return text, PinBlock(session, head=head)


def third(equipment: Equipment, pending: PinBlock, answer: str) -> str:
    """The secured data in, with or without the APDU head (five bytes, or four without Lc) before it; an
    empty string."""
    head, text = pending.head, answer.removesuffix(strings.FIELD)
    size = head[4]
    extra = len(text) // 2 - size
    if extra not in (0, 4, 5):
        raise DriverError(LENGTH, "(pKey)")
    data = strings.octets(text, size + extra, "pKey")
    if data[:extra] != head[:extra]:
        raise DriverError(LENGTH, "(pKey)")
    cla, ins, p1, p2 = head[:4]
    key = pending.session.key(STK)
    send(pending.session, Command(cla, ins, p1, p2, data[extra:]), _NAME, key=key)
    return ""
