"""Files and their content: presence, lengths, tags, encodings, check digits, inner lengths (V2 §7, T9)."""

from shebaoka.codec.compatibility import is_first_generation, is_reused
from shebaoka.codec.items import encode_value
from shebaoka.spec.codes import labels
from shebaoka.spec.model import CardLayout, FileClass, FileLayout, Item, Structure
from shebaoka.terminal.check.identity import check_number
from shebaoka.terminal.check.model import Area, Notebook, Outcome
from shebaoka.terminal.content import FileReading, ItemReading
from shebaoka.terminal.reading import slots

_ITEMS = "V2 T9"
_UNEMPLOYMENT = (("DF02", 0xEF06), ("DF03", 0xEF05))  # tag 60 stands in exactly one of them (V2 §7)


def check_content(notes: Notebook, reading: FileReading, version: str) -> None:
    """One file as read."""
    place = f"{reading.directory} {reading.file.id}"
    before = len(notes.findings)
    match reading.file.structure:
        case Structure.TRANSPARENT:
            _check_size(notes, place, reading)
        case Structure.CYCLIC:
            _check_cyclic(notes, place, reading)
        case _:
            _check_records(notes, place, reading, version)
    if len(notes.findings) == before:
        notes.write(Area.RECORDS, Outcome.PASS, place, "check-content", _ITEMS, name=reading.file.name)


def check_once(notes: Notebook, readings: dict[tuple[str, int], FileReading]) -> None:
    """Tag 60 stands in exactly one of its two files, when both were read."""
    if all(key in readings for key in _UNEMPLOYMENT):
        found = [key for key in _UNEMPLOYMENT if readings[key].value(0x60) not in (None, "")]
        if len(found) > 1:
            places = tuple(f"{directory} {fid:04X}" for directory, fid in found)
            notes.write(
                Area.RECORDS, Outcome.FAIL, places[0], "check-tag-twice", "V2 §7", tag="60", names=places
            )


def readable(layout: CardLayout) -> list[tuple[str, FileLayout]]:
    """Every file with content for a terminal."""
    return [(d.id, f) for d in layout.directories for f in d.files if f.structure is not Structure.INTERNAL]


def _check_size(notes: Notebook, place: str, reading: FileReading) -> None:
    size, expected = len(reading.data), reading.file.size
    if expected and size != expected:
        outcome = Outcome.FAIL if size < expected else Outcome.NOTE
        notes.write(Area.RECORDS, outcome, place, "check-size-not", _ITEMS, length=size, expected=expected)


def _check_cyclic(notes: Notebook, place: str, reading: FileReading) -> None:
    for record in reading.records:
        if record.problem:
            where = f"{place} #{record.number}"
            notes.write(Area.RECORDS, Outcome.FAIL, where, "check-record-not", _ITEMS, reason=record.problem)
        for item in record.items:
            _check_value(notes, f"{place} #{record.number}", item)


def _check_records(notes: Notebook, place: str, reading: FileReading, version: str) -> None:
    first = is_first_generation(version)
    for record in reading.records:
        where = f"{place} #{record.number}"
        if record.problem:
            notes.write(
                Area.RECORDS,
                Outcome.NOTE if first else Outcome.FAIL,  # the first standard's items are not all known (K86)
                where,
                "check-record-not",
                _ITEMS,
                reason=record.problem,
            )
        for item in record.items:
            changed = first and is_reused(reading.directory, reading.file.fid, item.item.tag)
            if not changed:
                _check_length(notes, where, item, first)
                _check_value(notes, where, item)
            check_number(notes, where, reading.directory, reading.file.fid, item)
    _check_presence(notes, place, reading, first)


def _check_presence(notes: Notebook, place: str, reading: FileReading, first: bool) -> None:
    found = [item.item.tag for item in reading.items()]
    wanted = [item.tag for item in slots(reading.file)]
    lacking = sorted({f"{tag:02X}" for tag in wanted if found.count(tag) < wanted.count(tag)})
    extra = sorted({f"{tag:02X}" for tag in found if found.count(tag) > max(wanted.count(tag), 1)})
    live = reading.file.kind is FileClass.LIVE and not first
    if lacking:
        notes.write(
            Area.RECORDS,
            Outcome.FAIL if live else Outcome.NOTE,
            place,
            "check-tags-missing",
            _ITEMS,
            tags=tuple(lacking),
        )
    if extra:
        notes.write(Area.RECORDS, Outcome.FAIL, place, "check-tags-extra", _ITEMS, tags=tuple(extra))


def _check_length(notes: Notebook, where: str, reading: ItemReading, first: bool) -> None:
    length, expected = len(reading.raw), reading.item.length
    if length != expected:
        outcome = Outcome.NOTE if first else Outcome.FAIL
        notes.write(
            Area.RECORDS,
            outcome,
            f"{where} {reading.item.tag:02X}",
            "check-length-not",
            _ITEMS,
            length=length,
            expected=expected,
        )


def _check_value(notes: Notebook, where: str, reading: ItemReading) -> None:
    """Decodes, would be written the same way again, and its codes stand in their tables."""
    item = reading.item
    place = f"{where} {item.tag:02X}" if item.tag else where
    if reading.problem:
        notes.write(
            Area.RECORDS,
            Outcome.FAIL,
            place,
            "check-value-not",
            _ITEMS,
            name=item.name,
            reason=reading.problem,
        )
        return
    if reading.value in (None, "", {}) or not reading.raw.strip(b"\x00") or not reading.raw.strip(b"\xff"):
        return
    try:
        same = encode_value(item, reading.value) == reading.raw
    except ValueError as error:
        reason = str(error.__cause__ or error)
        notes.write(
            Area.RECORDS, Outcome.FAIL, place, "check-value-not", _ITEMS, name=item.name, reason=reason
        )
        return
    if not same and len(reading.raw) == item.length:
        notes.write(Area.RECORDS, Outcome.NOTE, place, "check-padding-not", "V2 §7", name=item.name)
    if isinstance(reading.value, str) and _has_table(item) and not labels(item, reading.value):
        table = item.codes or "+".join(part.codes for part in item.parts)
        notes.write(Area.RECORDS, Outcome.FAIL, place, "check-code-not", _ITEMS, name=item.name, table=table)


def _has_table(item: Item) -> bool:
    return item.codes is not None or bool(item.parts)
