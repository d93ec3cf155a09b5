"""Where blank chips come from and finished cards go: simulated ones saved as images, or real ones in a
reader."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from shebaoka.card.card import blank_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.codec.reset import historical_bytes
from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.personalization.dialect import HISTORICAL, OPEN, IssuerDialect
from shebaoka.personalization.errors import LoadError, PersonalizationError
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.personalization.prepare import PreparedCard
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.reader.exchange import follow
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.blanks import NAMES, Blank, blank_key
from shebaoka.vault.model import KeyDefinition, KeyHandle, KeyNotFoundError, Vault

TRANSPORT = NAMES[Blank.CARD]
"""Vault name of the transport key that all blank chips of a delivery share (Part 10 §5.1.1)."""

_OK = b"\x90\x00"
_CHALLENGE = bytes.fromhex("0084000008")
_SELECT_MF = bytes.fromhex("00A40000")


class Supply(Protocol):
    """Blank chips in, cards out."""

    def blank(self, card: PreparedCard) -> Reader:
        """A reader with a blank chip for this card, reset. Raises LoadError."""

    def holds(self, card: PreparedCard) -> bool:
        """Whether this very card was finished before a kill, so that it must not be made again."""

    def finish(self, card: PreparedCard, reader: Reader) -> None:
        """Takes the finished card. Raises LoadError."""

    def abandon(self, reader: Reader) -> None:
        """The card failed: erase the chip if it still obeys, and release it."""


def transport_key(vault: Vault, suite: Algorithm, version: int | None = None) -> KeyHandle:
    """The transport key of the blank chips: the vault's ``TRANSPORT`` key of this version, the live one when
    none is named, or, where it has none, the public TEST_ONLY key of simulated chips, which is then imported.
    Raises KeyNotFoundError for a production vault without, StateError when none is active."""
    try:
        return blank_key(vault, Blank.CARD, suite, version)
    except KeyNotFoundError:
        if vault.production or version not in (None, 1):
            raise
        definition = KeyDefinition(TRANSPORT, "transport", suite, exportable=False)
        return vault.import_test_key(definition, TEST_TRANSPORT_KEY)


def transport_cipher(vault: Vault, suite: Algorithm, version: int | None = None) -> BlockCipher:
    """The same as a cipher."""
    return vault.cipher(transport_key(vault, suite, version))


def check_simulated(transport: BlockCipher) -> None:
    """Raises PersonalizationError when simulated chips, which obey the public TEST_ONLY key, would not obey
    ``transport``."""
    suite = transport.algorithm
    block = bytes(suite.block_size)
    if transport.encrypt(block) != SoftwareCipher(suite, TEST_TRANSPORT_KEY).encrypt(block):
        raise PersonalizationError(
            f"the vault's {TRANSPORT} key is that of real chips, simulated ones do not obey it; "
            "make the cards in a reader"
        )


class ImageSupply:
    """Simulated chips; a finished card is an image file ``SERIAL.card``, written as a whole.

    Images are marked TEST_ONLY, or sealed when a ``passphrase`` is given. ``interface`` of the chips:
    contact, contactless or dual.
    """

    def __init__(
        self, folder: Path, suite: Algorithm, passphrase: str | None = None, interface: str = "dual"
    ) -> None:
        self._interface = interface
        self._folder = folder
        self._suite = suite
        self._passphrase = passphrase
        self._chip: Chip | None = None
        self._store = MemoryStore()

    def path(self, card: PreparedCard) -> Path:
        """Where the image of a card lies."""
        return self._folder / f"{card.serial:08d}.card"

    def blank(self, card: PreparedCard) -> Reader:
        """A new simulated chip."""
        self._store = MemoryStore()
        chip = blank_card(
            self._store,
            historical=card.historical,
            algorithm=self._suite,
            transport_key=TEST_TRANSPORT_KEY,
            interface=self._interface,
        )
        reader = InProcessReader(chip)
        reader.reset()
        return reader

    def holds(self, card: PreparedCard) -> bool:
        """An image is only ever put in place when its card is finished."""
        return self.path(card).exists()

    def finish(self, card: PreparedCard, reader: Reader) -> None:
        """Saves the image."""
        reader.close()
        try:
            self._store.save(self.path(card), self._passphrase)
        except OSError as error:
            raise LoadError(f"{self.path(card)}: cannot be written: {error.strerror}") from error

    def abandon(self, reader: Reader) -> None:
        """The chip is simply dropped."""
        reader.close()


class ReaderSupply:
    """Real cards in one reader. ``insert`` asks for the next blank card and returns when it lies in the
    reader; ``remove`` asks to take it out."""

    def __init__(
        self,
        reader: Reader,
        transport: BlockCipher,
        insert: Callable[[PreparedCard], None],
        remove: Callable[[], None],
        dialect: IssuerDialect = OPEN,
    ) -> None:
        self._reader = reader
        self._transport = transport
        self._insert = insert
        self._remove = remove
        self._dialect = dialect
        self._inserted = 0

    def holds(self, card: PreparedCard) -> bool:
        """Whether the card in the reader is this card, finished: its ATR and identification code say so."""
        self._insert(card)
        self._inserted = card.serial
        try:
            if historical_bytes(self._reader.reset()) != card.historical:
                return False
            follow(self._reader, b"\x00\xa4\x04\x00\x0f" + bytes.fromhex("7378312E73682EC9E7BBE1B1A3D5CF"))
            answer = self._reader.transmit(bytes.fromhex("00B2012C12"))
            return answer == b"\x01\x10" + card.identification + _OK and not self._obeys_transport()
        except (ReaderError, ValueError) as error:
            raise LoadError(f"the card in the reader does not answer: {error}") from error

    def blank(self, card: PreparedCard) -> Reader:
        """The card in the reader, erased if something was begun on it, with the historical bytes set."""
        if self._inserted != card.serial:
            self._insert(card)
            self._inserted = card.serial
        try:
            present = historical_bytes(self._reader.reset())
            self._command(self._prove(), "the transport key")
            self._command(self._dialect.delete_structure(), "DELETE STRUCTURE")
            if present != card.historical:
                self._command(_SELECT_MF, "SELECT MF")
                self._command(self._prove(), "the transport key")
                self._command(self._dialect.put_data(HISTORICAL, card.historical), "historical bytes")
            if historical_bytes(self._reader.reset()) != card.historical:
                raise LoadError("the chip does not take its historical bytes; put it aside")
        except (ReaderError, ValueError) as error:
            raise LoadError(f"the card in the reader does not answer: {error}") from error
        return self._reader

    def finish(self, card: PreparedCard, reader: Reader) -> None:
        """The card stays in the reader until it is taken out."""
        self._inserted = 0
        self._remove()

    def abandon(self, reader: Reader) -> None:
        """Erases what was begun, so that the chip can be used again."""
        try:
            reader.reset()
            if reader.transmit(self._prove())[-2:] == _OK:
                reader.transmit(self._dialect.delete_structure())
        except (ReaderError, LoadError):
            pass
        self._inserted = 0
        self._remove()

    def _obeys_transport(self) -> bool:
        return (
            self._reader.transmit(_SELECT_MF)[-2:] != b"" and self._reader.transmit(self._prove())[-2:] == _OK
        )

    def _prove(self) -> bytes:
        challenge = self._reader.transmit(_CHALLENGE)
        if challenge[-2:] != _OK:
            raise LoadError("the card in the reader gives no challenge; it is no blank chip")
        return self._dialect.authenticate(self._transport, challenge[:-2])

    def _command(self, command: bytes, what: str) -> None:
        answer = follow(self._reader, command)[-2:]
        if answer != _OK:
            raise LoadError(
                f"{what}: the card in the reader answers {answer.hex().upper()}; insert a blank one"
            )


def check_folder(folder: Path) -> None:
    """Makes the folder for images. Raises PersonalizationError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PersonalizationError(f"{folder}: cannot be made: {error.strerror}") from None
