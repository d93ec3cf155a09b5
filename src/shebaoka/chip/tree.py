"""What the chip consists of: directories with their files and keys, compiled from the persistent state.

The tree never changes by itself: it follows commits that create something. Contents and counters stay in
the store and are looked up by the addresses kept here.
"""

from collections.abc import Iterator

from shebaoka.chip.access import Rule
from shebaoka.chip.keys import EXTERNAL_ROLES, KeySlot, chip_cipher
from shebaoka.chip.keys import ChipCipher as Cipher
from shebaoka.chip.parameters import RECORD_STRUCTURES, TRANSPARENT, Parameters, parse_parameters
from shebaoka.chip.values import (
    ALGORITHM,
    CONTENT,
    DIRECTORY,
    DIRECTORY_BLOCKED,
    FILE,
    KEY,
    MASTER,
    MASTER_TRIES,
    PIN,
    PIN_LIMIT,
    PIN_TRIES,
    Address,
    State,
    Value,
)
from shebaoka.spec.algorithm import Algorithm

MF = 0
MF_FID = 0x3F00


class File:
    """An elementary file: its parameters, unpacked for speed, and where its content is stored."""

    __slots__ = ("content", "fid", "parameters", "read", "record", "sfi", "structure", "transparent", "write")

    def __init__(self, directory: int, parameters: Parameters) -> None:
        self.parameters = parameters
        self.fid = parameters.fid
        self.sfi = parameters.sfi or (parameters.fid & 0xFF if 1 <= parameters.fid & 0xFF <= 30 else 0)
        self.structure = parameters.structure
        self.transparent = parameters.structure == TRANSPARENT
        self.record = parameters.structure in RECORD_STRUCTURES
        self.read: Rule = parameters.read
        self.write: Rule = parameters.write
        self.content: Address = (CONTENT, directory, parameters.fid, 0)

    def __repr__(self) -> str:
        return f"<EF {self.fid:04X}>"


class Directory:
    """MF, a DDF or an ADF: ``ddf`` is the DDF it belongs to (itself, for MF and DDFs)."""

    __slots__ = (
        "algorithm",
        "auth",
        "blocked",
        "by_sfi",
        "children",
        "ddf",
        "fci",
        "fci_code",
        "fid",
        "files",
        "keys",
        "master",
        "master_tries",
        "name",
        "number",
        "parent",
        "pin",
        "pin_limit",
        "pin_tries",
    )

    def __init__(
        self, number: int, parent: "Directory | None", parameters: Parameters | None, algorithm: Algorithm
    ):
        self.number = number
        self.parent = parent
        self.children: list[Directory] = []
        is_ddf = parent is None or parent.number == MF or (parameters is not None and parameters.ddf)
        self.ddf: Directory = self if is_ddf or parent is None else parent.ddf
        self.fid = parameters.fid if parameters else MF_FID
        self.name = parameters.name if parameters else b""
        self.algorithm = algorithm
        self.fci_code = parameters.algorithm_code if parameters else None
        self.fci = build_fci(parameters, is_ddf)
        self.files: dict[int, File] = {}
        self.by_sfi: dict[int, File] = {}
        self.keys: dict[int, KeySlot] = {}
        self.auth: dict[int, KeySlot] = {}
        self.master: Address = (MASTER, number, 0, 0)
        self.master_tries: Address = (MASTER_TRIES, number, 0, 0)
        self.blocked: Address = (DIRECTORY_BLOCKED, number, 0, 0)
        self.pin: Address = (PIN, number, 0, 0)
        self.pin_tries: Address = (PIN_TRIES, number, 0, 0)
        self.pin_limit: Address = (PIN_LIMIT, number, 0, 0)

    def __repr__(self) -> str:
        return f"<directory {self.fid:04X}>"

    def slot(self, role: int, identifier: int = 0) -> KeySlot | None:
        """The key of this role and identifier in this directory itself."""
        return self.keys.get(role << 16 | identifier)

    def slots(self, role: int) -> list[KeySlot]:
        """All keys of a role."""
        return [slot for slot in self.keys.values() if slot.role == role]

    def add_file(self, parameters: Parameters) -> File:
        """Take in a file."""
        file = File(self.number, parameters)
        self.files[file.fid] = file
        if file.sfi:
            self.by_sfi.setdefault(file.sfi, file)
        return file

    def add_key(self, item: int, stored: bytes) -> None:
        """Take in or replace a key version."""
        slot = self.keys.get(item)
        if slot is None:
            slot = self.keys[item] = KeySlot(self.number, item >> 16, item & 0xFFFF)
            if slot.role in EXTERNAL_ROLES:
                self.auth[slot.identifier] = slot
        slot.add(stored)


