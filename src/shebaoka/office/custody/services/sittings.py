"""Ceremonies held from the desk: opened by the operator, answered by each participant on a page of her own,
stopped by any of them, and settled with their transcript.

What is typed goes to the room and nowhere else. The row in the chain stands before the answer is given to the
room, so that nothing happens there without one; it names the question, never the answer."""

from collections.abc import Mapping

from django.conf import settings

from shebaoka.journal.canonical import JournalError
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.ids import new_id
from shebaoka.office.custody.choices import CarrierStatus, CeremonyStatus
from shebaoka.office.custody.models import Carrier, Ceremony
from shebaoka.office.custody.rooms.door import GoneError, is_here, knock, open_door
from shebaoka.office.custody.rooms.samples import sample_of
from shebaoka.office.custody.rooms.sitting import Sitting
from shebaoka.office.custody.rooms.vaults import open_own
from shebaoka.office.custody.rooms.wire import Answer, Letters, Look, Reply, State, Stop, said
from shebaoka.office.custody.services.ceremonies import script_of
from shebaoka.office.custody.services.common import (
    CUSTODIAN,
    LEADER,
    OFFICER,
    OPERATOR,
    own_body,
    person,
    words,
)
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.parameters.selectors import switch
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Text
from shebaoka.vault.ceremony.script import OPERATOR as AT_THE_STATION
from shebaoka.vault.ceremony.script import WITNESS, CeremonyError, Script
from shebaoka.vault.model import VaultError

FOLDER = "ceremonies"
"""Below the office's folder: transcripts of ceremonies that are going on."""
_ROLES = {AT_THE_STATION: OPERATOR, WITNESS: OFFICER}


def ceremony_open(
    actor: Actor,
    *,
    organization: str,
    number: str,
    vault: str,
    secret: str,
    sample: str,
    readers: Mapping[Algorithm, str] | None = None,
    reason: str = "",
) -> Ceremony:
    """The operator opens the vault and the ceremony begins. ``sample``: card, simulated or none (``reason``).
    Nothing of it is left when this fails."""
    opened: list[str] = []
    try:
        return _open(
            actor, organization=organization, number=number, vault=vault, secret=secret, sample=sample,
            readers=readers or {}, reason=reason, opened=opened,
        )  # fmt: skip
    except BaseException:
        for room in opened:
            knock(room, Stop("the office could not register it"))
        raise


@service("custody.ceremony.open")
def _open(
    act: Act,
    *,
    organization: str,
    number: str,
    vault: str,
    secret: str,
    sample: str,
    readers: Mapping[Algorithm, str],
    reason: str,
    opened: list[str],
) -> Ceremony:
    body = own_body(act, organization)
    found, script = _ceremony(body, number, CeremonyStatus.APPROVED)
    if not switch(body, "custody.ceremony-at-the-desk"):
        raise Refusal("custody.not-at-the-desk", name=body.name)
    if Ceremony.objects.filter(organization=body, status=CeremonyStatus.SITTING).exists():
        raise Refusal("custody.ceremony-other")
    if role_of(script, act.actor) != AT_THE_STATION:
        raise Refusal("custody.not-its-operator", number=script.operator.number)
    for role, each in script.persons.items():
        person(body, each.number, _ROLES.get(role, CUSTODIAN))
    _carriers_are_out(body, script)
    test = sample_of(sample, readers, reason)
    folder = settings.CONFIGURATION.path / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = f"{new_id()}.jsonl"
    minutes = parameter(body, "custody.ceremony-idle-minutes")
    try:
        sitting = Sitting(script, open_own(body, vault, secret), folder / file, test)
    except (CeremonyError, VaultError, JournalError) as error:
        line = " ".join(str(error).split())
        problem = said(error.said if isinstance(error, CeremonyError) else Text(line, line))
        raise Refusal("custody.room", problem=problem) from None
    found.room = open_door(sitting, minutes * 60)
    opened.append(found.room)
    found.status, found.vault, found.file = CeremonyStatus.SITTING, vault, file
    found.opened_by, found.opened_at = act.actor.staff, act.time
    found.save(update_fields=["status", "room", "vault", "file", "opened_by", "opened_at"])
    act.about(found, number=number, vault=vault, sample=str(test.kind))
    return found


