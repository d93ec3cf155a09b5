"""The card under random commands, resets and cuts of power, against a model of what it owes."""

import os

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from card.host import DF04, TERMINAL, TIME, account
from chip.build import AID, SSSE, VARIANTS, Algorithm, apdu, build_card, card_key
from chip.commands import anything, near_misses
from chip.disk import FakeDisk
from chip.watch import Watch, journalled, tear
from shebaoka.card.account import account_address, decode, proof_address
from shebaoka.card.card import CARD, open_card
from shebaoka.chip.access import PIN_RIGHT
from shebaoka.chip.chip import PHASES
from shebaoka.chip.values import PIN_TRIES
from shebaoka.crypto.formulas import encrypt_data, mac, session_key
from shebaoka.crypto.medical import load_mac2, load_session, purchase_mac1, purchase_session

_BUILT = {algorithm: build_card(algorithm, account=account(balance=5000)) for algorithm in VARIANTS}
_PINS = st.sampled_from(["123456", "1234", "654321"])
LONG = os.environ.get("SHEBAOKA_LONG") == "1"
_TEAR = st.sampled_from([None, None, None, *PHASES])
_KEYS = {
    0x04: "UKSSSE",
    0x05: "BK",
    0x06: "PUK",
    0x0A: "RKSSSE",
    0x83: "UK1DF01",
    0x84: "UK2DF01",
    0x89: "DSK",
}
_SMALL = st.integers(0, 500)


