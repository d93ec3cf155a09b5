"""Files and items as they are named on the command line: ``DF03/EF07``, ``DF03/EF07/70``."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from shebaoka.cli.errors import UsageProblem
from shebaoka.terminal.content import FileReading
from shebaoka.terminal.errors import PinError, TerminalError
from shebaoka.terminal.reading import all_files, read_file, read_item
from shebaoka.terminal.session import Session

_SHAPE = re.compile(r"(?:(SSSE|DF[0-9A-F]{2})/?)?(EF[0-9A-F]{2})(?:/([0-9A-F]{2}))?", re.IGNORECASE)

Readings = dict[tuple[str, int], FileReading]
Failures = dict[tuple[str, int], TerminalError]


@dataclass(frozen=True)
class Place:
    """A file, or with ``tag`` one item of it."""

    directory: str
    fid: int
    tag: int | None = None


def parse_place(name: str, directory: str = "") -> Place:
    """``DF03/EF07``, ``DF03EF07``, ``DF03/EF07/70``; without a directory in ``directory``. Raises
    UsageProblem."""
    shape = _SHAPE.fullmatch(name)
    if shape is None or not (shape[1] or directory):
        raise UsageProblem(
            f"{name}: not a file name; write DIRECTORY/FILE such as SSSE/EF06 or DF03/EF07, with /70 behind "
            "it for one item"
        )
    tag = int(shape[3], 16) if shape[3] else None
    return Place((shape[1] or directory).upper(), int(shape[2], 16), tag)


def everything(session: Session) -> list[Place]:
    """Every readable file of the card."""
    return [Place(directory, fid) for directory, fid in all_files(session)]


def read_places(
    session: Session, places: Iterable[Place], code: str | None = None
) -> tuple[Readings, Failures]:
    """Read files and items; what cannot be read is told beside what can. A PinError ends it at once, so that
    no second try is spent."""
    read: Readings = {}
    failed: Failures = {}
    for place in places:
        where = place.directory, place.fid
        try:
            found = _read(session, place, code)
        except PinError:
            raise
        except TerminalError as error:
            failed[where] = error
        else:
            before = read[where].records if where in read and place.tag is not None else ()
            read[where] = replace(found, records=(*before, *found.records))
    return read, failed


def _read(session: Session, place: Place, code: str | None) -> FileReading:
    if place.tag is None:
        return read_file(session, place.directory, place.fid, code=code)
    return read_item(session, place.directory, place.fid, place.tag, code=code)


def parse_places(words: Sequence[str], directory: str) -> list[Place]:
    """The words behind ``read`` in the shell: files, each with the tags of items behind it when wished
    (``EF07 70 71``). Raises UsageProblem."""
    places: list[Place] = []
    for word in words:
        if re.fullmatch("[0-9A-Fa-f]{2}", word) and places:
            file = places[-1]
            if file.tag is None:
                places.pop()
            places.append(replace(file, tag=int(word, 16)))
        else:
            places.append(parse_place(word, directory))
    return places
