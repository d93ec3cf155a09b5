"""READ BINARY and UPDATE BINARY (Part 5 §6.9, §6.12)."""

from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Case, Entry, Request
from shebaoka.chip.commands.secure import unwrap
from shebaoka.chip.errors import CardError
from shebaoka.chip.tree import File
from shebaoka.spec import sw


def read_binary(chip: Chip, request: Request) -> bytes:
    """Le bytes from an offset; Le 00: up to 256 or to the end. 6B00 behind the end, 6Cxx: Le too large."""
    file, offset = _target(chip, request)
    chip.require(file.read)
    content = chip.octets(file.content)
    rest = len(content) - offset
    if rest <= 0:
        raise CardError(sw.OFFSET)
    le = request.le or 256
    if le > rest and le != 256 and not chip.profile.lenient_le:
        raise CardError(0x6C00 | rest & 0xFF)
    _make_current(chip, file)
    return content[offset : offset + le]


def update_binary(chip: Chip, request: Request) -> bytes:
    """Write at an offset inside the file. 6B00 when the offset is behind the end, 6700 when the data is."""
    file, offset = _target(chip, request)
    chip.require(file.write)
    data = unwrap(chip, request)
    if not data:
        raise CardError(sw.LENGTH)
    content = chip.octets(file.content)
    if offset >= len(content):
        raise CardError(sw.OFFSET)
    if offset + len(data) > len(content):
        raise CardError(sw.LENGTH)
    chip.commit({file.content: content[:offset] + data + content[offset + len(data) :]})
    _make_current(chip, file)
    return b""


def _target(chip: Chip, request: Request) -> tuple[File, int]:
    """P1 ``100sssss``: SFI and 8-bit offset; else 15-bit offset in the current file (Part 5 T29, T41)."""
    p1 = request.p1
    file: File | None
    if p1 & 0x80:
        if p1 & 0x60:
            raise CardError(sw.P1P2)
        offset = request.p2
        file = chip.session.directory.by_sfi.get(p1 & 0x1F)
        if file is None:
            raise CardError(sw.FILE_NOT_FOUND)
    else:
        offset = p1 << 8 | request.p2
        file = chip.session.file
        if file is None:
            raise CardError(sw.NO_CURRENT_EF)
    if not file.transparent:
        raise CardError(sw.FILE_TYPE)
    return file, offset


def _make_current(chip: Chip, file: File) -> None:
    if file is not chip.session.file:
        chip.session.set_file(file)


BINARY = (
    Entry("READ BINARY", 0x00, 0xB0, read_binary, case=Case.OUT, parameters=None, source="Part 5 §6.9"),
    Entry(
        "UPDATE BINARY",
        0x00,
        0xD6,
        update_binary,
        parameters=None,
        lengths=range(1, 256),
        source="Part 5 §6.12",
    ),
    Entry(
        "UPDATE BINARY",
        0x04,
        0xD6,
        update_binary,
        parameters=None,
        lengths=range(1, 256),
        source="Part 5 §6.12",
    ),
)
