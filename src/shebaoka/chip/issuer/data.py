"""PUT DATA: historical bytes, raw content of files before activation, and what an application adds."""

from shebaoka.chip.access import MASTER_RIGHT
from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Entry, Request
from shebaoka.chip.commands.records import append_cyclic, put_linear
from shebaoka.chip.errors import CardError
from shebaoka.chip.parameters import CYCLIC
from shebaoka.chip.values import ACTIVATED, HISTORICAL, Value
from shebaoka.spec import sw

HISTORICAL_TAG = 0x9F01
RAW_TAG = 0x9F7F


def put_data(chip: Chip, request: Request) -> bytes:
    """P1P2 = tag. CardError 6A88 for an unknown tag, 6A80 for data that does not fit it."""
    chip.require_right(MASTER_RIGHT)
    tag = request.p1 << 8 | request.p2
    if tag == RAW_TAG:
        _put_raw(chip, request.data)
    elif tag == HISTORICAL_TAG:
        if len(request.data) != 13:
            raise CardError(sw.DATA)
        chip.commit({HISTORICAL: request.data})
    else:
        store = chip.application.data_objects.get(tag)
        if store is None:
            raise CardError(sw.KEY_NOT_FOUND)
        store(chip, request.data)
    return b""


def _put_raw(chip: Chip, data: bytes) -> None:
    """Append to the current EF whatever its write rule, until the card is activated."""
    if ACTIVATED in chip.state:
        raise CardError(sw.SECURITY)
    file = chip.session.file
    if file is None:
        raise CardError(sw.NO_CURRENT_EF)
    changed: Value
    if file.transparent:
        content, start = chip.octets(file.content), chip.session.fill
        if start + len(data) > len(content):
            raise CardError(sw.NO_SPACE)
        changed = content[:start] + data + content[start + len(data) :]
    elif not file.record:
        raise CardError(sw.FILE_TYPE)
    else:
        records = chip.records(file.content)
        if file.structure == CYCLIC:
            changed = append_cyclic(file, records, data)
        else:
            changed = put_linear(file, records, len(records), data)
    chip.commit({file.content: changed})
    if file.transparent:
        chip.session.fill += len(data)


DATA = (
    Entry(
        "PUT DATA", 0x80, 0xDA, put_data, parameters=None, lengths=range(1, 256), source="issuer dialect 4"
    ),
)
