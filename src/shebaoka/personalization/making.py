"""Making the cards of a prepared batch: each once, whatever is killed and started again.

A card is made when its image (or the real card) is finished; the line in ``progress.bin`` follows. On
resuming, a card that was finished without a line only gets its line."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from shebaoka.personalization.batch_keys import add_keys
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.load import Loader
from shebaoka.personalization.outcome import Outcome, write_files
from shebaoka.personalization.prepare import PreparedCard, chunks
from shebaoka.personalization.production import ProductionLine
from shebaoka.personalization.state import CARDS, explained, locked, prepared_cards, progress, read_settings
from shebaoka.personalization.supply import (
    ImageSupply,
    Supply,
    check_folder,
    check_simulated,
    transport_cipher,
)
from shebaoka.personalization.workers import cores, in_workers
from shebaoka.vault.catalogue import ISSUER_MAC
from shebaoka.vault.model import Vault

__all__ = ["Outcome", "make_cards", "now", "write_files"]

_CHUNK = 50  # cards whose keys are derived together, and the share a worker takes at a time

Clock = Callable[[], datetime]


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
    workers: int | None = None,
    clock: Clock = now,
) -> Outcome:
    """Makes every card that is not made yet, then writes return file and stripe data.

    ``supply``: where chips come from, default images below ``cards/`` (sealed under ``passphrase`` if
    given); ``progress_bar`` is called with (cards ended, cards in all); ``retry_failed``: try failed cards
    again; ``workers``: processes, by default one for each core for images and one for a ``supply``. Raises
    PersonalizationError when the directory is no prepared batch, the vault is another city's, or the stripe
    of a composite card has ended since."""
    settings = read_settings(directory)
    if not settings.ready or settings.summary is None:
        raise PersonalizationError(f"{directory}: preparation was not completed; prepare the batch again")
    if vault.owner.code != settings.city_code:
        raise PersonalizationError(
            f"{directory}: the batch is {settings.city_name}'s, the vault {vault.owner}'s"
        )
    settings.product.check(clock().date())
    suite = settings.product.suite
    transport = transport_cipher(vault, suite, settings.transport)
    if supply is not None and (workers or 1) > 1:
        raise PersonalizationError("real cards are made one after the other; use one worker")
    if supply is not None:
        workers = 1
    else:
        check_simulated(transport)
        check_folder(directory / CARDS)
        supply = ImageSupply(directory / CARDS, suite, passphrase, settings.product.interface)
    layout = settings.layout()
    plan = settings.record_plan(layout)
    loader = Loader(layout, settings.entries(), settings.product, plan, vault, transport)
    with explained(directory), locked(directory):
        add_keys(directory, (*loader.keys.handles, vault.find(ISSUER_MAC, 1, suite)))
        line = ProductionLine(directory, settings.id, loader, supply, clock)
        ended = progress(directory)
        total = settings.summary.good
        done = sum(1 for entry in ended.values() if entry.status == "made" or not retry_failed)
        progress_bar(done, total)
        crew = max(1, min(workers or cores(), -(-(total - done) // _CHUNK)))

        def waiting() -> Iterator[PreparedCard]:
            for card in prepared_cards(directory):
                entry = ended.get(card.serial)
                if entry is None or (retry_failed and entry.status == "failed"):
                    yield card

        def work(worker: int) -> Iterator[None]:
            for number, cards in enumerate(chunks(waiting(), _CHUNK)):
                if number % crew == worker:
                    for card, blocks in zip(cards, loader.blocks(cards), strict=True):
                        line.make(card, blocks)
                        yield

        def step() -> None:
            nonlocal done
            done += 1
            progress_bar(done, total)

        try:
            in_workers(crew, work, step)
        finally:
            line.close()
        return write_files(directory)
