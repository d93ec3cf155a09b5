"""Loading one card (Part 10 §5.2, §5.4): structure and keys, records under their keys, read-back, activation.

Nothing secret crosses the reader in the clear: keys and PIN travel wrapped under the transport key, every
key is proved by authentication data that the vault computes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.factors import card_factor
from shebaoka.crypto.formulas import authentication_data, session_key
from shebaoka.personalization.cardkeys import CardKeys, versions_in_use
from shebaoka.personalization.errors import LoadError
from shebaoka.personalization.plan import Plan, finish_plan, master_header
from shebaoka.personalization.prepare import PreparedCard
from shebaoka.personalization.product import CardProduct
from shebaoka.personalization.steps import StructureError
from shebaoka.personalization.structure import PIN_SLOT, Versions, card_plan, catalogue_versions
from shebaoka.personalization.targets import RecordPlan
from shebaoka.personalization.updates import DirectoryRoute, UpdatePlan, Write, read_back
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.reader.exchange import follow
from shebaoka.spec.model import CardLayout, KeyEntry
from shebaoka.spec.status_words import describe
from shebaoka.vault.model import Blocks, Vault

REPEATS = 2
"""How often a refused item is repeated alone before the card is given up (Part 10 §5.4.3)."""

_CHALLENGE = bytes.fromhex("0084000008")
_ORIGINAL = bytes(8)  # any eight bytes: the challenge makes the proof fresh
_OK = b"\x90\x00"


@dataclass(slots=True)
class ApplicationResult:
    """What was done in one directory: records written, records read back equal, places repeated alone."""

    id: str
    written: int = 0
    verified: int = 0
    repeated: list[str] = field(default_factory=list)


class Loader:
    """Loads cards of one product with one city's keys, through any reader.

    ``transport``: cipher of the blank chips' transport key. Raises PersonalizationError when the vault
    lacks a key or a place of ``records`` cannot be written."""

    def __init__(
        self,
        layout: CardLayout,
        entries: Sequence[KeyEntry],
        product: CardProduct,
        records: RecordPlan,
        vault: Vault,
        transport: BlockCipher,
    ) -> None:
        self._tree = structure_plan(layout, entries, product, versions_in_use(vault, product.suite))
        self._finish = finish_plan(master_header(product.suite))
        self._updates = UpdatePlan(layout, records)
        self._identifiers = {
            entry.name: entry.identifier for entry in entries if entry.identifier is not None
        }
        self._transport = transport
        self.keys = CardKeys.of(vault, self._tree.slots + self._finish.slots, product.suite)

    def blocks(self, cards: Sequence[PreparedCard]) -> Blocks:
        """[N, K, 16] wrapped keys for a chunk of cards, derived in bulk inside the vault."""
        return self.keys.blocks([card_factor(card.historical) for card in cards], self._transport)

    def load(self, reader: Reader, card: PreparedCard, blocks: Blocks) -> list[ApplicationResult]:
        """Makes the card of the blank chip in ``reader``, which has been reset. ``blocks``: its [K, 16] keys.

        Raises LoadError at the first thing that cannot be done; the chip then still obeys its transport key.
        """
        slots = self.keys.by_slot(blocks) | {PIN_SLOT: card.pin}
        contents = self._updates.blank_contents(card.records)
        try:
            self._tree.run(reader, self._transport, slots, contents, card.medical)
            writer = _Writer(reader, self.keys, self._identifiers, card_factor(card.historical))
            results = [writer.directory(route, self._updates, card) for route in self._updates.directories]
            self._finish.run(reader, self._transport, slots)
        except StructureError as error:
            raise LoadError(str(error)) from error
        except ReaderError as error:
            raise LoadError(f"the chip stopped answering: {error}") from error
        return results


def structure_plan(
    layout: CardLayout,
    entries: Sequence[KeyEntry],
    product: CardProduct,
    versions: Versions = catalogue_versions,
) -> Plan:
    """Pre-personalization of a product, without activation and the card's own master key. ``versions``: of
    each key that the card gets."""
    return card_plan(
        layout,
        entries,
        product.suite,
        versions=versions,
        try_limit=lambda name: product.key_limit,
        pin_limit=product.pin_limit,
        fci_algorithm=product.fci_algorithm,
        log_record=product.log_record_length,
        activate=False,
    )


class _Writer:
    """Writes and verifies the directories of one card."""

    def __init__(self, reader: Reader, keys: CardKeys, identifiers: dict[str, int], factor: bytes) -> None:
        self._reader = reader
        self._keys = keys
        self._identifiers = identifiers
        self._factor = factor
        self._proved: set[str] = set()

    def directory(self, route: DirectoryRoute, updates: UpdatePlan, card: PreparedCard) -> ApplicationResult:
        result = ApplicationResult(route.directory.id)
        work = [(file, updates.writes(file, card.records)) for file in route.files]
        work = [(file, writes) for file, writes in work if writes]
        if not work:
            return result
        self._expect(follow(self._reader, route.select), f"SELECT {route.directory.id}")
        self._proved.clear()
        for file, writes in work:
            self._prove(file.writers)
            for write in writes:
                self._write(write, file.writers, result)
        for file, writes in work:
            if file.readers is None:
                continue
            self._prove(file.readers)
            for command, expected, place in read_back(file, writes):
                answer = self._reader.transmit(command)
                if answer[:-2] != expected and command[1] != 0xA4:
                    raise LoadError(f"{place.text}: reads back otherwise than written ({_word(answer)})")
            result.verified += len(writes)
        return result

    def _write(self, write: Write, writers: tuple[str, ...], result: ApplicationResult) -> None:
        for attempt in range(REPEATS + 1):
            answer = self._send(write)
            if answer == _OK or answer[:1] == b"\x63":  # 63Cx: done after x attempts (Part 7 §7.5)
                result.written += 1
                if attempt:
                    result.repeated.append(write.place.text)
                return
            self._proved.difference_update(writers)
            self._prove(writers)
        raise LoadError(f"{write.place.text}: cannot be written, {_word(answer)}")

    def _send(self, write: Write) -> bytes:
        answer = b""
        for command in write.commands:
            answer = self._reader.transmit(command)[-2:]
            if answer != _OK:
                break
        return answer

    def _prove(self, names: tuple[str, ...]) -> None:
        for name in names:
            if name in self._proved:
                continue
            challenge = self._reader.transmit(_CHALLENGE)
            self._expect(challenge, "GET CHALLENGE")
            session = session_key(self._keys.cipher(name, self._factor), challenge[:-2])
            proof = authentication_data(session, _ORIGINAL) + _ORIGINAL
            header = bytes((0x00, 0x82, 0x00, self._identifiers[name], 0x10))
            self._expect(self._reader.transmit(header + proof), f"EXTERNAL AUTHENTICATION with {name}")
            self._proved.add(name)

    @staticmethod
    def _expect(answer: bytes, what: str) -> None:
        if answer[-2:] != _OK:
            raise LoadError(f"{what}: {_word(answer)}")


def _word(answer: bytes) -> str:
    word = describe(int.from_bytes(answer[-2:]))
    return f"the chip answered {answer[-2:].hex().upper()} ({word.meaning.en})"
