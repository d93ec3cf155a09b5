"""READ RECORD and UPDATE RECORD (Part 5 §6.10, §6.13)."""

from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Case, Entry, Request
from shebaoka.chip.commands.secure import unwrap
from shebaoka.chip.errors import CardError
from shebaoka.chip.parameters import CYCLIC, FIXED, VARIABLE
from shebaoka.chip.tree import File
from shebaoka.spec import sw

_FIRST, _LAST, _NEXT, _PREVIOUS, _NUMBER, _TO_LAST, _FROM_LAST = range(7)
_LARGEST = 256


def read_record(chip: Chip, request: Request) -> bytes:
    """One record by number or identifier, or a run of records. Le 00 or another length: 6Cxx (decision K35).

    Record 1 of a cyclic file is the newest. A run stops before it would exceed 256 bytes.
    """
    file = _target(chip, request)
    if request.p1 == 0xFF or request.p2 & 7 > _FROM_LAST:
        raise CardError(sw.P1P2)
    chip.require(file.read)
    records = chip.records(file.content)
    mode = request.p2 & 7
    current = chip.session.record if file is chip.session.file else -1
    if mode >= _NUMBER:
        index = request.p1 - 1 if request.p1 else current
    else:
        index = _search(records, request.p1, mode, current, file)
    if not 0 <= index < len(records):
        raise CardError(sw.RECORD_NOT_FOUND)
    data = records[index] if mode <= _NUMBER else _run(records, index, mode)
    data = _fit(chip, request, data)
    if file is not chip.session.file:
        chip.session.set_file(file)
    if mode < _NUMBER:
        chip.session.record = index
    return data


def update_record(chip: Chip, request: Request) -> bytes:
    """Replace a record or append one: linear behind the last, cyclic as the newest (K37, K38, K94)."""
    file = _target(chip, request)
    mode = request.p2 & 7
    if mode > _NUMBER or request.p1 == 0xFF:
        raise CardError(sw.P1P2)
    cyclic = file.structure == CYCLIC
    chip.require(file.write)
    if cyclic and mode != _PREVIOUS:
        raise CardError(sw.FILE_TYPE)
    data = unwrap(chip, request)
    if not data:
        raise CardError(sw.LENGTH)
    records = chip.records(file.content)
    if cyclic:
        changed, index = append_cyclic(file, records, data), 0
    else:
        index = _place(chip, request, records, file)
        changed = put_linear(file, records, index, data, request.p1 if mode < _NUMBER else 0)
    chip.commit({file.content: changed})
    if file is not chip.session.file:
        chip.session.set_file(file)
    if mode < _NUMBER or not request.p1:
        chip.session.record = index
    return b""


def append_cyclic(file: File, records: tuple[bytes, ...], data: bytes) -> tuple[bytes, ...]:
    """The records with ``data`` as record 1; the oldest gives way. CardError 6700 for a wrong length."""
    if len(data) != file.parameters.record_length:
        raise CardError(sw.LENGTH)
    return (data, *records[: file.parameters.records - 1])


def put_linear(
    file: File, records: tuple[bytes, ...], index: int, data: bytes, identifier: int = 0
) -> tuple[bytes, ...]:
    """The records with ``data`` at ``index``, or appended when that is just behind the last.

    CardError 6A85 when ``tag len value`` does not fit, the tag is not ``identifier`` or not that of the
    record replaced; 6A83 for a gap; 6A84 when the file is full.
    """
    if len(data) < 2 or data[1] != len(data) - 2 or (identifier and data[0] != identifier):
        raise CardError(sw.LC_TLV)
    if index > len(records):
        raise CardError(sw.RECORD_NOT_FOUND)
    if index < len(records) and records[index][0] != data[0]:
        raise CardError(sw.LC_TLV)
    changed = (*records[:index], data, *records[index + 1 :])
    parameters = file.parameters
    if file.structure == VARIABLE and (sum(map(len, changed)) > parameters.size or len(changed) > 254):
        raise CardError(sw.NO_SPACE)
    if file.structure == FIXED and (
        len(data) > parameters.record_length or len(changed) > parameters.records
    ):
        raise CardError(sw.NO_SPACE)
    return changed


def _target(chip: Chip, request: Request) -> File:
    """The file of the SFI in P2, or the current one. CardError 6A82, 6986, 6981."""
    sfi = request.p2 >> 3
    file = chip.session.directory.by_sfi.get(sfi) if sfi else chip.session.file
    if file is None:
        raise CardError(sw.FILE_NOT_FOUND if sfi else sw.NO_CURRENT_EF)
    if not file.record:
        raise CardError(sw.FILE_TYPE)
    return file


def _place(chip: Chip, request: Request, records: tuple[bytes, ...], file: File) -> int:
    """Index that UPDATE RECORD means; behind the last when the identifier is not there (Part 5 §6.13.1)."""
    current = chip.session.record if file is chip.session.file else -1
    if request.p2 & 7 == _NUMBER:
        index = request.p1 - 1 if request.p1 else current
        if index < 0:
            raise CardError(sw.RECORD_NOT_FOUND)
        return index
    index = _search(records, request.p1, request.p2 & 7, current, file)
    return index if index >= 0 else len(records)


def _search(records: tuple[bytes, ...], identifier: int, mode: int, current: int, file: File) -> int:
    """Index of the first, last, next or previous record with the identifier (00: any), -1 when there is none.

    Without current record, next means first and previous means last. Cyclic records have no identifier.
    """
    forward = mode in (_FIRST, _NEXT)
    start, stop = (0, len(records)) if forward else (len(records) - 1, -1)
    if current >= 0 and mode == _NEXT:
        start = current + 1
    elif current >= 0 and mode == _PREVIOUS:
        start = current - 1
    tagged = file.structure != CYCLIC
    for index in range(start, stop, 1 if forward else -1):
        if not identifier or (tagged and records[index][0] == identifier):
            return index
    return -1


def _run(records: tuple[bytes, ...], index: int, mode: int) -> bytes:
    """From the record to the last, or from the last back to it: whole records, at most 256 bytes."""
    run = records[index:] if mode == _TO_LAST else records[index:][::-1]
    data = b""
    for record in run:
        if len(data) + len(record) > _LARGEST:
            break
        data += record
    return data


def _fit(chip: Chip, request: Request, data: bytes) -> bytes:
    """Check Le against the length found."""
    if request.le == len(data) or (request.le == 256 and chip.profile.lenient_le):
        return data
    if chip.profile.partial_record_read and request.le is not None and request.le < len(data):
        return data[: request.le]
    raise CardError(0x6C00 | len(data) & 0xFF)


_DATA = range(1, 256)
RECORDS = (
    Entry("READ RECORD", 0x00, 0xB2, read_record, case=Case.OUT, parameters=None, source="Part 5 §6.10"),
    Entry("UPDATE RECORD", 0x00, 0xDC, update_record, parameters=None, lengths=_DATA, source="Part 5 §6.13"),
    Entry("UPDATE RECORD", 0x04, 0xDC, update_record, parameters=None, lengths=_DATA, source="Part 5 §6.13"),
)
