"""What a batch has come to: counts, the return file, the stripe data."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shebaoka.codec.reset import build_atr
from shebaoka.personalization.mapping import PERSON_NUMBER
from shebaoka.personalization.report import refused_rows
from shebaoka.personalization.returns import ReturnLine, write_returns, write_stripes
from shebaoka.personalization.state import (
    RETURN,
    STRIPE,
    Progress,
    Settings,
    prepared_cards,
    progress,
    read_settings,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Cards of the batch by their state."""

    made: int
    failed: int
    open: int


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
            key_versions=(entry and entry.versions) or versions,
            date=entry.on.isoformat() if entry else "",
            remark=entry.reason if entry else "",
        )
    for row, what in refused_rows(directory):
        yield ReturnLine(row, "", "", "", "", "refused", "", "", "", what)