class CardMachine(RuleBasedStateMachine):
    """Model: PIN and its tries, account, what the log must say. The watch checks every exchange besides."""

    @initialize(algorithm=st.sampled_from(VARIANTS))
    def insert(self, algorithm: Algorithm) -> None:
        disk = FakeDisk()
        self.card = Watch(open_card(journalled(_BUILT[algorithm], disk)), algorithm, disk)
        chip = self.card.chip
        self.ssse = next(found for found in chip.tree.directories.values() if found.name == SSSE)
        self.df04 = next(found for found in chip.tree.directories.values() if found.name == DF04)
        self.account = decode(chip.octets(account_address(self.df04)))
        self.card.send(apdu(0, 0xA4, 4, 0, SSSE))

    # Places.

    @rule(name=st.sampled_from([SSSE, AID, DF04]))
    def select(self, name: bytes) -> None:
        self.card.send(apdu(0, 0xA4, 4, 0, name))

    @rule()
    def reset(self) -> None:
        self.card.chip.reset()
        assert self.card.chip.session.rights == set()
        self.card.send(apdu(0, 0xA4, 4, 0, SSSE))

    # Noise.

    @rule(command=near_misses(CARD.commands), phase=_TEAR)
    def near_miss(self, command: bytes, phase: str | None) -> None:
        tear(self.card.chip, phase)
        self.card.send(command)

    @rule(command=anything())
    def nonsense(self, command: bytes) -> None:
        self.card.send(command)

    @rule(sfi=st.sampled_from([0x05, 0x06, 0x07, 0x08, 0x15, 0x16, 0x1E]), number=st.integers(0, 4))
    def read(self, sfi: int, number: int) -> None:
        for command in (bytes((0, 0xB2, number, sfi << 3 | 4, 0)), bytes((0, 0xB0, 0x80 | sfi, 0, 0))):
            answer, word = self.card.send(command)
            if word >> 8 == 0x6C:
                answer, word = self.card.send(command[:4] + bytes((word & 0xFF,)))
            file = self.card.chip.session.directory.by_sfi.get(sfi)
            if word == 0x9000:
                assert file is not None
                assert answer
                rights = self.card.chip.session.rights
                empty = not self.card.chip.octets(self.ssse.pin)
                assert any(term - ({PIN_RIGHT} if empty else set()) <= rights for term in file.read)

    @rule(value=st.integers(0, 9), right=st.booleans(), phase=_TEAR)
    def update(self, value: int, right: bool, phase: str | None) -> None:
        self.card.send(apdu(0, 0xA4, 4, 0, AID))
        if right and self.card.sw("0084000008") == 0x9000:
            self.card.authenticate(0x84, card_key("UK2DF01", self.card.algorithm))
        held = 0x84 in self.card.chip.session.rights
        tear(self.card.chip, phase)
        _, word = self.card.send(apdu(0, 0xDC, 1, 0x3C, bytes((0x29, 1, 0x30 + value))))
        assert word != 0x9000 or held

    # PIN and keys.

    @rule(pin=_PINS, phase=_TEAR)
    def verify(self, pin: str, phase: str | None) -> None:
        before = self.tries()
        stored = self.card.chip.octets(self.ssse.pin)
        tear(self.card.chip, phase)
        _, word = self.card.send(apdu(0, 0x20, 0, 0, bytes.fromhex(pin)))
        if word == 0x9000 and self.here():
            assert stored == bytes.fromhex(pin)
            assert before > 0
            assert self.tries() == 6
        elif word >> 4 == 0x63C:
            assert self.tries() == before - 1

    @rule(old=_PINS, new=_PINS, phase=_TEAR)
    def change(self, old: str, new: str, phase: str | None) -> None:
        stored, before = self.card.chip.octets(self.ssse.pin), self.tries()
        tear(self.card.chip, phase)
        _, word = self.card.send(apdu(0x80, 0x5E, 1, 0, bytes.fromhex(old + "FF" + new)))
        now = self.card.chip.octets(self.ssse.pin)
        assert now in (stored, bytes.fromhex(new))
        if word == 0x9000 or now != stored:
            assert stored == bytes.fromhex(old)
            assert before > 0

    @rule(
        identifier=st.sampled_from(sorted(_KEYS)), right=st.booleans(), version=st.sampled_from([None, 1, 2])
    )
    def authenticate(self, identifier: int, right: bool, version: int | None) -> None:
        name = _KEYS[identifier] if right else "RK1DF04"
        if self.card.sw("0084000008") == 0x9000:
            self.card.authenticate(identifier, card_key(name, self.card.algorithm), version)

    @rule(pin=_PINS, spoil=st.booleans(), puk=st.booleans(), phase=_TEAR)
    def reload(self, pin: str, spoil: bool, puk: bool, phase: str | None) -> None:
        if puk and self.card.sw("0084000008") == 0x9000:
            self.card.authenticate(0x06, card_key("PUK", self.card.algorithm))
        challenge, word = self.card.send("0084000008")
        if word != 0x9000:
            return
        session = session_key(card_key("STK", self.card.algorithm), challenge)
        data = encrypt_data(session, bytes.fromhex(pin))
        head = bytes((0x84, 0x24, 0, 1, len(data) + 4)) + data
        allowed = 0x06 in self.card.chip.session.rights
        tear(self.card.chip, phase)
        _, word = self.card.send(head + mac(session, head + (b"!" if spoil else b"")))
        assert word != 0x9000 or (allowed and not spoil and self.tries() == 6)

    # The account.

    @rule(amount=_SMALL, polite=st.booleans(), phase=_TEAR)
    def load(self, amount: int, polite: bool, phase: str | None) -> None:
        self.prepare(polite)
        answer, word = self.card.send(apdu(0xB0, 0x28, 0, 1, b"\x01" + amount.to_bytes(4) + TERMINAL))
        if word != 0x9000:
            return
        session = load_session(card_key("DLK", self.card.algorithm), answer[8:12], self.account.loads)
        tear(self.card.chip, phase)
        self.card.send(apdu(0xB0, 0x2A, 0, 0, TIME + load_mac2(session, amount, 0x31, TERMINAL, TIME)))
        self.settle(self.account.credited(amount), 0x31, self.account.loads, phase)

    @rule(
        amounts=st.tuples(_SMALL, _SMALL, _SMALL),
        year=st.sampled_from(["2015", "2016", "2017"]),
        polite=st.booleans(),
        phase=_TEAR,
    )
    def purchase(self, amounts: tuple[int, int, int], year: str, polite: bool, phase: str | None) -> None:
        self.prepare(polite)
        time = bytes.fromhex(year) + TIME[2:]
        fields = b"".join(amount.to_bytes(4) for amount in amounts)
        answer, word = self.card.send(apdu(0xB0, 0x28, 1, 1, b"\x01" + fields + TERMINAL))
        if word != 0x9000:
            return
        key = card_key("DPK", self.card.algorithm)
        session = purchase_session(key, answer[18:], self.account.purchases, 7)
        tear(self.card.chip, phase)
        mac1 = purchase_mac1(session, amounts, 0x32, TERMINAL, time)
        self.card.send(apdu(0xB0, 0x2C, 1, 0, (7).to_bytes(4) + time + mac1))
        self.settle(self.account.debited(amounts, time[:4]), 0x32, self.account.purchases, phase)

    def prepare(self, polite: bool) -> None:
        """Go to the account and present the right PIN, as a polite terminal does."""
        if polite:
            self.card.send(apdu(0, 0xA4, 4, 0, SSSE))
            self.card.send(apdu(0, 0xA4, 4, 0, DF04))
            self.card.send(apdu(0, 0x20, 0, 0, self.card.chip.octets(self.ssse.pin)))

    def settle(self, expected: object, kind: int, counter: int, phase: str | None) -> None:
        """The transaction is done, with log and proof, or the power went before."""
        chip = self.card.chip
        now = decode(chip.octets(account_address(self.df04)))
        if phase in ("before", "during"):
            assert now == self.account
            return
        assert now == expected
        self.account = now
        mark = counter.to_bytes(2)
        assert chip.records(self.df04.by_sfi[8].content)[0][:3] == mark + bytes((kind,))
        assert chip.octets(proof_address(self.df04))[:3] == bytes((kind,)) + mark

    @invariant()
    def account_is_as_the_model_says(self) -> None:
        if hasattr(self, "card"):
            now = decode(self.card.chip.octets(account_address(self.df04)))
            assert (now.balance, now.loads, now.purchases) == (
                self.account.balance,
                self.account.loads,
                self.account.purchases,
            )
            assert (now.self_pay, now.pooled, now.year) == (
                self.account.self_pay,
                self.account.pooled,
                self.account.year,
            )
            self.account = now  # the starting day may have moved

    @precondition(lambda self: self.card.torn > 0)
    @rule()
    def what_is_on_disk_is_what_is_in_memory(self) -> None:
        state = dict(self.card.chip.state)
        self.card.chip.store.recover()
        assert dict(self.card.chip.store.state) == state
        self.card.chip._torn = True
        self.card.chip.reset()

    def tries(self) -> int:
        return self.card.chip.number((PIN_TRIES, self.ssse.number, 0, 0))

    def here(self) -> bool:
        return self.card.chip.session.directory.ddf is self.ssse


TestCard = CardMachine.TestCase
TestCard.settings = settings(max_examples=3000 if LONG else 120, stateful_step_count=40, deadline=None)
