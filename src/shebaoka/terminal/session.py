"""A session: one card in the slot, from power on to power off, as a value that the flows work on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shebaoka.codec.apdu import Command, Response
from shebaoka.codec.fci import Fci
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.reader.exchange import exchange
from shebaoka.spec import sw
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import CardLayout, DirectoryLayout, FileLayout, KeyEntry, Scope
from shebaoka.terminal.errors import KeySourceError, NoCardError, TerminalError
from shebaoka.terminal.explain import status_word_error
from shebaoka.terminal.factors import CardFactors, CardIdentity
from shebaoka.terminal.keys import KeySource
from shebaoka.terminal.settings import Settings


@dataclass(frozen=True, slots=True)
class PinState:
    """What an empty VERIFY told: ``set`` whether a PIN exists, ``tries`` left (None without a PIN),
    ``verified`` in this session."""

    set: bool
    tries: int | None = None
    verified: bool = False

    @property
    def locked(self) -> bool:
        """No tries left."""
        return self.set and self.tries == 0

    @property
    def fulfilled(self) -> bool:
        """A PIN condition counts as fulfilled: verified, or none is set (decision K22)."""
        return self.verified or not self.set


@dataclass(repr=False)
class Session:
    """The card in the slot and what was shown to it.

    ``answer``: ATR or ATS; ``historical``: its 13 historical bytes; ``issuer``: decoded items of SSSE EF05 by
    tag; ``authentic``: the card proved IRK; ``proven``: keys shown to the card that still count;
    ``versions``: by level of the keys, the version the card accepted where the source serves several;
    ``directory``: the selected directory; ``notices``: message ids for the operator; ``ended``: the card was
    reset or powered off since, so that nothing here is true of it any more.
    """

    reader: Reader
    settings: Settings
    keys: KeySource | None
    answer: bytes
    historical: bytes
    fci: Fci
    algorithm: Algorithm
    layout: CardLayout
    catalogue: Mapping[str, KeyEntry]
    identity: CardIdentity
    issuer: Mapping[int, str]
    pin: PinState = PinState(set=False)
    authentic: bool = False
    directory: str = "SSSE"
    proven: set[str] = field(default_factory=set)
    versions: dict[Scope, int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    ended: bool = False

    def __repr__(self) -> str:
        return f"<session with a {self.layout.id} card, {self.algorithm.label}, in {self.directory or '?'}>"

    @property
    def version(self) -> str:
        """Specification version, item 03."""
        return self.issuer.get(0x03, "")

    @property
    def factors(self) -> CardFactors:
        """What diversifies this card's keys."""
        return CardFactors(self.algorithm, self.identity.city_code, self.historical, self.layout.id[:3])

    @property
    def source(self) -> KeySource:
        """The key source. Raises KeySourceError when the terminal has none."""
        if self.keys is None:
            raise KeySourceError("no-key-source")
        return self.keys

    def key(self, name: str) -> KeyEntry:
        """The catalogue entry of a key. Raises KeySourceError for a name this generation does not have."""
        entry = self.catalogue.get(name)
        if entry is None:
            raise KeySourceError("key-unknown", key=name, generation=self.layout.id)
        return entry


def transmit(reader: Reader, command: Command) -> Response:
    """One command with 61xx and 6Cxx followed. Raises NoCardError when the card does not answer in full."""
    try:
        response = exchange(reader, command)
    except ReaderError as error:
        raise NoCardError("card-silent", reason=str(error)) from error
    if not 0x6000 <= response.sw <= 0x9FFF:
        raise NoCardError("card-silent", reason="incomplete answer")
    return response


def send(
    session: Session,
    command: Command,
    name: str,
    *,
    file: FileLayout | None = None,
    accept: tuple[int, ...] = (sw.OK,),
    key: KeyEntry | None = None,
) -> Response:
    """One command of a flow; ``name`` and ``file`` are for the explanation when the status word is not in
    ``accept``. Raises StatusWordError, PinError or NoCardError."""
    check_alive(session)
    response = transmit(session.reader, command)
    if response.sw not in accept:
        raise status_word_error(session, response.sw, command, name, file, key)
    return response


def select(session: Session, directory_id: str) -> DirectoryLayout:
    """Select a directory unless it is current; rights of local keys end with it (decision K21).
    Raises TerminalError when the layout or the card does not have it, or it is blocked."""
    try:
        directory = session.layout.directory(directory_id)
    except KeyError:
        raise TerminalError(
            "directory-unknown", directory=directory_id, generation=session.layout.id
        ) from None
    check_alive(session)
    if session.directory != directory_id:
        command = Command(0x00, 0xA4, 0x04, 0x00, bytes.fromhex(directory.aid), 256)
        forget_local_rights(session)
        session.directory = ""
        response = transmit(session.reader, command)
        if response.sw != sw.OK:
            raise status_word_error(session, response.sw, command, "SELECT", None, None, directory)
        session.directory = directory_id
    return directory


def find_file(layout: CardLayout, directory_id: str, fid: int) -> FileLayout:
    """The file of a layout. Raises TerminalError when it has none."""
    try:
        file = layout.directory(directory_id).file(fid)
    except KeyError:
        raise TerminalError("directory-unknown", directory=directory_id, generation=layout.id) from None
    if file is None:
        raise TerminalError("file-unknown", file=f"{directory_id} {fid:04X}", generation=layout.id)
    return file


def forget_local_rights(session: Session) -> None:
    """Local key states end when another directory is selected; global ones stay inside the environment."""
    session.proven = {name for name in session.proven if session.key(name).directory == "SSSE"}


def check_alive(session: Session) -> None:
    """Raises NoCardError when the session has ended: the card no longer is in the state it describes."""
    if session.ended:
        raise NoCardError("session-ended")


def close(session: Session) -> None:
    """Power off: all contacts to rest (Part 7 §5.5)."""
    session.ended = True
    session.proven.clear()
    session.reader.close()
