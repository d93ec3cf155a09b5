"""The steps of pre-personalization as values: what is sent, proven, loaded, written, in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class StructureError(ValueError):
    """The chip refused a command of pre-personalization: says which one and why."""


class KeySlot(NamedTuple):
    """Place of one key version; master keys are ``MF-MK``, ``SSSE-MK``, ``DF01-MK``..., the PIN ``PIN``."""

    name: str
    version: int = 1


class FilePlace(NamedTuple):
    """A file on the card: directory id and FID."""

    directory: str
    fid: int


Blocks: TypeAlias = Mapping[KeySlot, bytes]
Contents: TypeAlias = Mapping[FilePlace, Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Send:
    """A command that is the same for every card."""

    apdu: bytes
    what: str


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Prove the master key of the current directory (``root``: the MF)."""

    what: str
    root: bool = False


@dataclass(frozen=True, slots=True)
class WriteKeys:
    """Load keys into the current directory: (slot, 8-byte header), at most ten."""

    entries: tuple[tuple[KeySlot, bytes], ...]
    master: bool
    what: str


@dataclass(frozen=True, slots=True)
class WriteContent:
    """Raw content of the file just created, if this card has any for it."""

    place: FilePlace
    what: str


@dataclass(frozen=True, slots=True)
class WriteMedical:
    """Parameters of the medical account, if the card gets any."""

    what: str


Step: TypeAlias = Send | Authenticate | WriteKeys | WriteContent | WriteMedical
