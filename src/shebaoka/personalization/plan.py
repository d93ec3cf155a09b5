"""The file tree of a layout and its keys, put on a blank chip (pre-personalization, Part 10 §5.2).

The commands for a layout are computed once as a :class:`Plan`; a card then only adds its wrapped keys and
fresh challenges. Every directory starts with a copy of the transport key as its master key, so all blocks of
a batch are wrapped under that one key; card-unique master keys are written last (Part 10 §5.2.6).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shebaoka.codec.directory import Entry, encode_entry
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.personalization.dialect import CONTENT, MAX_ENTRIES, OPEN, FileSize, IssuerDialect
from shebaoka.personalization.key_entries import KeyFunction, KeyHeader
from shebaoka.personalization.plan_run import Run
from shebaoka.personalization.steps import (
    Authenticate,
    Blocks,
    Contents,
    FilePlace,
    KeySlot,
    Send,
    Step,
    StructureError,
    WriteContent,
    WriteKeys,
    WriteMedical,
)
from shebaoka.reader.base import Reader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import DirectoryLayout, FileLayout, Structure, Text

__all__ = [
    "HEADROOM",
    "Blocks",
    "Contents",
    "Directory",
    "FilePlace",
    "KeySlot",
    "Plan",
    "StructureError",
    "branch_plan",
    "directory_file",
    "directory_records",
    "file_size",
    "finish_plan",
    "master_header",
]

HEADROOM = 64
"""Spare bytes of a variable record file outside the SSSE: items of later years (V2 §6)."""

_SELECT_MF = bytes.fromhex("00A40000")


@dataclass(frozen=True, slots=True)
class Plan:
    """The commands for one layout, and the key slots whose wrapped blocks a card must bring."""

    steps: tuple[Step, ...]
    dialect: IssuerDialect = OPEN

    @property
    def slots(self) -> tuple[KeySlot, ...]:
        """Every key to be wrapped, in loading order."""
        return tuple(slot for step in self.steps if isinstance(step, WriteKeys) for slot, _ in step.entries)

    def run(
        self,
        reader: Reader,
        transport: BlockCipher,
        blocks: Blocks,
        contents: Contents | None = None,
        medical: bytes | None = None,
        root: BlockCipher | None = None,
    ) -> None:
        """Send everything. ``blocks``: 16-byte keys wrapped under ``transport`` by slot; ``contents``: raw
        records (or one transparent content) by file; ``medical``: 23 bytes of object 9F02; ``root``: the
        transport key in the cipher of the MF, when the environment has another cipher.

        Raises StructureError at the first refusal, KeyError for a missing block.
        """
        run = Run(reader, self.dialect, transport, root or transport, blocks, contents or {}, medical)
        run.all(self.steps)


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory to make: layout, key headers by slot, and for a DDF what its FCI says."""

    layout: DirectoryLayout
    keys: Sequence[tuple[KeySlot, KeyHeader]] = ()
    master: tuple[KeySlot, KeyHeader] | None = None
    fci_algorithm: Algorithm | None = None
    dir_sfi: int | None = None
    medical: bool = False
    extra: Sequence[FileLayout] = field(default=())


def branch_plan(
    environment: Directory,
    applications: Sequence[Directory],
    identifiers: Mapping[str, int],
    *,
    sizes: Mapping[FilePlace, FileSize] | None = None,
    dialect: IssuerDialect = OPEN,
) -> Plan:
    """An environment (DDF) under the MF with its applications: directories, files, keys, masters.

    The DIR file of the environment gets its size and records from the applications. ``sizes`` overrides
    :func:`file_size`. The MF's own master and the activation are :func:`finish_plan`'s.
    """
    records = directory_records(application.layout for application in applications)
    maker = _Maker(dialect, identifiers, sizes or {}, records)
    steps: list[Step] = [Send(_SELECT_MF, "SELECT MF"), Authenticate("MF", root=True)]
    steps += maker.directory(environment)
    name = bytes.fromhex(environment.layout.aid)
    for application in applications:
        steps += [_select(name, environment.layout.id), Authenticate(environment.layout.id)]
        steps += maker.directory(application)
        steps += maker.master(application)
    if environment.master:
        steps += [_select(name, environment.layout.id), Authenticate(environment.layout.id)]
        steps += maker.master(environment)
    return Plan(tuple(steps), dialect)


