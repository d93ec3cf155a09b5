"""The state of a card as its exchanges reveal it: place, proofs, challenge."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from shebaoka.reader.trace.issuer import created_directory
from shebaoka.reader.trace.view import View
from shebaoka.spec.commands import Kind
from shebaoka.spec.extensions import for_generation
from shebaoka.spec.keys import key_catalogue, psam_master_keys
from shebaoka.spec.layouts import GENERATIONS
from shebaoka.spec.model import CardLayout, DirectoryLayout, FileLayout, KeyEntry, PsamKeyEntry

_LOCAL = 0x80
_EF = 0xEF00
_SECOND_ENVIRONMENT = 0xDDF1  # of a PSAM
_ENVIRONMENT = "SSSE"
_MF = bytes.fromhex("3F00")
_BLOCKED_APPLICATION = 0x9303


@dataclass
class CardState:
    """What is known of a card. ``directory``: ``MF``, a directory of the layout or a name in hex; ``fid``:
    the current file; ``pin``: verified; ``pin_absent``: none is set; ``proven``: keys authenticated, by
    (directory or None for global, identifier); ``challenge``: number of the exchange that fetched the one
    still unused; ``challenge_used_by``: of the one that used it up."""

    layout: CardLayout
    kind: Kind = "card"
    extensions: tuple[Path, ...] = ()
    directory: str = "MF"
    fid: int | None = None
    pin: bool = False
    pin_absent: bool = False
    proven: set[tuple[str | None, int]] = field(default_factory=set)
    challenge: int | None = None
    challenge_used_by: int | None = None

    def __post_init__(self) -> None:
        self.directory = self._root()

    def reset(self) -> None:
        """Power lost or reset: every state but what is stored on the card."""
        self.directory, self.fid = self._root(), None
        self.pin = False
        self.proven.clear()
        self.challenge = self.challenge_used_by = None

    def place(self) -> DirectoryLayout | None:
        """The current directory's layout, if it is one of the layout's."""
        return next((d for d in self.layout.directories if d.id == self.directory), None)

    def file(self, view: View) -> tuple[int | None, FileLayout | None]:
        """The file a command works on, by short identifier or the current one: FID and layout if known."""
        short, place = short_identifier(view), self.place()
        if short is None:
            return self.fid, place.file(self.fid) if place and self.fid is not None else None
        known = next((file for file in place.files if file.sfi == short), None) if place else None
        return (known.fid if known else _EF | short if self.kind == "card" else short), known

    def key(self, name: str) -> KeyEntry | PsamKeyEntry | None:
        """The catalogue's key of that name."""
        return next((key for key in self._catalogue() if key.name == name), None)

    def key_name(self, identifier: int) -> str | None:
        """The name of the key with this identifier (P2 of EXTERNAL AUTHENTICATE) in the current directory."""
        directory = self.directory if identifier & _LOCAL else _ENVIRONMENT
        for key in self._catalogue():
            if key.identifier == identifier and (self.kind == "psam" or key.directory == directory):
                return key.name
        return None

    def has_proof(self, name: str) -> bool:
        """Whether the key of that name has been authenticated and the right still holds."""
        key = self.key(name)
        if key is None or key.identifier is None:
            return False
        if not key.identifier & _LOCAL:
            return (None, key.identifier) in self.proven
        return self.directory == key.directory and (self.directory, key.identifier) in self.proven

    def _catalogue(self) -> Sequence[KeyEntry | PsamKeyEntry]:
        if self.kind == "psam":
            return psam_master_keys()
        generation = self.layout.id if self.layout.id in GENERATIONS else "2.0"
        return _catalogue(generation, self.extensions)

    def advance(self, number: int, view: View, data: bytes, sw: int) -> None:
        """Take in an exchange: ``data`` and ``sw`` are its answer."""
        done = sw == 0x9000 or sw >> 8 == 0x61
        match view.ins:
            case 0xA4 if done or sw == _BLOCKED_APPLICATION:
                self._select(view)
            case 0xB0 | 0xB2 | 0xD6 | 0xDC if done and short_identifier(view) is not None:
                self.fid = self.file(view)[0]
            case 0x20:
                self._verify(view, done, sw)
            case 0x5E | 0x24 if done:
                self.pin, self.pin_absent = False, False
                self._consume(number, when=view.ins == 0x24)
            case 0x24 | 0x16 | 0x1E | 0xD8 | 0xD4:
                self._consume(number, when=True)
            case 0x84 if done:
                self.challenge, self.challenge_used_by = number, None
            case 0x82 if view.cla == 0x00:
                self._authenticate(number, view, done)
            case 0x82:
                self._consume(number, when=True)
            case 0xE0 if done and view.cla == 0x80:
                self._create(view.data)
            case 0xD6 | 0xDC if view.cla & 0x04:
                self._consume(number, when=True)

    def _select(self, view: View) -> None:
        if view.p1 == 0x04:
            self._enter(self._named(view.data))
        elif view.p1 == 0x00 and view.data in (b"", _MF):
            self._enter(self._root())
        elif len(view.data) == 2:
            fid = int.from_bytes(view.data)
            known = self._directory_of(fid) if view.p1 == 0 else None
            if known:
                self._enter(known)
            else:
                self.fid = fid

    def _create(self, data: bytes) -> None:
        created = created_directory(data)
        if created is not None:
            fid, name = created
            self._enter(self._named(name) if name else self._directory_of(fid) or f"{fid:04X}")

    def _directory_of(self, fid: int) -> str | None:
        if self.kind == "psam" and fid == _SECOND_ENVIRONMENT:
            return self.layout.directories[1].id
        return next((d.id for d in self.layout.directories if d.id == f"{fid:04X}"), None)

    def _root(self) -> str:
        """The first environment of a PSAM is its MF (Part 9 §5)."""
        return self.layout.directories[0].id if self.kind == "psam" else "MF"

    def _named(self, name: bytes) -> str:
        whole = name.hex().upper()
        return next((d.id for d in self.layout.directories if d.aid.upper().startswith(whole)), whole)

    def _enter(self, directory: str) -> None:
        self.fid = None
        if directory == self.directory:
            return
        leaves_environment = directory == self._root() or self.kind == "psam"
        self.proven = {p for p in self.proven if p[0] is None and not leaves_environment}
        self.directory = directory
        self.challenge = self.challenge_used_by = None

    def _verify(self, view: View, done: bool, sw: int) -> None:
        if view.data:
            self.pin = done
        elif done or sw >> 4 == 0x63C:
            self.pin_absent = done

    def _authenticate(self, number: int, view: View, done: bool) -> None:
        self._consume(number, when=True)
        proof = (self.directory if view.p2 & _LOCAL else None, view.p2)
        if done:
            self.proven.add(proof)
        else:
            self.proven.discard(proof)

    def _consume(self, number: int, *, when: bool) -> None:
        if when and self.challenge is not None:
            self.challenge, self.challenge_used_by = None, number


@cache
def _catalogue(generation: str, extensions: tuple[Path, ...]) -> tuple[KeyEntry, ...]:
    return key_catalogue(generation, for_generation(extensions, generation), annex=True)


def short_identifier(view: View) -> int | None:
    """The SFI in the command's parameters, or None when it works on the current file (Part 5 T29, T32)."""
    if view.ins in (0xB0, 0xD6):
        return view.p1 & 0x1F if view.p1 & 0xE0 == 0x80 else None
    if view.ins in (0xB2, 0xDC):
        return view.p2 >> 3 or None
    return None
