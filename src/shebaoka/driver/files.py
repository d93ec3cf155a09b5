"""iReadCard, iWriteCard: items of files, by addresses like ``DF01EF05|20|21|$``."""

from collections.abc import Sequence

from shebaoka.driver import strings
from shebaoka.driver.errors import INPUT, PARAMETER, DriverError, code_of_word
from shebaoka.driver.strings import FileItems
from shebaoka.driver.texts import to_text, to_value
from shebaoka.driver.work import Equipment, proven
from shebaoka.spec import sw
from shebaoka.spec.model import FileLayout, Structure
from shebaoka.terminal.content import FileReading
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.rights import Route
from shebaoka.terminal.session import Session, find_file
from shebaoka.terminal.updating import Change, update

_ROUTES = {1: Route.PIN, 2: Route.KEY}


def read_card(equipment: Equipment, card_type: int, proof: int, card: str, address: str) -> str:
    """The values of all files of ``address`` in its skeleton. ``proof``: 1 PIN, 2 keys of the PSAM; ``card``:
    pCardInfo. Raises DriverError, TerminalError."""
    route = _ROUTES.get(proof)
    if route is None:
        raise DriverError(PARAMETER, f"(iAuthType {proof})")
    wanted = strings.files(address)
    with proven(equipment, card_type, strings.card_info(card)) as session:
        return "".join(
            read_items(session, file, code=_code(equipment, session, file, route), route=route)
            for file in wanted
        )


def write_card(equipment: Equipment, card_type: int, card: str, address: str, data: str) -> str:
    """Write all items in order under the update keys of the PSAM; it stops at the first error. Every value is
    checked before anything is sent. Gives an empty string. Raises DriverError, TerminalError."""
    wanted = strings.files(address)
    values = strings.written_values(data, wanted)
    with proven(equipment, card_type, strings.card_info(card)) as session:
        update(session, changes(session, wanted, values))
    return ""


def read_items(
    session: Session, file: FileItems, *, code: str | None = None, route: Route = Route.ANY
) -> str:
    """One file of an answer. A record that the card does not have is -27267, as its status word 6A83."""
    reading = read_file(session, file.directory, file.fid, code=code, route=route)
    match reading.file.structure:
        case Structure.TRANSPARENT:
            values = [reading.data.hex().upper()]
        case Structure.CYCLIC:
            values = [_numbered(reading, number) for number in file.items]
        case _:
            values = [_tagged(reading, file.items, place) for place in range(len(file.items))]
    return strings.file_values(file, values)


def changes(session: Session, wanted: Sequence[FileItems], values: Sequence[Sequence[str]]) -> list[Change]:
    """What to write, every value checked. Raises DriverError, TerminalError."""
    return [
        change
        for file, texts in zip(wanted, values, strict=True)
        for change in _changes(find_file(session.layout, file.directory, file.fid), file, texts)
    ]


def _changes(layout: FileLayout, file: FileItems, texts: Sequence[str]) -> list[Change]:
    if layout.structure is Structure.TRANSPARENT:
        [text] = texts
        data = strings.octets(text, len(text) // 2, file.name)
        return [Change(file.directory, file.fid, data=data)]
    if layout.structure is Structure.CYCLIC or not file.items:
        raise DriverError(INPUT, f"({file.name})")
    found = []
    for place, (tag, text) in enumerate(zip(file.items, texts, strict=True)):
        item = next((item for item in layout.items if item.tag == tag), None)
        if item is None:
            raise DriverError(code_of_word(sw.RECORD_NOT_FOUND), f"({file.name} {tag:02X})")
        occurrence = file.items[: place + 1].count(tag)
        found.append(Change(file.directory, file.fid, tag, to_value(item, text), occurrence))
    return found


def _code(equipment: Equipment, session: Session, file: FileItems, route: Route) -> str | None:
    layout = find_file(session.layout, file.directory, file.fid)
    return equipment.code(session, layout.read_condition, route)


def _numbered(reading: FileReading, number: int) -> str:
    raw = next((record.raw for record in reading.records if record.number == number), None)
    if raw is None:
        raise DriverError(code_of_word(sw.RECORD_NOT_FOUND), f"({reading.file.id} {number:02X})")
    return raw.hex().upper()


def _tagged(reading: FileReading, tags: Sequence[int], place: int) -> str:
    tag = tags[place]
    found = [item for item in reading.items() if item.item.tag == tag]
    nth = tags[:place].count(tag)
    if len(found) <= nth:
        raise DriverError(code_of_word(sw.RECORD_NOT_FOUND), f"({reading.file.id} {tag:02X})")
    return to_text(found[nth].item, found[nth].raw)