def finish_plan(master: KeyHeader | None, dialect: IssuerDialect = OPEN) -> Plan:
    """Replace the transport key by the card master key (slot ``MF-MK``) and activate."""
    steps: list[Step] = [Send(_SELECT_MF, "SELECT MF"), Authenticate("MF", root=True)]
    steps.append(Send(dialect.activate(), "ACTIVATE"))
    if master is not None:
        steps.append(WriteKeys(((KeySlot("MF-MK"), master.encode()),), True, "master key of the MF"))
    return Plan(tuple(steps), dialect)


def directory_file(sfi: int, write: str) -> FileLayout:
    """The DIR file (目录文件, Part 3 §6.3): variable records, readable by anyone."""
    return FileLayout(
        fid=0xEF00 | sfi,
        name=Text(zh="目录文件", en="directory file"),
        structure=Structure.VARIABLE,
        read="free",
        write=write,
        source="Part 3 §6.3",
    )


def directory_records(applications: Iterable[DirectoryLayout]) -> list[bytes]:
    """Records ``61{4F AID, 50 label}`` of the applications, in their order (Part 3 T3)."""
    return [encode_entry(Entry(bytes.fromhex(a.aid), a.label)) for a in applications]


def file_size(file: FileLayout, headroom: int) -> FileSize:
    """Room for every item of the layout at full length, ``count`` times, plus ``headroom`` bytes."""
    if file.structure is Structure.CYCLIC:
        return FileSize(record=file.record_length, records=file.records)
    if file.structure is Structure.FIXED:
        longest = max(item.length for item in file.items) + 2
        return FileSize(record=longest, records=max(file.records, sum(item.count for item in file.items)))
    if file.structure is Structure.VARIABLE:
        return FileSize(capacity=sum((item.length + 2) * item.count for item in file.items) + headroom)
    return FileSize(capacity=file.size)


def master_header(algorithm: Algorithm, try_limit: int = 10) -> KeyHeader:
    """Header of a directory's master key."""
    return KeyHeader(KeyFunction.MASTER, 0, 1, algorithm, try_limit)


class _Maker:
    def __init__(
        self,
        dialect: IssuerDialect,
        identifiers: Mapping[str, int],
        sizes: Mapping[FilePlace, FileSize],
        directory_records: Sequence[bytes],
    ) -> None:
        self._dialect, self._identifiers, self._sizes = dialect, identifiers, sizes
        self._directory_records = directory_records

    def directory(self, directory: Directory) -> list[Step]:
        """Create and enter it, make its files with their content, load its keys."""
        layout = directory.layout
        create = self._dialect.create_directory(
            layout, algorithm=directory.fci_algorithm, dir_sfi=directory.dir_sfi
        )
        steps: list[Step] = [Send(create, f"CREATE FILE {layout.id}")]
        for file in (*directory.extra, *layout.files):
            steps += self._file(directory, file)
        if directory.medical:
            steps.append(WriteMedical(f"{layout.id} medical parameters"))
        keys = [(slot, header.encode()) for slot, header in directory.keys]
        for start in range(0, len(keys), MAX_ENTRIES):
            part = tuple(keys[start : start + MAX_ENTRIES])
            steps.append(WriteKeys(part, False, f"keys of {layout.id}"))
        return steps

    def master(self, directory: Directory) -> list[Step]:
        """Replace the temporary master key of the (current, authenticated) directory."""
        if directory.master is None:
            return []
        slot, header = directory.master
        return [WriteKeys(((slot, header.encode()),), True, f"master key of {directory.layout.id}")]

    def _file(self, directory: Directory, file: FileLayout) -> list[Step]:
        place = FilePlace(directory.layout.id, file.fid)
        what = f"{place.directory} {file.id}"
        records = self._directory_records if file.sfi == directory.dir_sfi else ()
        size = self._sizes.get(place) or file_size(file, 0 if place.directory == "SSSE" else HEADROOM)
        if records:
            size = FileSize(capacity=sum(map(len, records)) + HEADROOM)
        steps: list[Step] = [
            Send(self._dialect.create_file(file, size, self._identifiers), f"CREATE FILE {what}")
        ]
        steps += [Send(self._dialect.put_data(CONTENT, record), f"content of {what}") for record in records]
        return [*steps, WriteContent(place, what)]


def _select(name: bytes, what: str) -> Send:
    return Send(b"\x00\xa4\x04\x00" + bytes((len(name),)) + name, f"SELECT {what}")
