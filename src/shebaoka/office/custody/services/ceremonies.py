"""Key ceremonies: the script is approved before, the transcript proves what was done (domain practice)."""

import tempfile
from pathlib import Path

import msgspec

from shebaoka.journal.canonical import JournalError
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import keep
from shebaoka.office.custody.bodies import body_of
from shebaoka.office.custody.choices import CeremonyStatus
from shebaoka.office.custody.models import Ceremony, KeyRecord
from shebaoka.office.custody.services.common import (
    CUSTODIAN,
    LEADER,
    OFFICER,
    OPERATOR,
    own_body,
    person,
    two_signers,
)
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.paper.transcript import transcript_pdf
from shebaoka.spec.errors import SpecError
from shebaoka.vault.ceremony.engine import STORING
from shebaoka.vault.ceremony.printing import paper_of
from shebaoka.vault.ceremony.script import CeremonyError, Script, read_script
from shebaoka.vault.ceremony.transcript import End, Transcript, read_transcript
from shebaoka.vault.model import VaultError

_ROLES = {"operator": OPERATOR, "witness": OFFICER}


class PlannedCeremony(msgspec.Struct, frozen=True):
    """A ceremony of ``organization``. ``script``: the TOML as it will be played."""

    organization: str
    script: str


@two_persons("custody.ceremony.plan", PlannedCeremony, rehearsed=True)
def ceremony_plan(act: Act, new: PlannedCeremony) -> Ceremony | Organization:
    """Proposed by the operator's side, approved by the leader whom the script names. Raises Refusal
    ``custody.script`` with what is wrong in it, ``custody.wrong-person`` for people who do not have the role
    they are to play."""
    body = own_body(act, new.organization)
    script = script_of(new.script)
    if (script.body.level, script.body.code) != (body_of(body).level, body_of(body).code):
        raise Refusal("custody.script", problem=f"body: {script.body}")
    for role, each in script.persons.items():
        person(body, each.number, _ROLES.get(role, CUSTODIAN))
    if Ceremony.objects.filter(number=script.number).exists():
        raise Refusal("custody.ceremony-known", number=script.number)
    signers = two_signers(act)
    if signers is None:
        act.about(body)
        return body
    person(body, signers[1].number, LEADER)
    made = Ceremony.objects.create(
        organization=body,
        number=script.number,
        title=script.title,
        script=new.script,
        digest=script.digest,
        proposed_by=signers[0],
        approved_by=signers[1],
        approved_at=act.time,
    )
    act.about(made, number=made.number, script=made.digest)
    return made


@service("custody.ceremony.end")
def ceremony_end(act: Act, *, organization: str, number: str, transcript: bytes, head: str) -> Ceremony:
    """The transcript of a ceremony that was held or aborted. ``head``: as signed on paper. One that is held
    at the desk is ended by the office itself.

    Raises Refusal ``custody.transcript`` for one that was tampered with, cut off, of another ceremony or
    script; ``custody.key-differs`` when the register has another check value for a key of it."""
    body = own_body(act, organization)
    found = Ceremony.objects.select_for_update(of=("self",)).filter(organization=body, number=number).first()
    if found is None:
        raise Refusal("base.not-found", what=number)
    if found.status in (CeremonyStatus.HELD, CeremonyStatus.ABORTED):
        raise Refusal("custody.ceremony-over", number=number)
    if found.status == CeremonyStatus.SITTING and act.actor.staff is not None:
        raise Refusal("custody.ceremony-sitting", number=number)
    read = transcript_of(transcript, head.strip().lower())
    opened = read.records[0].data
    if (opened.get("number"), opened.get("script")) != (number, found.digest):
        raise Refusal("custody.transcript", problem=f"{opened.get('number')} ≠ {number}")
    if read.end is End.OPEN:
        raise Refusal("custody.transcript", problem="no end")
    keys = _agreed(read)
    found.status = CeremonyStatus.HELD if read.held else CeremonyStatus.ABORTED
    found.ended_at, found.head, found.keys = read.records[-1].at, read.head, keys if read.held else 0
    _name, found.transcript = keep("transcript.txt", transcript)
    _name, found.paper = keep("transcript.pdf", transcript_pdf(paper_of(read)))
    found.save(update_fields=["status", "ended_at", "head", "keys", "transcript", "paper"])
    act.about(found, number=number, head=read.head, status=found.status, keys=found.keys)
    return found


def script_of(text: str) -> Script:
    """A script, checked. Raises Refusal ``custody.script``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.toml"
        path.write_bytes(text.encode())
        try:
            script = read_script(path)
        except (SpecError, CeremonyError, VaultError) as error:
            problem = str(error).replace(f"{path}: ", "").replace(str(path), "script")
            raise Refusal("custody.script", problem=problem) from None
    if script.extensions:
        raise Refusal("custody.script", problem="extensions")
    return script


def transcript_of(content: bytes, head: str) -> Transcript:
    """A transcript, proved against the head on paper. Raises Refusal ``custody.transcript``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "transcript"
        path.write_bytes(content)
        try:
            return read_transcript(path, head)
        except (JournalError, CeremonyError, KeyError, ValueError) as error:
            problem = str(error).replace(f"{path}: ", "").replace(str(path), "transcript")
            raise Refusal("custody.transcript", problem=problem) from None


def _agreed(read: Transcript) -> int:
    """How many keys it stored; the register agrees with all of them that it knows."""
    stored = [key for record in read.records if record.act == STORING for key in record.data["keys"]]
    known = dict(
        KeyRecord.objects.filter(key_id__in=[key["id"] for key in stored]).values_list("key_id", "kcv")
    )
    for key in stored:
        if known.get(key["id"], key["kcv"]) != key["kcv"]:
            raise Refusal("custody.key-differs", key=key["id"], before=known[key["id"]], now=key["kcv"])
    return len(stored)
