"""The end of a ceremony that was held at the desk: its transcript into the register, its keys after it.

It is done by whoever looks first when the room is done, and by the office every ten minutes. A room whose
process was killed has left a transcript without an end: it is closed as aborted, or, when it stops just where
the keys were being stored, as the vault itself says."""

import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from django.conf import settings

from shebaoka.journal.canonical import JournalError
from shebaoka.journal.classify import TamperedError
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.choices import CeremonyStatus
from shebaoka.office.custody.key_lines import KeyLine, lines_of
from shebaoka.office.custody.models import Ceremony
from shebaoka.office.custody.rooms.door import GoneError, is_here, knock, tidy
from shebaoka.office.custody.rooms.vaults import device_of, opened
from shebaoka.office.custody.rooms.wire import Keys, Look
from shebaoka.office.custody.services.ceremonies import ceremony_end
from shebaoka.office.custody.services.keys import keys_read
from shebaoka.office.custody.services.sittings import FOLDER
from shebaoka.office.organizations.actor import system
from shebaoka.office.organizations.choices import Channel
from shebaoka.vault.ceremony.script import CeremonyError
from shebaoka.vault.ceremony.transcript import End, close_interrupted, read_transcript_to_close
from shebaoka.vault.ceremony.transcript import read_transcript as read
from shebaoka.vault.model import KeyHandle


def ceremony_settle(found: Ceremony, *, secret: str = "", channel: Channel = Channel.DESK) -> str:
    """Registers what became of a ceremony that is not going on any more. ``secret``: of the vault, where only
    it can tell and the settings say that it is asked for. What the register of keys objects to, else empty.

    Raises Refusal ``custody.ceremony-sitting`` while it is going on, ``custody.elsewhere`` when the room is
    on another machine, ``custody.vault`` when the vault is needed and does not open,
    ``custody.transcript``."""
    if found.status != CeremonyStatus.SITTING:
        return ""
    if not is_here(found.room):
        raise Refusal("custody.elsewhere", machine=found.room.partition(":")[0])
    lines = _left_by(found)
    path = settings.CONFIGURATION.path / FOLDER / found.file
    try:
        lines = _closed(found, path, secret) or lines
        head = read(path).head
    except (JournalError, CeremonyError) as error:
        raise Refusal("custody.transcript", problem=" ".join(str(error).split())) from None
    body = found.organization
    office = system(body, channel)
    ended = ceremony_end(
        office, organization=body.code, number=found.number, transcript=path.read_bytes(), head=head
    )
    path.unlink(missing_ok=True)
    tidy(found.room)
    if ended.status != CeremonyStatus.HELD:
        return ""
    try:
        lines = lines or _read_again(found, secret)
        keys_read(office, organization=body.code, keys=lines, hsm=device_of(body, found.vault))
    except Refusal as refusal:
        return f"{refusal.what} {refusal.remedy}"
    return ""


def _read_again(found: Ceremony, secret: str) -> Sequence[KeyLine]:
    """Nobody could tell what the vault holds: it is opened to be read."""
    with opened(found.organization, found.vault, secret) as vault:
        return lines_of(vault)


def _left_by(found: Ceremony) -> Sequence[KeyLine]:
    """What the room tells of the vault's keys; nothing when nobody is there any more."""
    try:
        state = knock(found.room, Look()).state
        if state is None or not state.end:
            raise Refusal("custody.ceremony-sitting", number=found.number)
        return msgspec.json.decode(knock(found.room, Keys()).content, type=list[KeyLine])
    except GoneError:
        return ()


def _closed(found: Ceremony, path: Path, secret: str) -> Sequence[KeyLine]:
    """Gives a transcript that stops in the middle its end."""
    with contextlib.suppress(TamperedError):  # a last line that was not written to its end
        if read(path).end is not End.OPEN:
            return ()
    handles: Sequence[KeyHandle] = ()
    lines: Sequence[KeyLine] = ()
    if read_transcript_to_close(path).storing:
        with opened(found.organization, found.vault, secret) as vault:
            handles, lines = vault.handles(), lines_of(vault)
    close_interrupted(path, handles, lambda: datetime.now(UTC).replace(microsecond=0))
    return lines
