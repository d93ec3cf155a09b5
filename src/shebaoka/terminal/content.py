"""What was read from a card: files, records, items, with what did not decode beside it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from shebaoka.codec.compatibility import decode_first_generation, is_first_generation, is_reused
from shebaoka.codec.display import Language, show
from shebaoka.codec.items import decode_value, split_record
from shebaoka.codec.tlv import TlvError, parse
from shebaoka.codec.values import Value
from shebaoka.spec.model import FileLayout, Item, Structure


@dataclass(frozen=True, slots=True)
class ItemReading:
    """One item: ``raw`` its value bytes, ``value`` decoded, or None with the ``problem`` in words."""

    item: Item
    raw: bytes = field(repr=False)
    value: Value = field(repr=False)
    problem: str = ""

    def shown(self, language: Language | None = None) -> str:
        """The value in one line, the bytes in hex when it did not decode."""
        return show(self.item, self.value, language) if not self.problem else self.raw.hex().upper()


@dataclass(frozen=True, slots=True)
class RecordReading:
    """Record ``number`` (from 1; of a cyclic file 1 is the newest), its bytes and items; ``problem`` when the
    record as a whole is malformed."""

    number: int
    raw: bytes = field(repr=False)
    items: tuple[ItemReading, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FileReading:
    """A file as read: records, or ``data`` of a transparent file."""

    directory: str
    file: FileLayout
    records: tuple[RecordReading, ...] = ()
    data: bytes = field(default=b"", repr=False)

    def items(self) -> Iterator[ItemReading]:
        """All items in file order."""
        for record in self.records:
            yield from record.items

    def value(self, tag: int) -> Value:
        """The decoded value of the first record with ``tag``; None when there is none."""
        return next((reading.value for reading in self.items() if reading.item.tag == tag), None)


def interpret(version: str, directory: str, file: FileLayout, raws: list[bytes]) -> tuple[RecordReading, ...]:
    """Decode the records ``raws`` of a file in card order. On a card of ``version`` 1.xx a tag may have been
    given its later meaning (V2 App C)."""
    if file.structure is Structure.CYCLIC:
        return tuple(_cyclic(file, number, raw) for number, raw in enumerate(raws, 1))
    values = _by_tag(raws) if is_first_generation(version) else None
    return tuple(_record(directory, file, number, raw, values) for number, raw in enumerate(raws, 1))


def decode(item: Item, raw: bytes) -> ItemReading:
    """Decode one value; a failure becomes its ``problem``."""
    try:
        return ItemReading(item, raw, decode_value(item, raw))
    except ValueError as error:
        return ItemReading(item, raw, None, str(error))


def _record(
    directory: str, file: FileLayout, number: int, raw: bytes, values: dict[int, bytes] | None
) -> RecordReading:
    tag = raw[0] if raw else 0
    try:
        if values is not None and is_reused(directory, file.fid, tag) and tag in values:
            item, value = decode_first_generation(directory, file.fid, tag, values[tag], values)
            return RecordReading(number, raw, (ItemReading(item, values[tag], value),))
        item, data = split_record(file, raw)
    except ValueError as error:
        return RecordReading(number, raw, (), str(error))
    return RecordReading(number, raw, (decode(item, data),))


def _cyclic(file: FileLayout, number: int, raw: bytes) -> RecordReading:
    items: list[ItemReading] = []
    offset = 0
    for item in file.items:
        if offset == len(raw):
            break
        items.append(decode(item, raw[offset : offset + item.length]))
        offset += item.length
    problem = f"{len(raw)} bytes instead of {file.record_length}" if offset != len(raw) else ""
    return RecordReading(number, raw, tuple(items), problem)


def _by_tag(raws: list[bytes]) -> dict[int, bytes]:
    values: dict[int, bytes] = {}
    for raw in raws:
        try:
            for tag, value in parse(raw):
                values.setdefault(tag, value)
        except TlvError:
            continue
    return values
