"""What stands in files: records, cyclic records, DIR and FCI, decoded by the layout."""

from shebaoka.codec import tlv
from shebaoka.codec.directory import DirectoryError, parse_record
from shebaoka.codec.display import show
from shebaoka.codec.fci import FciError, parse_fci
from shebaoka.codec.items import ItemError, RecordError, decode_cyclic, decode_record, decode_value
from shebaoka.codec.text import decode_an
from shebaoka.reader.trace.model import Detail
from shebaoka.reader.trace.view import View
from shebaoka.spec.model import FileLayout, Structure, Text

RECORD = Text("记录", "Record")
_ADDRESSED = Text("所指记录", "Addressed")
# P2 low bits of READ RECORD and UPDATE RECORD (Part 5 T32, T44); {0} is P1, a tag or a number.
_MODES = {
    0: "first with tag {0:02X}",
    1: "last with tag {0:02X}",
    2: "next with tag {0:02X}",
    3: "previous with tag {0:02X}",
    4: "number {0}",
    5: "from number {0} to the last",
    6: "from the last to number {0}",
}
_LONG = 32


def record_details(file: FileLayout | None, data: bytes) -> tuple[Detail, ...]:
    """One or more records as READ RECORD gives them or UPDATE RECORD takes them."""
    if file is None:
        return _unknown(data)
    if file.structure is Structure.CYCLIC:
        size = file.record_length
        whole = size and len(data) > size and len(data) % size == 0
        pieces = [data[i : i + size] for i in range(0, len(data), size)] if whole else [data]
        return tuple(detail for piece in pieces for detail in _cyclic(file, piece))
    return tuple(detail for piece in _split(data) for detail in _tagged(file, piece))


def addressed_record(view: View) -> Detail:
    """Which record the parameters mean."""
    form = (
        "appended" if (view.ins, view.p1, view.p2 & 0x07) == (0xDC, 0, 3) else _MODES.get(view.p2 & 0x07, "?")
    )
    return Detail(_ADDRESSED, form.format(view.p1))


def directory_details(data: bytes) -> tuple[Detail, ...]:
    """Records of the DIR file."""
    try:
        entries = parse_record(data)
    except DirectoryError:
        return _unknown(data)
    return tuple(
        Detail(Text("目录项", "Directory entry"), f"{show_name(entry.name)} {entry.label}".rstrip())
        for entry in entries
    )


def binary_details(file: FileLayout | None, offset: int, data: bytes) -> tuple[Detail, ...]:
    """A part of a transparent file; its items when it is the whole."""
    if file is not None and file.items and offset == 0 and len(data) == sum(i.length for i in file.items):
        pieces = _fields(file, data)
        if pieces is not None:
            return pieces
    text = data.hex().upper() if len(data) <= _LONG else f"{len(data)} bytes: {data[:16].hex().upper()}…"
    return (Detail(Text(f"偏移 {offset}", f"Offset {offset}"), text),)


def fci_details(data: bytes) -> tuple[Detail, ...]:
    """The answer of SELECT."""
    try:
        fci = parse_fci(data)
        algorithm = fci.algorithm.label if fci.algorithm_code is not None else ""
    except (FciError, ValueError):
        return _unknown(data)
    details = [Detail(Text("名称", "Name"), show_name(fci.name))]
    if fci.dir_sfi is not None:
        details.append(Detail(Text("目录文件短标识符", "SFI of DIR"), f"{fci.dir_sfi:02X}"))
    if algorithm:
        details.append(Detail(Text("算法", "Algorithm"), algorithm))
    return tuple(details)


def show_name(name: bytes) -> str:
    """A DF name: in hex, with its text when it is text."""
    if name.isascii() or name[:1] < b"\x30" or name[:1] > b"\x7a":
        return (
            name.decode("ascii")
            if name.isascii() and name.decode("ascii").isprintable()
            else name.hex().upper()
        )
    text = decode_an(name, lenient=True)
    return text if text.isprintable() else name.hex().upper()


def _fields(file: FileLayout, data: bytes) -> tuple[Detail, ...] | None:
    details, start = [], 0
    for item in file.items:
        try:
            value = decode_value(item, data[start : start + item.length])
        except ItemError:
            return None
        details.append(Detail(item.name, show(item, value)))
        start += item.length
    return tuple(details)


def _cyclic(file: FileLayout, record: bytes) -> tuple[Detail, ...]:
    try:
        values = decode_cyclic(file, record)
    except (RecordError, ItemError):
        return _unknown(record)
    named = ((item, values.get(item.name.en)) for item in file.items)
    return tuple(Detail(item.name, show(item, value)) for item, value in named if value is not None)


def _tagged(file: FileLayout, record: bytes) -> tuple[Detail, ...]:
    try:
        item, value = decode_record(file, record)
    except (RecordError, ItemError):
        return _unknown(record)
    return (
        Detail(Text(f"{item.tag:02X} {item.name.zh}", f"{item.tag:02X} {item.name.en}"), show(item, value)),
    )


def _split(data: bytes) -> list[bytes]:
    try:
        return [tlv.encode(tag, value) for tag, value in tlv.parse(data)]
    except ValueError:
        return [data]


def _unknown(data: bytes) -> tuple[Detail, ...]:
    return (Detail(RECORD, data.hex().upper()),) if data else ()
