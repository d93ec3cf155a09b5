"""Medical insurance on the card (DF04): mode, balance, totals, log, starting day (Part 7 §10, Part 5 §7)."""

from dataclasses import dataclass
from enum import StrEnum

from shebaoka.codec.apdu import Command
from shebaoka.spec import sw
from shebaoka.terminal import pin
from shebaoka.terminal.authentication import authenticate
from shebaoka.terminal.errors import DataError, PaymentRefusedError
from shebaoka.terminal.reading import read_file, read_records, select_file
from shebaoka.terminal.rights import Route, fulfil
from shebaoka.terminal.session import Session, find_file, select, send

DIRECTORY = "DF04"
_BASE, _LOG, _MODE_TAG = 0xEF05, 0xEF08, 0x8F
_LOG_FULL, _LOG_ACCOUNT_ONLY = 28, 20
LOAD, PURCHASE = 1, 2  # transaction types (table 51)


class Mode(StrEnum):
    """Item 8F, 医疗保险用卡方式 (table 49)."""

    ONLINE = "1"
    OFFLINE = "2"


@dataclass(frozen=True, slots=True)
class Totals:
    """Self-pay (SPIP) and pooled fund (SPFP) totals of ``year`` in fen."""

    self_pay: int
    pooled: int
    year: str


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A record of the medical log (医疗交易明细): ``sequence`` the transaction counter, ``kind`` ``1`` load
    or ``2`` settlement, ``terminal`` twelve digits, ``time`` YYYYMMDDhhmmss, amounts in fen; self-pay and
    pooled are 0 in a card with account-only records of 20 bytes."""

    sequence: int
    kind: str
    terminal: str
    time: str
    account: int
    self_pay: int = 0
    pooled: int = 0


def type_byte(session: Session, kind: int) -> int:
    """The transaction type in MACs and parameters: the character (decision K43), or the number."""
    return kind | 0x30 if session.settings.ascii_types else kind


def start(session: Session, *, code: str | None = None) -> Mode:
    """Read item 8F and say which way the card works (Part 7 §10.3). Raises AccessError, PinError,
    PaymentRefusedError when the card does not say."""
    value = read_file(session, DIRECTORY, _BASE, code=code).value(_MODE_TAG)
    try:
        return Mode(str(value))
    except ValueError:
        raise PaymentRefusedError("medical-mode-unknown") from None


def enter(session: Session, code: str | None, *, check_mode: bool) -> None:
    """Select DF04, fulfil the PIN duty, refuse a card that works online (V2 §8.5.1.11): before any INIT."""
    select(session, DIRECTORY)
    if not session.pin.fulfilled and code is not None:
        pin.verify(session, code)
    pin.require(session)
    if check_mode and start(session) is Mode.ONLINE:
        raise PaymentRefusedError("medical-mode-online")


def balance(session: Session, *, code: str | None = None) -> int:
    """GET BALANCE: the account on the card (CIA) in fen."""
    enter(session, code, check_mode=False)
    return int.from_bytes(_ask(session, 0x26, 0x00, 0x01, 4, "GET BALANCE"))


def totals(session: Session, *, code: str | None = None) -> Totals:
    """GET BALANCE for self-pay and pooled totals of the payment year."""
    enter(session, code, check_mode=False)
    self_pay = _ask(session, 0x26, 0x00, 0x02, 6, "GET BALANCE")
    pooled = _ask(session, 0x26, 0x00, 0x03, 6, "GET BALANCE")
    return Totals(int.from_bytes(self_pay[:4]), int.from_bytes(pooled[:4]), self_pay[4:].hex())


def starting_day(session: Session, *, code: str | None = None) -> str:
    """GET STARTING DAY: MMDD on which the settlement year begins."""
    enter(session, code, check_mode=False)
    return _ask(session, 0x56, 0x01, 0x00, 2, "GET STARTING DAY").hex()


def set_starting_day(session: Session, day: str) -> None:
    """UPDATE STARTING DAY to ``day`` (MMDD) with DSK. Raises DataError for a day that does not exist."""
    if not _is_day(day):
        raise DataError("no-such-day", day=day)
    select(session, DIRECTORY)
    authenticate(session, "DSK")
    send(session, Command(0xB0, 0x56, 0x00, 0x00, bytes.fromhex(day)), "UPDATE STARTING DAY")


def log(session: Session, *, code: str | None = None) -> list[LogEntry]:
    """The medical log, newest first. Raises DataError for a record of another length than 28 or 20."""
    file = find_file(session.layout, DIRECTORY, _LOG)
    select(session, DIRECTORY)
    fulfil(session, file, file.read_condition, code=code, route=Route.ANY)
    select_file(session, file)
    return [log_entry(raw) for raw in read_records(session, file)]


def log_entry(raw: bytes) -> LogEntry:
    """Decode one log record of 28 or 20 bytes (V2 T9). Raises DataError."""
    if len(raw) not in (_LOG_FULL, _LOG_ACCOUNT_ONLY):
        raise DataError("log-record-length", length=len(raw))
    amounts = [int.from_bytes(raw[start : start + 4]) for start in range(16, len(raw), 4)]
    return LogEntry(int.from_bytes(raw[:2]), str(raw[2] & 0x0F), raw[3:9].hex(), raw[9:16].hex(), *amounts)


def proof(session: Session, kind: int, counter: int) -> bytes | None:
    """GET TRANSACTION PROOF: ``MAC 4 ‖ TAC 4`` of the last load or consumption when it carries ``counter``;
    None on 9406: that transaction did not happen (Part 7 §14)."""
    select(session, DIRECTORY)
    command = Command(0xB0, 0x2E, 0x00, type_byte(session, kind), counter.to_bytes(2), 8)
    response = send(session, command, "GET TRANSACTION PROOF", accept=(sw.OK, sw.PROOF_NOT_AVAILABLE))
    return response.data if response.sw == sw.OK else None


def _ask(session: Session, ins: int, p1: int, p2: int, length: int, name: str) -> bytes:
    data = send(session, Command(0xB0, ins, p1, p2, le=length), name).data
    if len(data) != length:
        raise DataError("answer-length", command=name, length=len(data))
    return data


def _is_day(day: str) -> bool:
    if len(day) != 4 or not (day.isascii() and day.isdigit()):
        return False
    month, number = int(day[:2]), int(day[2:])
    return 1 <= month <= 12 and 1 <= number <= (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
