"""Medical consumption (医疗消费, Part 7 §12) and its recovery after the card was pulled (防拔, §14)."""

from shebaoka.codec.apdu import Command
from shebaoka.reader.base import Reader
from shebaoka.spec import sw
from shebaoka.terminal import medical
from shebaoka.terminal.errors import (
    KeySourceError,
    NoCardError,
    PaymentRefusedError,
    StatusWordError,
    UnverifiedPaymentError,
)
from shebaoka.terminal.keys import KeySource, PurchaseOrder
from shebaoka.terminal.preprocess import identify
from shebaoka.terminal.session import Session, send
from shebaoka.terminal.settings import DPK, Settings
from shebaoka.terminal.transactions import (
    Amounts,
    InDoubtError,
    PendingPurchase,
    PurchaseReceipt,
    cn_time,
)

_KEY_INDEX = 0x01
_INIT_REFUSALS = {
    sw.INSUFFICIENT: "insufficient-funds",
    sw.COUNTER_MAX: "counter-at-maximum",
    sw.KEY_INDEX: "key-index-unknown",
    sw.CONDITIONS: "purchase-conditions",
}


def consume(
    session: Session, amounts: Amounts, *, code: str | None = None, check_mode: bool = True
) -> PurchaseReceipt:
    """One consumption: INITIALIZE FOR PURCHASE, MAC1 by PSAM or vault, DEBIT FOR PURCHASE, MAC2 checked.

    ``code``: the PIN when not yet verified; ``check_mode``: refuse cards whose item 8F says online.
    Raises PaymentRefusedError, PinError, KeySourceError: nothing was changed; InDoubtError: recover it;
    UnverifiedPaymentError: the card debited but its MAC2 is wrong.
    """
    terminal = session.source.terminal_number()
    order = initialize(session, amounts, terminal, code=code, check_mode=check_mode)
    mac1 = session.source.purchase_mac1(session.key(DPK), session.factors, order)
    time = order.time.hex()
    pending = PendingPurchase(session.identity, order.counter, amounts, terminal, mac1.sequence, time)
    mac2, tac = debit(session, pending, mac1.mac1)
    return _receipt(session.source, pending, tac=tac, mac2=mac2)


def initialize(
    session: Session, amounts: Amounts, terminal: str, *, code: str | None = None, check_mode: bool = True
) -> PurchaseOrder:
    """INITIALIZE FOR PURCHASE: what MAC1 has to cover, with the time of now. ``terminal``: twelve digits.
    Raises PaymentRefusedError, PinError: nothing was changed."""
    medical.enter(session, code, check_mode=check_mode)
    money = b"".join(amount.to_bytes(4) for amount in amounts.triple)
    data = bytes((_KEY_INDEX,)) + money + bytes.fromhex(terminal)
    command = Command(0xB0, 0x28, 0x01, 0x01, data, 22)
    answer = send(session, command, "INITIALIZE FOR PURCHASE", accept=(sw.OK, *_INIT_REFUSALS))
    if answer.sw != sw.OK:
        raise PaymentRefusedError(_INIT_REFUSALS[answer.sw])
    return _order(session, amounts, answer.data)


def debit(session: Session, pending: PendingPurchase, mac1: bytes) -> tuple[bytes, bytes]:
    """DEBIT FOR PURCHASE: the card's MAC2 and TAC, each 4 bytes. Raises PaymentRefusedError when MAC1 is
    wrong: nothing was changed; InDoubtError when the card does not answer."""
    data = pending.sequence.to_bytes(4) + bytes.fromhex(pending.time) + mac1
    command = Command(0xB0, 0x2C, 0x01, 0x00, data, 8)
    try:
        answer = send(session, command, "DEBIT FOR PURCHASE", accept=(sw.OK, sw.MAC_INVALID))
    except NoCardError as error:
        raise InDoubtError(pending) from error
    except StatusWordError as error:
        return _after_refusal(session, pending, error)
    if answer.sw == sw.MAC_INVALID:
        raise PaymentRefusedError("purchase-mac1-refused")
    return answer.data[4:], answer.data[:4]


def recover(
    reader: Reader, keys: KeySource, settings: Settings, pending: PendingPurchase
) -> PurchaseReceipt | None:
    """After re-insertion: the receipt when the card did debit, None when nothing happened (9406) and the
    consumption may be started again. Raises CardChangedError for another card, NoCardError; ``pending``
    then stays open. The security module is not used before its MAC2 is checked, so that it still waits."""
    session = identify(reader, keys, settings, expected=pending.identity)
    proof = medical.proof(session, medical.PURCHASE, pending.counter)
    if proof is None:
        return None
    try:
        return _receipt(keys, pending, mac2=proof[:4], tac=proof[4:])
    except KeySourceError:
        return PurchaseReceipt(pending, proof[4:], verified=None)


def _after_refusal(session: Session, pending: PendingPurchase, error: StatusWordError) -> tuple[bytes, bytes]:
    """An unexpected status word leaves open whether the card debited: the proof decides. Raises ``error``
    when it did not, InDoubtError when the card no longer answers."""
    try:
        proof = medical.proof(session, medical.PURCHASE, pending.counter)
    except NoCardError:
        raise InDoubtError(pending) from error
    except StatusWordError:
        raise error from None
    if proof is None:
        raise error
    return proof[:4], proof[4:]


def _order(session: Session, amounts: Amounts, answer: bytes) -> PurchaseOrder:
    if len(answer) != 22:
        raise PaymentRefusedError("answer-length", command="INITIALIZE FOR PURCHASE", length=len(answer))
    return PurchaseOrder(
        random=answer[18:22],
        counter=int.from_bytes(answer[14:16]),
        amounts=amounts.triple,
        kind=medical.type_byte(session, medical.PURCHASE),
        time=bytes.fromhex(cn_time(session.settings.clock())),
        key_version=answer[16],
        algorithm_code=answer[17],
    )


def _receipt(keys: KeySource, pending: PendingPurchase, *, tac: bytes, mac2: bytes) -> PurchaseReceipt:
    if not keys.purchase_mac2(mac2):
        raise UnverifiedPaymentError("purchase-mac2-wrong", counter=pending.counter)
    return PurchaseReceipt(pending, tac, verified=True)
