"""Query of application data (查询应用信息, Part 7 §6): whole files by every route."""

from collections.abc import Iterable
from dataclasses import replace

from shebaoka.codec.apdu import Command
from shebaoka.codec.compatibility import is_first_generation
from shebaoka.spec import sw
from shebaoka.spec.model import FileLayout, Item, Structure
from shebaoka.terminal.applications import directories
from shebaoka.terminal.content import FileReading, interpret
from shebaoka.terminal.errors import PinError, TerminalError
from shebaoka.terminal.rights import Route, fulfil
from shebaoka.terminal.session import Session, find_file, select, send, transmit

_MOST_RECORDS = 254  # FF is no record number
_MOST_BYTES = 0x8000  # 15-bit offset
_CHUNK = 256
_FIRST, _NEXT = 0x00, 0x02  # occurrence of a record identifier, from the current record


def read_file(
    session: Session, directory: str, fid: int, *, code: str | None = None, route: Route = Route.ANY
) -> FileReading:
    """Read and decode file ``fid`` (EF05h...) of ``directory`` (``SSSE``, ``DF01``...) as a whole.

    ``code``: the PIN when the holder gave it; ``route``: how to get access where there is a choice.
    Raises AccessError before reading when a right cannot be had, StatusWordError, PinError, KeySourceError.
    """
    file = find_file(session.layout, directory, fid)
    _open(session, directory, file, code, route)
    if file.structure is Structure.TRANSPARENT:
        return FileReading(directory, file, data=read_transparent(session, file))
    raws = read_records(session, file)
    return FileReading(directory, file, interpret(session.version, directory, file, raws))


def read_item(
    session: Session, directory: str, fid: int, tag: int, *, code: str | None = None, route: Route = Route.ANY
) -> FileReading:
    """Only the records of one item, by its ``tag``, as often as it may occur; numbered by occurrence.

    Raises TerminalError when the layout has no such item in the file, and what :func:`read_file` raises.
    """
    file = find_file(session.layout, directory, fid)
    item = next((item for item in file.items if item.tag == tag and tag), None)
    if item is None:
        raise TerminalError("item-unknown", item=f"{tag:02X}", file=f"{directory} {file.id}", name=file.name)
    if is_first_generation(session.version):  # a reused tag is understood only beside the others (V2 App C)
        whole = read_file(session, directory, fid, code=code, route=route)
        return replace(whole, records=tuple(r for r in whole.records if r.raw[:1] == bytes((tag,))))
    _open(session, directory, file, code, route)
    raws = read_occurrences(session, file, item)
    return FileReading(directory, file, interpret(session.version, directory, file, raws))


def read_files(
    session: Session,
    files: Iterable[tuple[str, int]],
    *,
    code: str | None = None,
    route: Route = Route.ANY,
) -> tuple[dict[tuple[str, int], FileReading], dict[tuple[str, int], TerminalError]]:
    """Several files; what cannot be read is reported beside what can. A PinError ends it at once, so that no
    second try is spent."""
    read: dict[tuple[str, int], FileReading] = {}
    failed: dict[tuple[str, int], TerminalError] = {}
    for directory, fid in files:
        try:
            read[directory, fid] = read_file(session, directory, fid, code=code, route=route)
        except PinError:
            raise
        except TerminalError as error:
            failed[directory, fid] = error
    return read, failed


def all_files(session: Session) -> list[tuple[str, int]]:
    """Every readable file of the card's layout, in its order; of optional applications only when the card
    lists them. Raises StatusWordError, NoCardError."""
    return [
        (directory.id, file.fid)
        for directory in directories(session)
        for file in directory.files
        if file.structure is not Structure.INTERNAL and str(file.read_condition) != "never"
    ]


def _open(session: Session, directory: str, file: FileLayout, code: str | None, route: Route) -> None:
    select(session, directory)
    fulfil(session, file, file.read_condition, code=code, route=route)
    select_file(session, file)


def select_file(session: Session, file: FileLayout) -> None:
    """SELECT the EF in the current directory, with P1 = 02, or 00 for cards that know only that
    (decision K31). Raises StatusWordError."""
    data = file.fid.to_bytes(2)
    response = transmit(session.reader, Command(0x00, 0xA4, 0x02, 0x00, data))
    if response.sw in (sw.P1P2, sw.NOT_SUPPORTED):
        send(session, Command(0x00, 0xA4, 0x00, 0x00, data), "SELECT", file=file)
    elif response.sw != sw.OK:
        send(session, Command(0x00, 0xA4, 0x02, 0x00, data), "SELECT", file=file)


def read_records(session: Session, file: FileLayout) -> list[bytes]:
    """All records of the current file by number. The layout foretells the length; where the card knows
    better, 6Cxx corrects it."""
    records: list[bytes] = []
    expected = expected_lengths(file)
    for number in range(1, _MOST_RECORDS + 1):
        length = expected[number - 1] if number <= len(expected) else (file.record_length or _CHUNK)
        command = Command(0x00, 0xB2, number, 0x04, le=min(length, _CHUNK))
        response = send(session, command, "READ RECORD", file=file, accept=(sw.OK, sw.RECORD_NOT_FOUND))
        if response.sw == sw.RECORD_NOT_FOUND:
            break
        whole = _whole_length(file, response.data)
        if len(response.data) < whole <= _CHUNK:  # a card that gives the start of a record (decision K35)
            command = Command(0x00, 0xB2, number, 0x04, le=whole)
            response = send(session, command, "READ RECORD", file=file)
        records.append(response.data)
    return records


def read_occurrences(session: Session, file: FileLayout, item: Item) -> list[bytes]:
    """All records of ``item``: the first with its tag, then the next ones (Part 5 T32)."""
    records: list[bytes] = []
    for mode in (_FIRST, *[_NEXT] * (item.count - 1)):
        command = Command(0x00, 0xB2, item.tag, mode, le=item.length + 2)
        response = send(session, command, "READ RECORD", file=file, accept=(sw.OK, sw.RECORD_NOT_FOUND))
        if response.sw == sw.RECORD_NOT_FOUND:
            break
        records.append(response.data)
    return records


def read_transparent(session: Session, file: FileLayout) -> bytes:
    """The current transparent file from offset 0 to its end."""
    data = bytearray()
    while len(data) < _MOST_BYTES:
        command = Command(0x00, 0xB0, len(data) >> 8, len(data) & 0xFF, le=_CHUNK)
        response = send(session, command, "READ BINARY", file=file, accept=(sw.OK, sw.OFFSET))
        data += response.data
        if response.sw == sw.OFFSET or len(response.data) < _CHUNK:
            break
    return bytes(data)


def _whole_length(file: FileLayout, start: bytes) -> int:
    """Length of a record by its own length byte; records of a cyclic file have none."""
    return start[1] + 2 if file.structure is not Structure.CYCLIC and len(start) > 1 else len(start)


def slots(file: FileLayout) -> list[Item]:
    """The items of a record file in file order, each as often as it may occur (V2 T9)."""
    return [item for item in file.items for _ in range(item.count)]


def expected_lengths(file: FileLayout) -> list[int]:
    """Record lengths with tag and length, by record number, as the layout has them."""
    return [] if file.structure is Structure.CYCLIC else [item.length + 2 for item in slots(file)]
