"""The applications of a card, by its directory file (应用选择, Part 7 §5.9, Part 3 §6)."""

from dataclasses import dataclass

from shebaoka.codec.apdu import Command
from shebaoka.codec.directory import DirectoryError, parse_record
from shebaoka.spec import sw
from shebaoka.spec.model import DirectoryLayout
from shebaoka.terminal.session import Session, select, send

_MOST_RECORDS = 30


@dataclass(frozen=True, slots=True)
class CardApplication:
    """An application: ``name`` for SELECT, ``label`` of the directory file, ``directory`` of the layout or
    None when this terminal does not know it."""

    name: bytes
    label: str
    directory: DirectoryLayout | None


def applications(session: Session) -> list[CardApplication]:
    """What the directory file lists, in its order; without one the card is taken to hold every application of
    its layout (Part 3 §5.1.4) but the optional ones. Malformed records are passed over.
    Raises StatusWordError, NoCardError."""
    known = {bytes.fromhex(d.aid): d for d in session.layout.directories[1:]}
    if session.fci.dir_sfi is None:
        return [CardApplication(name, d.label, d) for name, d in known.items() if not d.optional]
    select(session, "SSSE")
    found = []
    for number in range(1, _MOST_RECORDS + 1):
        command = Command(0x00, 0xB2, number, session.fci.dir_sfi << 3 | 0x04, le=256)
        end = (sw.RECORD_NOT_FOUND, sw.FILE_NOT_FOUND)
        response = send(session, command, "READ RECORD", accept=(sw.OK, *end))
        if response.sw in end:
            break
        try:
            entries = parse_record(response.data)
        except DirectoryError:
            continue
        found += [CardApplication(entry.name, entry.label, known.get(entry.name)) for entry in entries]
    return found


def directories(session: Session) -> list[DirectoryLayout]:
    """The directories of the layout, the optional ones only when the card's directory file lists them.
    Raises StatusWordError, NoCardError."""
    listed = {application.directory for application in applications(session)}
    return [d for d in session.layout.directories if not d.optional or d in listed]
