"""The terminal transaction sequence (终端交易序号), EF 0019: last number used (Part 9 §5.4, K62)."""

from typing import Final

from shebaoka.chip.chip import Chip
from shebaoka.chip.errors import CardError
from shebaoka.chip.tree import File
from shebaoka.chip.values import ACTIVATED
from shebaoka.spec import sw

SEQUENCE_FID: Final = 0x0019
_SIZE = 4
_MOST = 0xFFFFFFFF


def next_sequence(chip: Chip) -> bytes:
    """The next number, stored before it is given out: it never comes again. CardError 6985 at the end."""
    file = _file(chip)
    last = int.from_bytes(chip.octets(file.content))
    if last == _MOST:
        raise CardError(sw.CONDITIONS)
    number = (last + 1).to_bytes(_SIZE)
    chip.commit({file.content: number})
    return number


def put_sequence(chip: Chip, data: bytes) -> None:
    """PUT DATA 9F03: the last number used. CardError 6A80 for another length than four.

    On an activated PSAM also for a smaller number than the one it has: numbers never come again.
    """
    file = _file(chip)
    if len(data) != _SIZE or (ACTIVATED in chip.state and data < chip.octets(file.content)):
        raise CardError(sw.DATA)
    chip.commit({file.content: data})


def _file(chip: Chip) -> File:
    file = chip.session.directory.files.get(SEQUENCE_FID)
    if file is None or not file.transparent or file.parameters.size != _SIZE:
        raise CardError(sw.CONDITIONS)
    return file


PSAM_DATA_OBJECTS = {0x9F03: put_sequence}
