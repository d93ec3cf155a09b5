"""Making the cards of a prepared batch: each once, whatever is killed and started again.

A card is made when its image (or the real card) is finished; the line in ``progress.bin`` follows. On
resuming, a card that was finished without a line only gets its line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from shebaoka.codec.reset import build_atr
from shebaoka.personalization.audit import AuditLog
from shebaoka.personalization.errors import LoadError, PersonalizationError
from shebaoka.personalization.journal import Appender
from shebaoka.personalization.load import ApplicationResult, Loader
from shebaoka.personalization.mapping import PERSON_NUMBER
from shebaoka.personalization.prepare import PreparedCard, chunks
from shebaoka.personalization.report import refused_rows
from shebaoka.personalization.returns import ReturnLine, write_returns, write_stripes
from shebaoka.personalization.state import (
    AUDIT,
    CARDS,
    PROGRESS,
    RETURN,
    STRIPE,
    Progress,
    Settings,
    locked,
    prepared_cards,
    progress,
    read_settings,
)
from shebaoka.personalization.supply import ImageSupply, Supply, check_folder, transport_cipher
from shebaoka.vault.model import Blocks, Vault

ATTEMPTS = 2
"""How often a card is tried on a blank chip before its row is marked failed."""

_CHUNK = 250  # cards whose keys are derived together

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Cards of the batch by their state."""

    made: int
    failed: int
    open: int


def now() -> datetime:
    """The time with its zone."""
    return datetime.now(UTC).astimezone()


def make_cards(
    directory: Path,
    vault: Vault,
    supply: Supply | None = None,
    *,
    progress_bar: Callable[[int, int], None] = lambda done, total: None,
    retry_failed: bool = True,
    passphrase: str | None = None,
    clock: Clock = now,
) -> Outcome:
    """Makes every card that is not made yet, then writes return file and stripe data.

    ``supply``: where chips come from, default images below ``cards/`` (sealed under ``passphrase`` if
    given); ``progress_bar`` is called with (cards ended, cards in all); ``retry_failed``: try failed cards
    again. Raises PersonalizationError when the directory is no prepared batch or the vault is another
    city's."""
    settings = read_settings(directory)
    if not settings.ready or settings.summary is None:
        raise PersonalizationError(f"{directory}: preparation was not completed; prepare the batch again")
    if vault.owner.code != settings.city_code:
        raise PersonalizationError(
            f"{directory}: the batch is {settings.city_name}'s, the vault {vault.owner}'s"
        )
    suite = settings.product.suite
    if supply is None:
        check_folder(directory / CARDS)
        supply = ImageSupply(directory / CARDS, suite, passphrase)
    layout = settings.layout()
    transport = transport_cipher(vault, suite)
    plan = settings.record_plan(layout)
    loader = Loader(layout, settings.entries(), settings.product, plan, vault, transport)
    with locked(directory):
        line = _Line(directory, settings.id, loader, supply, clock)
        ended = progress(directory)
        total = settings.summary.good
        done = sum(1 for entry in ended.values() if entry.status == "made" or not retry_failed)
        progress_bar(done, total)
        waiting = (
            card
            for card in prepared_cards(directory)
            if card.serial not in ended or (retry_failed and ended[card.serial].status == "failed")
        )
        try:
            for cards in chunks(waiting, _CHUNK):
                for card, blocks in zip(cards, loader.blocks(cards), strict=True):
                    line.make(card, blocks)
                    done += 1
                    progress_bar(done, total)
        finally:
            line.close()
        return write_files(directory)


def write_files(directory: Path) -> Outcome:
    """``return.csv`` and, for composite cards, ``stripe.csv``, from what is known now."""
    settings = read_settings(directory)
    layout = settings.layout()
    position = settings.record_plan(layout).index[PERSON_NUMBER]
    ended = progress(directory)
    versions = f"1-{max(entry.versions for entry in settings.entries())}"
    write_returns(directory / RETURN, _return_lines(directory, settings, ended, position, versions))
    if settings.product.stripe_until is not None:
        stripes = ((card.row, card.card_number, card.stripe) for card in prepared_cards(directory))
        write_stripes(directory / STRIPE, stripes)
    made = sum(1 for entry in ended.values() if entry.status == "made")
    total = settings.summary.good if settings.summary else 0
    return Outcome(made, len(ended) - made, total - len(ended))


class _Line:
    """The production line: one card after the other."""

    def __init__(self, directory: Path, batch: str, loader: Loader, supply: Supply, clock: Clock) -> None:
        self._loader = loader
        self._supply = supply
        self._clock = clock
        self._progress = Appender(directory / PROGRESS)
        self._audit = AuditLog(directory / AUDIT, batch, clock)

    def make(self, card: PreparedCard, blocks: Blocks) -> None:
        """Makes one card, or notes why not."""
        try:
            if self._supply.holds(card):
                self._end(card, "made")
                return
            results = self._attempts(card, blocks)
        except LoadError as error:
            self._audit.failed(card, str(error))
            self._end(card, "failed", str(error))
            return
        self._audit.made(card, results, len(self._loader.keys.slots))
        self._end(card, "made")

    def close(self) -> None:
        """Closes progress and audit."""
        self._progress.close()
        self._audit.close()

    def _attempts(self, card: PreparedCard, blocks: Blocks) -> list[ApplicationResult]:
        for attempt in range(1, ATTEMPTS + 1):
            reader = self._supply.blank(card)
            try:
                results = self._loader.load(reader, card, blocks)
                self._supply.finish(card, reader)
            except LoadError:
                self._supply.abandon(reader)
                if attempt == ATTEMPTS:
                    raise
                continue
            except BaseException:
                reader.close()
                raise
            return results
        raise AssertionError("unreachable")

    def _end(self, card: PreparedCard, status: Literal["made", "failed"], reason: str = "") -> None:
        entry = Progress(card.serial, status, self._clock().date(), reason)
        self._progress.append(msgspec.msgpack.encode(entry))


def _return_lines(
    directory: Path, settings: Settings, ended: dict[int, Progress], position: int, versions: str
) -> Iterator[ReturnLine]:
    for card in prepared_cards(directory):
        entry = ended.get(card.serial)
        yield ReturnLine(
            row=card.row,
            number=card.records[position][2:].rstrip(b"\x00").decode("ascii"),
            card_number=card.card_number,
            identification_code=card.identification.hex().upper(),
            atr=build_atr(card.historical).hex().upper(),
            status=entry.status if entry else "open",
            algorithm=settings.product.algorithm,
            key_versions=versions,
            date=entry.on.isoformat() if entry else "",
            remark=entry.reason if entry else "",
        )
    for row, what in refused_rows(directory):
        yield ReturnLine(row, "", "", "", "", "refused", "", "", "", what)
