"""iDoDebit_HSM_Step1 and _Step2: MAC1 comes from the HSM, MAC2 goes back to it."""

from shebaoka.driver import debits, strings
from shebaoka.driver.errors import INPUT, DriverError
from shebaoka.driver.hsm.addresses import address_of
from shebaoka.driver.hsm.pending import Debit
from shebaoka.driver.work import Equipment, for_steps
from shebaoka.terminal import checks, purchase
from shebaoka.terminal.psam_info import NO_TERMINAL
from shebaoka.terminal.settings import DPK
from shebaoka.terminal.transactions import PendingPurchase


def first(equipment: Equipment, card_type: int, card: str, payment: str) -> tuple[str, Debit]:
    """``algorithm|key address|pseudo-random(8)|purchase serial(4)|account(8)|self-pay(8)|fund(8)|time(14)|``:
    amounts in fen as hex, as MAC1 covers them; the address ends in the key version."""
    amounts, time = strings.payment(payment)
    session = for_steps(equipment, card_type, strings.card_info(card))
    try:
        debits.at(session, time)
        checks.check_card(session)
        code = debits.holder_code(equipment, session)
        order = purchase.initialize(session, amounts, NO_TERMINAL, code=code)
        key = session.key(DPK)
        text = strings.join(
            (
                equipment.profile.algorithm_text(session.algorithm),
                address_of(key, equipment.profile.key_addresses, order.key_version),
                order.random.hex().upper(),
                f"{order.counter:04X}",
                *(f"{amount:08X}" for amount in amounts.triple),
                time,
            )
        )
        return text, Debit(session, amounts=amounts, counter=order.counter, time=time)
    except BaseException:
        session.reader.close()
        raise


def second(equipment: Equipment, pending: Debit, answer: str) -> str:
    """``terminal serial(8)|time(14)|MAC1(8)|`` in; the items of iDoDebit out, and MAC2 for the HSM."""
    serial, time, mac1 = strings.split(answer, least=3, most=3, what="pKey")
    sequence = int.from_bytes(strings.octets(serial, 4, "pKey"))
    proof = strings.octets(mac1, 4, "pKey")
    if time != pending.time:
        raise DriverError(INPUT, "(pKey)")
    session = pending.session
    made = PendingPurchase(session.identity, pending.counter, pending.amounts, NO_TERMINAL, sequence, time)
    mac2, tac = purchase.debit(session, made, proof)
    return strings.join((*debits.record(made), tac.hex().upper(), mac2.hex().upper()))