def ceremony_answer(actor: Actor, *, organization: str, number: str, question: str, text: str) -> State:
    """Her answer to the question the room asks of her; what the room asks next. Raises Refusal
    ``custody.not-your-turn``, ``custody.ceremony-moved-on``, ``custody.room-gone``."""
    found = _answer(actor, organization=organization, number=number, question=question)
    role = role_of(script_of(found.script), actor)
    return _said(_knock(found, Answer(question, role, text)))


@service("custody.ceremony.answer")
def _answer(act: Act, *, organization: str, number: str, question: str) -> Ceremony:
    body = own_body(act, organization)
    found, script = _ceremony(body, number, CeremonyStatus.SITTING)
    asked = _said(_knock(found, Look())).question
    role = role_of(script, act.actor)
    if asked is None or asked.id != question:
        raise Refusal("custody.ceremony-moved-on")
    if asked.by != role:
        raise Refusal("custody.not-your-turn", name=script.persons[asked.by].name)
    act.about(found, number=number, question=question, role=role)
    return found


def ceremony_stop(actor: Actor, *, organization: str, number: str, reason: str) -> State:
    """Aborted: nothing of it is stored. Any participant does it, and the body's leader."""
    found = _stop(actor, organization=organization, number=number, reason=reason)
    return _said(_knock(found, Stop(words(reason))))


@service("custody.ceremony.stop")
def _stop(act: Act, *, organization: str, number: str, reason: str) -> Ceremony:
    body = own_body(act, organization)
    found, script = _ceremony(body, number, CeremonyStatus.SITTING)
    if not role_of(script, act.actor) and LEADER not in act.actor.roles:
        raise Refusal("custody.not-in-it", number=number)
    act.about(found, number=number, reason=words(reason)[:200])
    return found


def ceremony_letters(actor: Actor, *, organization: str, number: str) -> bytes:
    """Her component letters as PDF, in the step of her letters. Raises Refusal ``base.not-found``."""
    found = _letters(actor, organization=organization, number=number)
    content = _knock(found, Letters(role_of(script_of(found.script), actor))).content
    if not content:
        raise Refusal("base.not-found", what=number)
    return content


@service("custody.ceremony.letters")
def _letters(act: Act, *, organization: str, number: str) -> Ceremony:
    body = own_body(act, organization)
    found, script = _ceremony(body, number, CeremonyStatus.SITTING)
    role = role_of(script, act.actor)
    if role not in script.keepers:
        raise Refusal("custody.not-your-turn", name=", ".join(script.persons[r].name for r in script.keepers))
    act.about(found, number=number, role=role)
    return found


def role_of(script: Script, actor: Actor) -> str:
    """The role somebody has in a ceremony; empty for none."""
    return next((role for role, each in script.persons.items() if each.number == actor.number), "")


def state_of(found: Ceremony) -> State:
    """How far a ceremony is that is being held. Raises Refusal ``custody.room-gone``."""
    return _said(_knock(found, Look()))


def _ceremony(body: Organization, number: str, status: CeremonyStatus) -> tuple[Ceremony, Script]:
    locked = Ceremony.objects.select_for_update(of=("self",))
    found = locked.filter(organization=body, number=number).first()
    if found is None:
        raise Refusal("base.not-found", what=number)
    if found.status in (CeremonyStatus.HELD, CeremonyStatus.ABORTED):
        raise Refusal("custody.ceremony-over", number=number)
    if found.status != status:
        code = "custody.ceremony-sitting" if status == CeremonyStatus.APPROVED else "custody.not-sitting"
        raise Refusal(code, number=number)
    return found, script_of(found.script)


def _carriers_are_out(body: Organization, script: Script) -> None:
    """What is used was taken out with two signatures (R-28); devices and cards of no register are left."""
    serials = [carrier.serial for carrier in script.carriers]
    known = Carrier.objects.filter(holder=body, serial__in=serials).exclude(status=CarrierStatus.OUT)
    inside = list(known.order_by("serial").values_list("serial", flat=True))
    if inside:
        raise Refusal("custody.not-out", serial=", ".join(inside))


def _knock(found: Ceremony, request: Answer | Look | Stop | Letters) -> Reply:
    if not is_here(found.room):
        raise Refusal("custody.elsewhere", machine=found.room.partition(":")[0])
    try:
        return knock(found.room, request)
    except GoneError:
        raise Refusal("custody.room-gone", number=found.number) from None


def _said(reply: Reply) -> State:
    if reply.refused:
        raise Refusal(reply.refused)
    if reply.state is None:
        raise Refusal("custody.ceremony-moved-on")
    return reply.state
