"""What the card says and what the registry says, side by side."""

from dataclasses import dataclass, field

from django.utils.translation import get_language

from shebaoka.codec.items import ItemError
from shebaoka.office.cards.chip.changes import RecordChange, records
from shebaoka.office.cards.chip.sessions import session_with
from shebaoka.office.cards.models import Card
from shebaoka.office.people.card_items import card_items
from shebaoka.personalization.convert import CellError
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.reader.base import Reader
from shebaoka.spec.model import Structure
from shebaoka.terminal.errors import NoCardError, TerminalError
from shebaoka.terminal.keys import KeySource
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.session import Session
from shebaoka.terminal.updating import written


@dataclass(frozen=True, slots=True)
class Line:
    """A record: its name, what the registry wants there, what the chip holds, whether that is the same;
    ``waiting``: an update is on its way; ``problem``: why it cannot be compared."""

    place: str
    name: str
    registry: str = field(repr=False)
    chip: str = field(repr=False)
    same: bool
    waiting: bool = False
    problem: str = ""


def compare(card: Card, reader: Reader, keys: KeySource | None = None) -> list[Line]:
    """Every record that the registry has a word for, in the order of the card. Raises Refusal as
    :func:`session_with`."""
    registry = card_items(card.person) if card.person is not None else {}
    waiting = set(card.updates.filter(status="waiting").values_list("place", flat=True))
    with session_with(card, reader, keys) as session:
        known = [place for place in (*registry, *waiting) if _has(session, place)]
        found = records(session.layout, known, registry, {})
        lines = [_line(session, text, each) for text, each in found.items()]
    return [
        Line(
            line.place,
            line.name,
            line.registry,
            line.chip,
            line.same,
            waiting=any(each == line.place or each.startswith(f"{line.place}.") for each in waiting)
            or ("name" in waiting and line.place.startswith("SSSE.EF06.")),
            problem=line.problem,
        )
        for line in lines
    ]


def _has(session: Session, place: str) -> bool:
    try:
        records(session.layout, [place], {}, {})
    except (PersonalizationError, ValueError):
        return False
    return True


def _line(session: Session, text: str, record: RecordChange) -> Line:
    place = record.place
    called = place.item.name if place.item is not None and place.item.tag else place.file.name
    name = called.zh if (get_language() or "").startswith("zh") else called.en
    wanted = ", ".join(value for value in record.texts.values() if value)
    try:
        change = record.change()
        if place.file.structure is Structure.TRANSPARENT:
            wanted = f"{len(change.data or b'')} B"
        same = written(session, [change]) == [True]
        return Line(text, name, wanted, wanted if same else _shown(session, record), same)
    except NoCardError:
        raise
    except (TerminalError, CellError, ItemError, OSError, ValueError) as error:
        return Line(text, name, wanted, "", False, problem=str(error))


def _shown(session: Session, record: RecordChange) -> str:
    place = record.place
    reading = read_file(session, place.directory.id, place.file.fid)
    if place.file.structure is Structure.TRANSPARENT:
        return f"{len(reading.data.rstrip(bytes(1)))} B"
    if place.file.structure is Structure.CYCLIC:
        items = [item for each in reading.records[:1] for item in each.items]
    else:
        items = [item for each in reading.records if each.number == place.number for item in each.items]
    return ", ".join(item.shown() for item in items)
