"""iDoDebit, iReadDebitRecord: medical consumption on the card and its log (医疗消费).

The answer of a debit and the order of the log's items are our own choice, after the log record of the card
(Part 7 §12.6): no public text has them.
"""

from dataclasses import replace
from datetime import datetime

from shebaoka.driver import strings
from shebaoka.driver.errors import INITIAL_PIN, INPUT, DriverError
from shebaoka.driver.pin_pad import Entry
from shebaoka.driver.work import Equipment, proven
from shebaoka.spec.conditions import Pin
from shebaoka.terminal import checks, medical
from shebaoka.terminal.purchase import consume
from shebaoka.terminal.rights import Route
from shebaoka.terminal.session import Session
from shebaoka.terminal.settings import CHINA
from shebaoka.terminal.transactions import PendingPurchase


def debit(equipment: Equipment, card_type: int, card: str, payment: str) -> str:
    """One consumption: ``purchase serial|type|terminal|time|account|self-pay|fund|terminal serial|TAC|``.

    ``payment``: pPayInfo. The card is checked as for every transaction (blacklist, validity). Raises
    DriverError, TerminalError: -4 with the text of a transaction in doubt when the card was pulled.
    """
    amounts, time = strings.payment(payment)
    with proven(equipment, card_type, strings.card_info(card)) as session:
        at(session, time)
        checks.check_card(session)
        receipt = consume(session, amounts, code=holder_code(equipment, session))
    return strings.join((*record(receipt.purchase), receipt.tac.hex().upper()))


def read_debit_records(equipment: Equipment, card_type: int) -> str:
    """The card's log, newest first: ``purchase serial|type|terminal number|time|account|self-pay|fund|`` for
    each record."""
    with proven(equipment, card_type) as session:
        code = equipment.code(session, Pin(), Route.PIN)
        entries = medical.log(session, code=code)
    return "".join(
        strings.join(
            (
                f"{entry.sequence:04X}",
                entry.kind,
                entry.terminal,
                entry.time,
                *map(strings.yuan, (entry.account, entry.self_pay, entry.pooled)),
            )
        )
        for entry in entries
    )


def record(pending: PendingPurchase) -> tuple[str, ...]:
    """The items of a consumption, amounts in yuan."""
    return (
        f"{pending.counter:04X}",
        str(medical.PURCHASE),
        pending.terminal,
        pending.time,
        *map(strings.yuan, pending.amounts.triple),
        f"{pending.sequence:08X}",
    )


def at(session: Session, time: str) -> None:
    """The transaction's time is the caller's, in China Standard Time. Raises DriverError -23."""
    try:
        moment = datetime.strptime(time, "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
    except ValueError:
        raise DriverError(INPUT, "(pPayInfo)") from None
    session.settings = replace(session.settings, clock=lambda: moment)


def holder_code(equipment: Equipment, session: Session) -> str | None:
    """The PIN of a payment; None when the card asks for none. Raises DriverError -35 for an initial one."""
    if session.pin.fulfilled or session.pin.locked:
        return None
    code = equipment.pad.ask(Entry.PIN, equipment.profile.pin_seconds)
    if code in equipment.profile.initial_pins:
        raise DriverError(INITIAL_PIN)
    return code
