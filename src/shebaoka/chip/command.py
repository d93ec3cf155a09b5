"""Commands as data: which there are, and one incoming command taken apart."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

from shebaoka.chip.errors import CardError
from shebaoka.spec import sw

if TYPE_CHECKING:
    from shebaoka.chip.chip import Chip


class Case(IntEnum):
    """What follows the header: data only (or nothing), Le only, or both."""

    IN = 1
    OUT = 2
    INOUT = 3


class Request:
    """One command: header bytes, data, ``le`` (number of bytes, 256 for 00, None when absent), raw bytes."""

    __slots__ = ("cla", "data", "ins", "le", "p1", "p2", "raw")

    def __init__(self) -> None:
        self.cla = self.ins = self.p1 = self.p2 = 0
        self.data = b""
        self.le: int | None = None
        self.raw = b""


Handler: TypeAlias = Callable[["Chip", Request], bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """A command of a chip. ``parameters``: allowed P1P2, None when the handler decides. ``lengths``: allowed
    Lc. ``keeps``: leaves a prepared transaction alone (or ends it itself). ``continues``: leaves a waiting
    answer alone. ``while_blocked``: works in a blocked application. ``name``, ``source``: for people."""

    name: str
    cla: int
    ins: int
    handler: Handler
    case: Case = Case.IN
    parameters: Container[int] | None = frozenset({0})
    lengths: Container[int] = range(256)
    keeps: bool = False
    continues: bool = False
    while_blocked: bool = False
    source: str = ""


class Table:
    """Entries by class and instruction; several entries of one command differ in P1P2."""

    __slots__ = ("_classes", "_entries", "_instructions", "_single")

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[int, tuple[Entry, ...]] = {}
        for entry in entries:
            code = entry.cla << 8 | entry.ins
            self._entries[code] = (*self._entries.get(code, ()), entry)
        self._classes = frozenset(code >> 8 for code in self._entries)
        self._instructions = frozenset(code & 0xFF for code in self._entries)

    def find(self, apdu: bytes) -> Entry:
        """The entry for a header. Raises CardError 6E00, 6D00 or 6A86.

        A known instruction under another class is 6E00, not 6D00.
        """
        entries = self._entries.get(apdu[0] << 8 | apdu[1])
        if entries is None:
            known = apdu[0] in self._classes and apdu[1] not in self._instructions
            raise CardError(sw.INS if known else sw.CLA)
        parameters = apdu[2] << 8 | apdu[3]
        for entry in entries:
            if entry.parameters is None or parameters in entry.parameters:
                return entry
        raise CardError(sw.P1P2)


def take_apart(request: Request, apdu: bytes, case: Case, lenient: bool) -> None:
    """Fill ``request`` from the bytes of a command of a known case. Raises CardError 6700.

    A lone fifth byte is Lc 00 for a command with data, Le otherwise.
    """
    length = len(apdu)
    request.raw = apdu
    request.cla, request.ins, request.p1, request.p2 = apdu[0], apdu[1], apdu[2], apdu[3]
    request.data, request.le = b"", None
    if case is Case.OUT:
        if length == 5:
            request.le = apdu[4] or 256
        elif length != 4 or not lenient:
            raise CardError(sw.LENGTH)
        else:
            request.le = 256
        return
    if length == 4:
        return
    count = apdu[4]
    if length == 5 + count:
        request.data = apdu[5:]
    elif length == 6 + count and (case is Case.INOUT or lenient):
        request.data = apdu[5:-1]
        request.le = apdu[-1] or 256
    elif length != 5 or count:
        raise CardError(sw.LENGTH)
