"""SELECT and GET RESPONSE (Part 5 §6.6, §6.11)."""

from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Case, Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.tree import MF_FID, Directory
from shebaoka.spec import sw

_NEXT = 0x02


def select(chip: Chip, request: Request) -> bytes:
    """By name (P1 04), EF by identifier (02), MF or DF by identifier (00). The FCI, or nothing for an EF."""
    data = request.data
    chip.session.transaction = None
    if request.p1 == 0x04:
        if not 5 <= len(data) <= 16:
            raise CardError(sw.LENGTH)
        return _enter(chip, _by_name(chip, data, request.p2 == _NEXT))
    if request.p1 == 0x02:
        if len(data) != 2:
            raise CardError(sw.LENGTH)
        return _select_file(chip, int.from_bytes(data))
    if len(data) not in (0, 2):
        raise CardError(sw.LENGTH)
    fid = int.from_bytes(data) if data else MF_FID
    directory = _by_fid(chip, fid)
    if directory is not None:
        return _enter(chip, directory)
    if chip.profile.select_ef_p1_00:
        return _select_file(chip, fid)
    raise CardError(sw.FILE_NOT_FOUND)


def get_response(chip: Chip, request: Request) -> bytes:
    """What waits from the command before. Le 00 or too large: 6Cxx; nothing waiting: 6F00 (Part 5 §6.6.4)."""
    pending = chip.session.pending
    if not pending:
        raise CardError(sw.NO_DATA)
    le = request.le or 256
    if le > len(pending):
        raise CardError(0x6C00 | len(pending) & 0xFF)
    chip.session.pending = pending[le:]
    return pending[:le]


def _enter(chip: Chip, directory: Directory) -> bytes:
    chip.session.enter(directory)
    if directory.blocked in chip.state:
        raise CardError(sw.APPLICATION_BLOCKED)
    return directory.fci


def _select_file(chip: Chip, fid: int) -> bytes:
    directory = chip.session.directory
    if directory.blocked in chip.state:
        raise CardError(sw.APPLICATION_BLOCKED)
    file = directory.files.get(fid)
    if file is None:
        raise CardError(sw.FILE_NOT_FOUND)
    chip.session.set_file(file)
    return b""


def _by_fid(chip: Chip, fid: int) -> Directory | None:
    """MF; a DF in the current one or in its DDF; a DDF of the card."""
    if fid == MF_FID:
        return chip.tree.mf
    current = chip.session.directory
    for place in (current, current.ddf, chip.tree.mf):
        for directory in place.children:
            if directory.fid == fid:
                return directory
    return None


def _by_name(chip: Chip, name: bytes, following: bool) -> Directory:
    """The directory with this name; else the first, or the one after the current, whose name begins so."""
    candidates = [found for found in chip.tree.named(chip.session.directory.ddf) if found.name]
    if not following:
        for directory in candidates:
            if directory.name == name:
                return directory
    if not chip.profile.partial_name:
        raise CardError(sw.FILE_NOT_FOUND)
    matching = [directory for directory in candidates if directory.name.startswith(name)]
    current = chip.session.directory
    start = matching.index(current) + 1 if following and current in matching else 0
    if start >= len(matching):
        raise CardError(sw.FILE_NOT_FOUND)
    return matching[start]


SELECT = (
    Entry(
        "SELECT",
        0x00,
        0xA4,
        select,
        case=Case.INOUT,
        parameters=frozenset({0x0000, 0x0200, 0x0400, 0x0402}),
        lengths=range(17),
        while_blocked=True,
        source="Part 5 §6.11",
    ),
    Entry(
        "GET RESPONSE",
        0x00,
        0xC0,
        get_response,
        case=Case.OUT,
        keeps=True,
        continues=True,
        source="Part 5 §6.6",
    ),
)
