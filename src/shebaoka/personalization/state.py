"""What a batch directory says about itself: its settings, and how far its cards are."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.journal import frames
from shebaoka.personalization.prepare import PreparedCard
from shebaoka.personalization.product import CardProduct
from shebaoka.personalization.report import Summary
from shebaoka.personalization.returns import replaced
from shebaoka.personalization.targets import RecordPlan, parse_place
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import CardLayout, KeyEntry

SETTINGS, PREPARED, PROGRESS = "batch.json", "prepared.bin", "progress.bin"
PATIENCE = 100  # times 50 ms
CARDS, AUDIT, RETURN, STRIPE = "cards", "audit.jsonl", "return.csv", "stripe.csv"
HELD = "faces-held.csv"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``batch.json``. ``places``: what the records of a prepared card are, by position; ``source``: name of
    the list; ``transport``: version of the blanks' transport key, under which PINs and keys are wrapped;
    ``ready``: whether preparation is complete."""

    id: str
    city_code: str
    city_name: str
    product: CardProduct
    extensions: tuple[str, ...]
    issued: date
    source: str
    transport: int = 1
    places: tuple[str, ...] = ()
    summary: Summary | None = None
    ready: bool = False

    def layout(self) -> CardLayout:
        """The card layout with the city's extensions."""
        return card_layout(self.product.layout, self._extensions(), self.product.annex)

    def entries(self) -> tuple[KeyEntry, ...]:
        """The key catalogue of that layout."""
        return key_catalogue(self.product.layout, self._extensions(), self.product.annex)

    def _extensions(self) -> list[Path]:
        return [Path(path) for path in self.extensions]

    def record_plan(self, layout: CardLayout) -> RecordPlan:
        """The places of the records. Raises PersonalizationError when the layout no longer has them."""
        named = [parse_place(layout, text) for text in self.places]
        plan = RecordPlan.of(layout, named)
        if tuple(place.text for place in plan.places) != self.places:
            raise PersonalizationError(
                "the card layout has changed since the batch was prepared; prepare it again"
            )
        return plan


class Progress(msgspec.Struct, array_like=True, frozen=True):
    """A line of ``progress.bin``: how a card ended. ``versions``: of its keys, ``1-3``."""

    serial: int
    status: Literal["made", "failed"]
    on: date
    reason: str = ""
    versions: str = ""


def read_settings(directory: Path) -> Settings:
    """Raises PersonalizationError when the directory is no batch."""
    path = directory / SETTINGS
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings)
    except OSError as error:
        raise PersonalizationError(
            f"{directory}: no batch here ({error.strerror}); prepare one first"
        ) from None
    except msgspec.MsgspecError as error:
        raise PersonalizationError(f"{path}: damaged: {error}") from None


def write_settings(directory: Path, settings: Settings) -> None:
    """Replaces ``batch.json`` in one step."""
    with replaced(directory / SETTINGS, "utf-8") as file:
        file.write(msgspec.json.format(msgspec.json.encode(settings)).decode() + "\n")


def prepared_cards(directory: Path) -> Iterator[PreparedCard]:
    """The cards of a ready batch in order. Raises PersonalizationError when some are missing or damaged."""
    path, summary = directory / PREPARED, read_settings(directory).summary
    decoder = msgspec.msgpack.Decoder(PreparedCard)
    count = 0
    try:
        for payload in frames(path):
            yield decoder.decode(payload)
            count += 1
    except (OSError, msgspec.MsgspecError) as error:
        raise PersonalizationError(f"{path}: cannot be read: {error}; restore it from its backup") from None
    if summary is None or count != summary.good:
        expected = summary.good if summary else 0
        raise PersonalizationError(
            f"{path}: {count} of {expected} cards are readable; restore it from its backup"
        )


def progress(directory: Path) -> dict[int, Progress]:
    """The last word on every card that was begun, by serial."""
    path = directory / PROGRESS
    if not path.exists():
        return {}
    decoder = msgspec.msgpack.Decoder(Progress)
    lines = map(decoder.decode, frames(path))
    return {line.serial: line for line in lines}


@contextmanager
def explained(directory: Path) -> Iterator[None]:
    """Turns a full disk and the like into a PersonalizationError that names the batch."""
    try:
        yield
    except OSError as error:
        if error.errno is None:  # not from the operating system: a reader's
            raise
        where = error.filename or directory
        raise PersonalizationError(
            f"{where}: cannot be written: {error.strerror}; then start again"
        ) from error


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Only one process at a time works on a batch. Raises PersonalizationError when another does; the
    workers of a killed one are given a moment to end."""
    descriptor = os.open(directory / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            for waited in range(PATIENCE + 1):
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except OSError:
                    if waited == PATIENCE:
                        raise
                    time.sleep(0.05)
        except OSError:
            raise PersonalizationError(
                f"{directory}: another process works on this batch; wait for it"
            ) from None
        yield
    finally:
        os.close(descriptor)
