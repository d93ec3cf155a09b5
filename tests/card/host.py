"""The other side of the medical account: host and PSAM as formulas."""

from dataclasses import dataclass

from chip.build import AID, Algorithm, Loader, apdu, card, card_key
from shebaoka.chip.profile import STRICT, Profile
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.medical import (
    load_mac1,
    load_mac2,
    load_session,
    load_tac,
    purchase_mac1,
    purchase_mac2,
    purchase_session,
    purchase_tac,
)

DF04 = AID[:-1] + b"\x03"
TERMINAL = bytes.fromhex("650100000001")
TIME = bytes.fromhex("20160102030405")


def account(
    balance: int = 0,
    loads: int = 1,
    purchases: int = 1,
    year: str = "2016",
    start: str = "0101",
    log: int = 28,
    self_pay: int = 0,
    pooled: int = 0,
) -> bytes:
    """Parameters of PUT DATA 9F02."""
    counters = loads.to_bytes(2) + purchases.to_bytes(2)
    head = balance.to_bytes(4) + counters + bytes.fromhex(year + start) + bytes((log,))
    return head + self_pay.to_bytes(4) + pooled.to_bytes(4)


def medical(
    algorithm: Algorithm, parameters: bytes, *, pin: bool = True, profile: Profile = STRICT
) -> Loader:
    """A card with DF04 selected and the PIN verified."""
    loader = card(algorithm, account=parameters, profile=profile)
    loader.select(DF04)
    if pin:
        loader.ok("0020000003123456")
    return loader


@dataclass
class Host:
    """Drives transactions and checks every value the card gives."""

    loader: Loader
    kind_load: int = 0x31
    kind_purchase: int = 0x32

    def key(self, name: str) -> BlockCipher:
        return card_key(name, self.loader.algorithm)

    def start_load(self, amount: int, index: int = 1) -> tuple[int, bytes]:
        """INITIALIZE FOR LOAD; counter and the CREDIT command that completes it."""
        answer = self.loader.ok(apdu(0xB0, 0x28, 0, 1, bytes((index,)) + amount.to_bytes(4) + TERMINAL, 0x10))
        balance, counter = int.from_bytes(answer[:4]), int.from_bytes(answer[4:6])
        assert answer[6:8] == bytes((1, self.loader.algorithm.fci or 0))
        session = load_session(self.key("DLK"), answer[8:12], counter)
        assert answer[12:] == load_mac1(session, balance, amount, self.kind_load, TERMINAL)
        mac2 = load_mac2(session, amount, self.kind_load, TERMINAL, TIME)
        return counter, apdu(0xB0, 0x2A, 0, 0, TIME + mac2, 4)

    def load(self, amount: int) -> bytes:
        """A whole load; its TAC."""
        counter, credit = self.start_load(amount)
        tac = self.loader.ok(credit)
        expected = load_tac(self.key("DTK"), self.balance(), counter, amount, self.kind_load, TERMINAL, TIME)
        assert tac == expected
        return tac

    def start_purchase(
        self, amounts: tuple[int, int, int], sequence: int = 5, time: bytes = TIME
    ) -> tuple[int, bytes, bytes]:
        """INITIALIZE FOR PURCHASE; counter, the DEBIT command that completes it, and its expected answer."""
        fields = b"".join(amount.to_bytes(4) for amount in amounts)
        answer = self.loader.ok(apdu(0xB0, 0x28, 1, 1, b"\x01" + fields + TERMINAL, 0x16))
        assert len(answer) == 22
        counter = int.from_bytes(answer[14:16])
        session = purchase_session(self.key("DPK"), answer[18:], counter, sequence)
        mac1 = purchase_mac1(session, amounts, self.kind_purchase, TERMINAL, time)
        tac = purchase_tac(self.key("DTK"), amounts, self.kind_purchase, TERMINAL, sequence, time)
        debit = apdu(0xB0, 0x2C, 1, 0, sequence.to_bytes(4) + time + mac1, 8)
        return counter, debit, tac + purchase_mac2(session, amounts)

    def purchase(self, amounts: tuple[int, int, int], sequence: int = 5, time: bytes = TIME) -> int:
        """A whole consumption; its counter."""
        counter, debit, expected = self.start_purchase(amounts, sequence, time)
        assert self.loader.ok(debit) == expected
        return counter

    def balance(self) -> int:
        return int.from_bytes(self.loader.ok("B026000104"))

    def totals(self) -> tuple[int, int, str]:
        """Self-pay, pooled, year."""
        self_pay, pooled = self.loader.ok("B026000206"), self.loader.ok("B026000306")
        assert self_pay[4:] == pooled[4:]
        return int.from_bytes(self_pay[:4]), int.from_bytes(pooled[:4]), pooled[4:].hex()

    def log(self, number: int) -> bytes:
        size = self.loader.chip.session.directory.by_sfi[8].parameters.record_length
        return self.loader.ok(bytes((0, 0xB2, number, 0x44, size)))
