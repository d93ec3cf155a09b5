"""Commands to a PSAM in a reader: its applications, and the key version each level publishes (Part 9 §5)."""

from collections.abc import Mapping

from shebaoka.personalization.errors import LoadError
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.reader.exchange import follow
from shebaoka.spec import sw
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.layouts import psam_layout
from shebaoka.spec.status_words import describe
from shebaoka.vault.model import Level

INFORMATION = {Level.NATION: 0x001A, Level.PROVINCE: 0x001B, Level.CITY: 0x001C}
"""Each level's information file."""


def send(reader: Reader, command: bytes, what: str, meanings: Mapping[int, str] | None = None) -> bytes:
    """The answer's data. Raises LoadError for another status word than 9000."""
    raw = answer(reader, command, what)
    word = int.from_bytes(raw[-2:])
    if word != sw.OK:
        meaning = (meanings or {}).get(word) or describe(word).meaning.en
        raise LoadError(f"{what}: the PSAM answered {word:04X} ({meaning})")
    return raw[:-2]


def answer(reader: Reader, command: bytes, what: str) -> bytes:
    """Data and status word. Raises LoadError when the PSAM does not answer."""
    try:
        return follow(reader, command)
    except ReaderError as error:
        raise LoadError(f"{what}: the PSAM stopped answering: {error}") from error


def probe(reader: Reader, command: bytes) -> int:
    """The status word of a command that asks only."""
    return int.from_bytes(answer(reader, command, "asking the PSAM")[-2:])


def select_application(reader: Reader, suite: Algorithm, version: int | None = None) -> None:
    """The standard application of an environment, or the one that a key version has of its own."""
    environment = psam_layout().environment(suite.label)
    send(reader, select(bytes.fromhex(environment.aid)), f"SELECT {environment.id}")
    what = "the PSAM application" if version is None else f"the application of key version {version}"
    send(reader, select(application_name(version)), f"SELECT {what}")


def select(name: bytes) -> bytes:
    """SELECT by name."""
    return b"\x00\xa4\x04\x00" + bytes((len(name),)) + name


def application_name(version: int | None = None) -> bytes:
    """Name of the standard application, or of the one that a key version has of its own: with the version as
    one more byte."""
    name = bytes.fromhex(psam_layout().environments[0].application.aid)
    return name if version is None else name + bytes((version,))


def published_version(reader: Reader, level: Level) -> int:
    """The authentication key version that the selected application publishes for a level, 1 without one
    (Part 9 §5.5-5.7)."""
    raw = answer(
        reader, bytes((0x00, 0xB0, 0x80 | INFORMATION[level] & 0x1F, 0x00, 2)), "the version published"
    )
    return raw[1] or 1 if raw[-2:] == b"\x90\x00" and len(raw) == 4 else 1
