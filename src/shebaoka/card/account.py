"""The offline medical account (医疗保险金额文件): amounts and counters that only the COS changes (V2 §7)."""

import struct
from dataclasses import dataclass, replace
from typing import Final

from shebaoka.chip.chip import Chip
from shebaoka.chip.errors import CardError
from shebaoka.chip.tree import Directory, File
from shebaoka.chip.values import ACTIVATED, APPLICATION, Address
from shebaoka.spec import sw

_LAYOUT: Final = struct.Struct(">IHH2s2sBII")
SIZE: Final = _LAYOUT.size
FULL_LOG: Final = 28  # account, self-pay and pooled amounts; Part 7 §12
SHORT_LOG: Final = 20  # account amount only
LOG_SFI: Final = 0x08
MOST: Final = 0xFFFFFFFF
_PROOF_LAYOUT: Final = struct.Struct(">BH4s4s")


@dataclass(frozen=True, slots=True)
class Account:
    """Amounts in fen; ``year`` and ``start_day`` (mmdd) two bytes cn; totals of self-pay and pooled payments
    in that year; counters as the next INITIALIZE will answer them; ``log`` bytes of a log record."""

    balance: int
    loads: int
    purchases: int
    year: bytes
    start_day: bytes
    log: int
    self_pay: int
    pooled: int

    @property
    def full(self) -> bool:
        """Whether self-pay and pooled amounts are kept (log record of 28 bytes)."""
        return self.log == FULL_LOG

    def encode(self) -> bytes:
        """23 bytes, as PUT DATA 9F02 brings them."""
        return _LAYOUT.pack(
            self.balance,
            self.loads,
            self.purchases,
            self.year,
            self.start_day,
            self.log,
            self.self_pay,
            self.pooled,
        )

    def credited(self, amount: int) -> "Account":
        """After a load."""
        return replace(self, balance=self.balance + amount, loads=self.loads + 1)

    def debited(self, amounts: tuple[int, int, int], date: bytes) -> "Account":
        """After a consumption of account, self-pay and pooled amounts on ``date`` (cn YYYYMMDD).

        Part 7 §12.6 with decision K47: inside the settlement year the totals grow, after it they start anew.
        CardError 6985 for a date that is none, or a total that no longer fits.
        """
        account, self_pay, pooled = amounts
        after = replace(self, balance=self.balance - account, purchases=self.purchases + 1)
        if not self.full:
            return after
        day = number_of(date)
        if day - (number_of(self.year) * 10000 + number_of(self.start_day)) < 10000:
            self_pay, pooled = self.self_pay + self_pay, self.pooled + pooled
            if max(self_pay, pooled) > MOST:
                raise CardError(sw.CONDITIONS)
            return replace(after, self_pay=self_pay, pooled=pooled)
        year = day // 10000 - (day % 10000 < number_of(self.start_day))
        return replace(after, year=bytes.fromhex(f"{year:04d}"), self_pay=self_pay, pooled=pooled)


def decode(stored: bytes) -> Account:
    """Inverse of :meth:`Account.encode`."""
    return Account(*_LAYOUT.unpack(stored))


def number_of(digits: bytes) -> int:
    """The number in packed digits. CardError 6985 when it is none."""
    text = digits.hex()
    if not text.isdecimal():
        raise CardError(sw.CONDITIONS)
    return int(text)


def is_day(mmdd: bytes) -> bool:
    """Whether two bytes cn are a month and a day."""
    text = mmdd.hex()
    return text.isdecimal() and 1 <= int(text[:2]) <= 12 and 1 <= int(text[2:]) <= 31


def account_address(directory: Directory) -> Address:
    """Where the account of a DF is stored."""
    return (APPLICATION, directory.number, 1, 0)


def proof_address(directory: Directory) -> Address:
    """Where the last transaction proof is stored."""
    return (APPLICATION, directory.number, 2, 0)


def account_of(chip: Chip) -> Account:
    """The account of the current DF. CardError 6985 where there is none."""
    stored = chip.octets(account_address(chip.session.directory))
    if len(stored) != SIZE:
        raise CardError(sw.CONDITIONS)
    return decode(stored)


def log_file(chip: Chip, account: Account) -> File:
    """The log EF08 of the current DF. CardError 6985 when it does not fit the account."""
    file = chip.session.directory.by_sfi.get(LOG_SFI)
    if file is None or file.parameters.record_length != account.log:
        raise CardError(sw.CONDITIONS)
    return file


def encode_proof(kind: int, counter: int, mac: bytes, tac: bytes) -> bytes:
    """What GET TRANSACTION PROOF looks up: type, transaction counter, MAC 4, TAC 4."""
    return _PROOF_LAYOUT.pack(kind, counter, mac, tac)


def put_parameters(chip: Chip, data: bytes) -> None:
    """PUT DATA 9F02: set up the account of the current DF.

    CardError 6A80 for values that make no sense, or counters that go back on an activated card.
    """
    if len(data) != SIZE:
        raise CardError(sw.DATA)
    account = decode(data)
    if account.log not in (FULL_LOG, SHORT_LOG) or not account.year.hex().isdecimal():
        raise CardError(sw.DATA)
    if not is_day(account.start_day):
        raise CardError(sw.DATA)
    address = account_address(chip.session.directory)
    if ACTIVATED in chip.state and chip.octets(address):
        held = account_of(chip)
        if account.loads < held.loads or account.purchases < held.purchases:
            raise CardError(sw.DATA)
    chip.commit({address: data})
