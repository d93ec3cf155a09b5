"""Update of application data by an operator (操作员更新, Part 7 §7) and online (持卡人联网更新, §8)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shebaoka.codec.apdu import Command
from shebaoka.codec.compatibility import (
    encode_for_first_generation,
    is_first_generation,
    is_reused,
)
from shebaoka.codec.items import encode_cyclic, encode_record
from shebaoka.codec.values import Value
from shebaoka.spec import sw
from shebaoka.spec.model import FileLayout, Structure
from shebaoka.terminal.errors import DataError, HostRefusedError, PartlyWrittenError, TerminalError
from shebaoka.terminal.factors import CardIdentity
from shebaoka.terminal.reading import read_file, select_file, slots
from shebaoka.terminal.rights import Route, fulfil
from shebaoka.terminal.session import Session, find_file, select, send

_DONE = (sw.OK, *range(0x63C0, 0x63D0))  # 63Cx: done after x attempts, for UPDATE only (Part 7 §7.5)
_CHUNK = 0xFF
_BY_NUMBER, _BY_TAG, _APPEND_CYCLIC = 0x04, 0x00, 0x03
_OTHER_ORDER = (sw.LC_TLV, sw.DATA)


@dataclass(frozen=True, slots=True)
class Change:
    """What to write: ``tag`` and ``value`` for one item of a record file (``occurrence`` from 1 where a tag
    occurs several times); ``fields`` for a new record of a cyclic file; ``data`` at ``offset`` of a
    transparent file. ``new_meaning``: on a 1.xx card, in the meaning of V2 (appendix C)."""

    directory: str
    fid: int
    tag: int = 0
    value: Value = field(default=None, repr=False)
    occurrence: int = 1
    fields: Mapping[str, Value] | None = field(default=None, repr=False)
    data: bytes = field(default=b"", repr=False)
    offset: int = 0
    new_meaning: bool = False


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """What a host decides on: terminal, card and the places to be written (never the values' secrets)."""

    terminal: str
    identity: CardIdentity
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The host's word; ``reason`` is shown when it refuses."""

    allowed: bool
    reason: str = ""


def update(session: Session, changes: Sequence[Change], *, code: str | None = None) -> None:
    """Write ``changes`` in order, each under the write condition of its file. All values are encoded before
    anything is sent, so that a wrong value changes nothing. Raises DataError, AccessError, StatusWordError,
    NoCardError; PartlyWrittenError when earlier changes were done already: :func:`written` tells which."""
    prepared = [(change, _commands(session, change)) for change in changes]
    for done, (change, commands) in enumerate(prepared):
        try:
            _apply(session, change, commands, code)
        except TerminalError as error:
            if done == 0:
                raise
            raise PartlyWrittenError(done, len(changes), error) from error


def _apply(session: Session, change: Change, commands: list[Command], code: str | None) -> None:
    file = find_file(session.layout, change.directory, change.fid)
    select(session, change.directory)
    fulfil(session, file, file.write_condition, code=code, route=Route.ANY)
    select_file(session, file)
    name = "UPDATE BINARY" if file.structure is Structure.TRANSPARENT else "UPDATE RECORD"
    for command in commands:
        _write(session, file, name, command, first=change.occurrence == 1)


def update_online(
    session: Session,
    changes: Sequence[Change],
    host: Callable[[UpdateRequest], Decision],
    *,
    code: str | None = None,
) -> None:
    """The same after the host has agreed (Part 7 §8). Raises HostRefusedError with the host's reason; then
    no UPDATE and no authentication was sent."""
    number = session.keys.terminal_number() if session.keys else ""
    decision = host(UpdateRequest(number, session.identity, tuple(changes)))
    if not decision.allowed:
        raise HostRefusedError("host-refused-update", reason=decision.reason or "-")
    update(session, changes, code=code)


def written(session: Session, changes: Sequence[Change], *, code: str | None = None) -> list[bool]:
    """For each change whether the card holds it now: after a card was pulled, reading decides (Part 7 §14).
    A new record of a cyclic file counts when it is the newest. Raises as :func:`read_file`."""
    return [_holds(session, change, code) for change in changes]


def _holds(session: Session, change: Change, code: str | None) -> bool:
    reading = read_file(session, change.directory, change.fid, code=code)
    wanted = [command.data for command in _commands(session, change)]
    match reading.file.structure:
        case Structure.TRANSPARENT:
            return reading.data[change.offset : change.offset + len(change.data)] == change.data
        case Structure.CYCLIC:
            return [record.raw for record in reading.records[:1]] == wanted
        case _:
            same = [r.raw for r in reading.records if r.raw[:1] == bytes((change.tag,))]
            return same[change.occurrence - 1 : change.occurrence] == wanted


def _write(session: Session, file: FileLayout, name: str, command: Command, *, first: bool) -> None:
    """Send one UPDATE. A card may keep its records in another order than the layout: it then says that the
    tag of that number is another one, and the first record of a tag is named by it (Part 5 T44)."""
    by_number = name == "UPDATE RECORD" and command.p2 == _BY_NUMBER and first
    accept = (*_DONE, *_OTHER_ORDER) if by_number else _DONE
    if send(session, command, name, file=file, accept=accept).sw in _OTHER_ORDER and by_number:
        by_tag = replace(command, p1=command.data[0], p2=_BY_TAG)
        send(session, by_tag, name, file=file, accept=_DONE)


def _commands(session: Session, change: Change) -> list[Command]:
    file = find_file(session.layout, change.directory, change.fid)
    try:
        match file.structure:
            case Structure.TRANSPARENT:
                return _binary(file, change)
            case Structure.CYCLIC:
                record = encode_cyclic(file, change.fields or {})
                return [Command(0x00, 0xDC, 0x00, _APPEND_CYCLIC, record)]
            case _:
                number, record = _record(session, file, change)
                return [Command(0x00, 0xDC, number, _BY_NUMBER, record)]
    except DataError:
        raise
    except ValueError as error:
        raise DataError(
            "value-does-not-fit", place=f"{change.directory} {file.id}", reason=str(error)
        ) from error


def _record(session: Session, file: FileLayout, change: Change) -> tuple[int, bytes]:
    order = slots(file)
    numbers = [number for number, item in enumerate(order, 1) if item.tag == change.tag]
    place = f"{change.directory} {file.id}"
    if not 1 <= change.occurrence <= len(numbers):
        raise DataError("no-such-item", place=place, tag=f"{change.tag:02X}", occurrence=change.occurrence)
    number = numbers[change.occurrence - 1]
    if not change.new_meaning:
        return number, encode_record(order[number - 1], change.value)
    if not (is_first_generation(session.version) and is_reused(change.directory, file.fid, change.tag)):
        raise DataError("no-new-meaning", place=place, tag=f"{change.tag:02X}")
    value = encode_for_first_generation(change.directory, file.fid, change.tag, change.value)
    return number, bytes((change.tag, len(value))) + value


def _binary(file: FileLayout, change: Change) -> list[Command]:
    end = change.offset + len(change.data)
    if file.size and end > file.size:
        raise ValueError(f"{end} bytes are needed, the file has {file.size}")
    return [
        Command(
            0x00,
            0xD6,
            (change.offset + start) >> 8,
            (change.offset + start) & 0xFF,
            change.data[start : start + _CHUNK],
        )
        for start in range(0, len(change.data), _CHUNK)
    ]