class Tree:
    """All directories by number. Raises ValueError or KeyError when the state makes no sense."""

    __slots__ = ("_masters", "directories", "mf")

    def __init__(self, state: State) -> None:
        _check(state)
        code = state.get(ALGORITHM, 0)
        self.mf = Directory(MF, None, None, Algorithm.from_psam(_integer(code)))
        self.directories = {MF: self.mf}
        self._masters: dict[int, tuple[bytes, Cipher]] = {}
        for kind in (DIRECTORY, FILE, KEY):
            for address in sorted(found for found in state if found[0] == kind):
                self.add(address, state[address])

    def add(self, address: Address, value: Value) -> None:
        """Follow one value that was committed; only directories, files and keys matter."""
        kind, number, item, _ = address
        if kind == DIRECTORY:
            stored = _bytes(value)
            parent = self.directories[int.from_bytes(stored[:2])]
            parameters = parse_parameters(stored[2:])
            directory = Directory(number, parent, parameters, _algorithm(parameters, parent))
            self.directories[number] = directory
            parent.children.append(directory)
        elif kind == FILE:
            self.directories[number].add_file(parse_parameters(_bytes(value)))
        elif kind == KEY:
            self.directories[number].add_key(item, _bytes(value))

    def named(self, ddf: Directory) -> Iterator[Directory]:
        """What SELECT by name reaches from ``ddf``: its ADFs, every DDF; from the MF also every ADF."""
        yield from (child for child in ddf.children if child.ddf is not child)
        everything = self.directories.values()
        yield from (directory for directory in everything if directory.ddf is directory)
        if ddf is self.mf:
            yield from (directory for directory in everything if directory.ddf is not directory)

    def master_cipher(self, directory: Directory, key: bytes) -> Cipher:
        """The cipher of a directory's master key, kept until the key changes."""
        held = self._masters.get(directory.number)
        if held is None or held[0] != key:
            held = self._masters[directory.number] = (key, chip_cipher(directory.algorithm, key))
        return held[1]


def build_fci(parameters: Parameters | None, ddf: bool) -> bytes:
    """``6F{84 name, A5{88 DIR SFI, 9F0C{86 algorithm}}}``; A5 for a DDF only (Part 5 T36-T38)."""
    if parameters is None or not parameters.name:
        return b""
    body = bytes((0x84, len(parameters.name))) + parameters.name
    if ddf:
        special = b""
        if parameters.dir_sfi is not None:
            special += bytes((0x88, 1, parameters.dir_sfi))
        if parameters.algorithm_code is not None:
            special += bytes((0x9F, 0x0C, 3, 0x86, 1, parameters.algorithm_code))
        body += bytes((0xA5, len(special))) + special
    return bytes((0x6F, len(body))) + body


def _algorithm(parameters: Parameters, parent: Directory) -> Algorithm:
    """What the FCI announces if this program has it, else the parent's: an SSF33 card can still be built."""
    if parameters.algorithm_code in (Algorithm.TDES.fci, Algorithm.SM4.fci):
        return Algorithm.from_fci(int(parameters.algorithm_code or 0))
    return parent.algorithm


def _check(state: State) -> None:
    """Numbers are counters, limits, flags and codes, all below 16; no record is empty. Raises ValueError."""
    for value in state.values():
        if isinstance(value, int):
            if not 0 <= value <= 15:
                raise ValueError("a number is out of range")
        elif isinstance(value, tuple) and not all(value):
            raise ValueError("a record is empty")


def _integer(value: Value) -> int:
    if not isinstance(value, int):
        raise ValueError("a number is expected")  # noqa: TRY004 - a damaged image, not a wrong call
    return value


def _bytes(value: Value) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError("bytes are expected")  # noqa: TRY004 - a damaged image, not a wrong call
    return value
