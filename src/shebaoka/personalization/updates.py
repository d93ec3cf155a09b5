"""Which commands write the records of a card and read them back (Part 10 §5.4): computed once for a batch.

Every linear file gets all its records, blank where nothing is known, so that record numbers are file order.
A file the list says nothing about is filled blank while the structure is made; one with values is written
record by record after external authentication with its update key."""

from collections.abc import Sequence
from dataclasses import dataclass

from shebaoka.codec.items import compile_record
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.steps import Contents, FilePlace
from shebaoka.personalization.targets import Place, RecordPlan
from shebaoka.spec.conditions import AllOf, AnyOf, Condition, Free, KeyProof, Never, Pin
from shebaoka.spec.model import CardLayout, DirectoryLayout, FileLayout, Structure

_CHUNK = 0xF0


@dataclass(frozen=True, slots=True)
class Write:
    """A record of this card and the commands that write it; the last one carries the end of the data."""

    place: Place
    commands: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class FileRoute:
    """A file: positions of its places in the batch's plan, and the keys that open it. ``readers`` is None
    when no key alone opens it for reading (PIN): then it is not read back."""

    file: FileLayout
    positions: tuple[int, ...]
    writers: tuple[str, ...]
    readers: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class DirectoryRoute:
    """A directory and its files that have places in the plan."""

    directory: DirectoryLayout
    select: bytes
    files: tuple[FileRoute, ...]


class UpdatePlan:
    """The routes for a layout and a batch's places.

    Raises PersonalizationError for a place that no key can write.
    """

    def __init__(self, layout: CardLayout, plan: RecordPlan) -> None:
        by_file: dict[tuple[str, int], list[int]] = {}
        for position, place in enumerate(plan.places):
            by_file.setdefault((place.directory.id, place.file.fid), []).append(position)
        self._places = plan.places
        self._blank = [_blank(place) for place in plan.places]
        self.directories = tuple(
            DirectoryRoute(
                directory,
                b"\x00\xa4\x04\x00" + bytes((len(directory.aid) // 2,)) + bytes.fromhex(directory.aid),
                tuple(
                    _route(directory, file, by_file[directory.id, file.fid])
                    for file in directory.files
                    if (directory.id, file.fid) in by_file
                ),
            )
            for directory in layout.directories
        )

    def blank_contents(self, records: Sequence[bytes]) -> Contents:
        """Blank records of the linear files that ``records`` leaves empty, for raw content at structure
        time."""
        return {
            FilePlace(route.directory.id, file.file.fid): [self._blank[p] for p in file.positions]
            for route in self.directories
            for file in route.files
            if file.file.structure in (Structure.VARIABLE, Structure.FIXED)
            and not any(records[p] for p in file.positions)
        }

    def writes(self, file: FileRoute, records: Sequence[bytes]) -> list[Write]:
        """The writes of a file; none when ``records`` says nothing about it."""
        if not any(records[p] for p in file.positions):
            return []
        structure = file.file.structure
        if structure is Structure.TRANSPARENT:
            return [_binary(self._places[p], records[p]) for p in file.positions]
        if structure is Structure.CYCLIC:
            mode = file.file.sfi << 3 | 3
            return [_record(self._places[p], 0, mode, records[p]) for p in file.positions if records[p]]
        mode = file.file.sfi << 3 | 4
        return [
            _record(self._places[p], self._places[p].number, mode, records[p] or self._blank[p])
            for p in file.positions
        ]


def read_back(file: FileRoute, writes: Sequence[Write]) -> list[tuple[bytes, bytes, Place]]:
    """Commands that read what was written, the expected data, and the place."""
    sfi = file.file.sfi
    if file.file.structure is Structure.TRANSPARENT:
        select = b"\x00\xa4\x02\x00\x02" + file.file.fid.to_bytes(2)
        found = [(select, b"", writes[0].place)]
        data = writes[0].data
        for start in range(0, len(data), _CHUNK):
            part = data[start : start + _CHUNK]
            found.append((b"\x00\xb0" + start.to_bytes(2) + bytes((len(part),)), part, writes[0].place))
        return found
    last = len(writes)
    numbers = (
        range(last, 0, -1)  # record 1 of a cyclic file is the newest
        if file.file.structure is Structure.CYCLIC
        else [write.place.number for write in writes]
    )
    return [
        (bytes((0x00, 0xB2, number, sfi << 3 | 4, len(write.data))), write.data, write.place)
        for number, write in zip(numbers, writes, strict=True)
    ]


def proving_keys(condition: Condition) -> tuple[str, ...] | None:
    """The keys that fulfil a condition without a PIN: none for a free file; None when no keys alone do."""
    match condition:
        case Free():
            return ()
        case KeyProof(name):
            return (name,)
        case AllOf(parts):
            proofs = [proving_keys(part) for part in parts]
            if any(proof is None for proof in proofs):
                return None
            return tuple(name for proof in proofs if proof for name in proof)
        case AnyOf(parts):
            proofs = [proving_keys(part) for part in parts]
            return min((proof for proof in proofs if proof is not None), key=len, default=None)
        case Never() | Pin():
            return None


def _route(directory: DirectoryLayout, file: FileLayout, positions: list[int]) -> FileRoute:
    writers = proving_keys(file.write_condition)
    if writers is None:
        raise PersonalizationError(
            f"{directory.id}.{file.id} is written under {file.write!r}, which no key alone fulfils; "
            "remove it from the mapping"
        )
    return FileRoute(file, tuple(positions), writers, proving_keys(file.read_condition))


def _blank(place: Place) -> bytes:
    linear = place.number and place.file.structure is not Structure.CYCLIC
    return compile_record(place.item)(None) if linear and place.item is not None else b""


def _record(place: Place, number: int, mode: int, data: bytes) -> Write:
    return Write(place, (bytes((0x00, 0xDC, number, mode, len(data))) + data,), data)


def _binary(place: Place, data: bytes) -> Write:
    commands = [b"\x00\xa4\x02\x00\x02" + place.file.fid.to_bytes(2)]
    for start in range(0, len(data), _CHUNK):
        part = data[start : start + _CHUNK]
        commands.append(b"\x00\xd6" + start.to_bytes(2) + bytes((len(part),)) + part)
    return Write(place, tuple(commands), data)
