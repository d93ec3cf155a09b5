"""The sample card (样卡) of a key ceremony: do the new keys work on a chip, not only in the vault?

Every key is diversified down to a card, loaded into a blank card wrapped under its transport key, as for a
card of a citizen, and proved to it by EXTERNAL AUTHENTICATION. A key the card got otherwise than the vault
computes it is refused with 63Cx. A chip has one cipher: the keys of each cipher get a card of their own."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shebaoka.card.card import blank_card
from shebaoka.chip.store import MemoryStore
from shebaoka.codec.reset import historical_bytes
from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.crypto.factors import card_factor, city_factor, province_factor
from shebaoka.crypto.formulas import authentication_data, session_key
from shebaoka.personalization.dialect import OPEN, IssuerDialect, KeyFunction, KeyHeader
from shebaoka.reader.base import Reader
from shebaoka.reader.exchange import follow
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.blanks import Blank, blank_cipher
from shebaoka.vault.ceremony.problems import problem
from shebaoka.vault.ceremony.prompts import Confirm, Talk
from shebaoka.vault.ceremony.samples import ProvedCard, SampleKind, SampleResult
from shebaoka.vault.ceremony.script import OPERATOR, CeremonyError, Source
from shebaoka.vault.ceremony.selection import Planned
from shebaoka.vault.ceremony.words import words
from shebaoka.vault.model import KeyHandle, Level, Vault

_SUITES = (Algorithm.TDES, Algorithm.SM4)
_CITY = "980100"  # an invented city stands below nation and province
_IDENTIFIER = 0x01
_ORIGINAL = bytes(8)
_CHALLENGE = bytes.fromhex("0084000008")
_SELECT_MF = bytes.fromhex("00A40000")
_HISTORICAL = bytes.fromhex("0081543001869880530102") + bytes(2)


class SimulatedSample:
    """Simulated cards with a transport key drawn here: for tests and rehearsals."""

    kind = SampleKind.SIMULATED

    def prepare(self, vault: Vault, planned: Sequence[Planned]) -> None:
        """Raises VaultError for a vault that wraps no keys under a foreign key, as strict ones do."""
        for suite in _SUITES:
            _rehearse(vault, planned, suite, SoftwareCipher(suite, os.urandom(16)))

    def prove(self, vault: Vault, handles: Sequence[KeyHandle]) -> Talk[SampleResult]:
        """Raises CeremonyError naming the first key a card does not accept."""
        yield from ()
        historical = _HISTORICAL[:-2] + os.urandom(2)
        proved = []
        for suite, keys in _by_suite(handles):
            transport = os.urandom(16)
            chip = blank_card(MemoryStore(), historical=historical, algorithm=suite, transport_key=transport)
            reader = InProcessReader(chip)
            reader.reset()
            card = _Card(reader, SoftwareCipher(suite, transport), historical)
            card.open()
            card.prove_all(vault, keys)
            proved.append(card.proved(suite, len(keys)))
        return SampleResult(SampleKind.SIMULATED, tuple(proved))


@dataclass(frozen=True)
class Slot:
    """A reader by its ``name``, opened when the card lies in it."""

    name: str
    open: Callable[[], Reader]


class ReaderSample:
    """Real blank cards, one for each cipher in ``slots``; they obey the transport key of blank cards in the
    vault and are erased before and after."""

    kind = SampleKind.CARD

    def __init__(
        self,
        slots: Mapping[Algorithm, Slot],
        *,
        transport_version: int | None = None,
        dialect: IssuerDialect = OPEN,
    ) -> None:
        self._slots = slots
        self._version = transport_version
        self._dialect = dialect

    def prepare(self, vault: Vault, planned: Sequence[Planned]) -> None:
        """Raises CeremonyError for a cipher without a reader, VaultError when the vault lacks the transport
        key or cannot wrap under it."""
        for suite in _SUITES:
            if any(_of(suite, each.definition.algorithm) for each in planned):
                if suite not in self._slots:
                    option = f"--sample-{suite.label.lower()}"
                    raise CeremonyError(problem("no-reader", cipher=suite.label, option=option))
                _rehearse(vault, planned, suite, self._master(vault, suite))

    def prove(self, vault: Vault, handles: Sequence[KeyHandle]) -> Talk[SampleResult]:
        """Asks for each card. Raises CeremonyError naming the first key a card does not accept, ReaderError
        when it does not answer; what was loaded is erased if the card still obeys."""
        proved = []
        for suite, keys in _by_suite(handles):
            slot = self._slots[suite]
            text = words("sample-insert", cipher=suite.label, reader=slot.name)
            yield Confirm(f"sample.insert-{suite.label}", OPERATOR, text)
            reader = slot.open()
            with contextlib.closing(reader):
                proved.append(self._prove(reader, vault, suite, keys))
        return SampleResult(SampleKind.CARD, tuple(proved))

    def _prove(self, reader: Reader, vault: Vault, suite: Algorithm, keys: Sequence[KeyHandle]) -> ProvedCard:
        historical = historical_bytes(reader.reset())
        card = _Card(reader, self._master(vault, suite), historical, self._dialect)
        card.open()
        card.erase()
        try:
            card.open()
            card.prove_all(vault, keys)
        except BaseException:
            with contextlib.suppress(ValueError, OSError):
                reader.reset()
                card.open()
                card.erase()
            raise
        card.open()
        card.erase()
        return card.proved(suite, len(keys))

    def _master(self, vault: Vault, suite: Algorithm) -> BlockCipher:
        return blank_cipher(vault, Blank.CARD, suite, self._version)


@dataclass(frozen=True)
class _Card:
    """A sample card in a reader; ``master``: its transport key; ``historical``: bytes of its ATR."""

    reader: Reader
    master: BlockCipher
    historical: bytes
    dialect: IssuerDialect = OPEN

    def open(self) -> None:
        """The rights of the transport key at the MF."""
        self._send(_SELECT_MF, "the sample card has no MF")
        command = self.dialect.authenticate(self.master, self._draw())
        self._send(command, "the sample card refuses its transport key")

    def erase(self) -> None:
        """Everything below the MF is gone."""
        self._send(self.dialect.delete_structure(), "the sample card is not erased, destroy it")

    def prove_all(self, vault: Vault, handles: Sequence[KeyHandle]) -> None:
        """Loads and proves one key after the other, in one place."""
        for number, handle in enumerate(handles):
            factors = _factors(handle, self.historical)
            self._load(vault, handle, factors, replace=number > 0)
            key = session_key(vault.cipher(handle, *factors), self._draw())
            proof = authentication_data(key, _ORIGINAL)
            command = bytes((0x00, 0x82, 0x00, _IDENTIFIER, 16)) + proof + _ORIGINAL
            self._send(command, f"the sample card does not accept {handle}")

    def proved(self, suite: Algorithm, keys: int) -> ProvedCard:
        """What is told of it."""
        return ProvedCard(suite.label, card_factor(self.historical).hex().upper(), keys)

    def _load(self, vault: Vault, handle: KeyHandle, factors: Sequence[bytes], *, replace: bool) -> None:
        header = KeyHeader(KeyFunction.EXTERNAL, _IDENTIFIER, 1, handle.algorithm).encode()
        entry = header + vault.wrap_for_chip(handle, factors, self.master)
        command = self.dialect.write_keys(self.master, self._draw(), [entry], replace=replace)
        self._send(command, f"{handle} cannot be loaded into the sample card")

    def _draw(self) -> bytes:
        return follow(self.reader, _CHALLENGE)[:-2]

    def _send(self, command: bytes, problem: str) -> None:
        answer = follow(self.reader, command)
        if answer[-2:] != b"\x90\x00":
            raise CeremonyError(f"{problem}: {answer[-2:].hex().upper()}")


def _rehearse(vault: Vault, planned: Sequence[Planned], suite: Algorithm, master: BlockCipher) -> None:
    """A key like the first one of the suite is made, wrapped and forgotten, before anybody is called into
    the room. Raises VaultError."""
    first = next((each for each in planned if _of(suite, each.definition.algorithm)), None)
    if first is None:
        return
    try:
        if first.source is Source.DEVICE:
            handle = vault.generate(first.definition)
        else:
            parts = [vault.random(first.definition.algorithm.key_size) for _ in range(2)]
            handle = vault.generate_from_components(first.definition, parts)
        vault.wrap_for_chip(handle, _factors(handle, _HISTORICAL), master)
    finally:
        vault.discard()


def _by_suite(handles: Sequence[KeyHandle]) -> Iterator[tuple[Algorithm, list[KeyHandle]]]:
    for suite in _SUITES:
        keys = [handle for handle in handles if _of(suite, handle.algorithm)]
        if keys:
            yield suite, keys


def _of(suite: Algorithm, algorithm: Algorithm) -> bool:
    return algorithm.block_size == suite.block_size


def _factors(handle: KeyHandle, historical: bytes) -> list[bytes]:
    steps = [province_factor(_CITY), city_factor(_CITY), card_factor(historical)]
    return steps[list(Level).index(handle.level) :]
