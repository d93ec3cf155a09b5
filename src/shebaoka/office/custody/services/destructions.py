"""The writer of records of destruction."""

from datetime import date

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import keep
from shebaoka.office.custody.choices import CarrierStatus
from shebaoka.office.custody.models import Destruction, DestructionFile
from shebaoka.office.custody.services.common import (
    OFFICER,
    carriers_of,
    let_go,
    move,
    next_number,
    own_body,
    person,
    two_signers,
    words,
)
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons


class DestroyedCarriers(msgspec.Struct, frozen=True):
    """Carriers that were destroyed: how, where, by whom, before whom. ``certificate``: of the designated
    unit, or the number of the photographs."""

    organization: str
    serials: tuple[str, ...]
    day: date
    reason: str
    method: str
    place: str
    destroyer_a: str
    destroyer_b: str
    supervisor: str
    certificate: str


@two_persons("custody.carrier.destroy", DestroyedCarriers, rehearsed=True)
def carriers_destroy(act: Act, new: DestroyedCarriers) -> Destruction | Organization:
    """Approved by the leader. Raises Refusal ``custody.three-persons`` unless two destroyed before a third;
    neither of them approves."""
    body = own_body(act, new.organization)
    if not new.serials:
        raise Refusal("custody.nothing-named")
    if len({new.destroyer_a, new.destroyer_b, new.supervisor}) != 3:
        raise Refusal("custody.three-persons")
    if new.day > clock.today():
        raise Refusal("custody.dates")
    carriers = carriers_of(body, new.serials)
    persons = [person(body, number) for number in (new.destroyer_a, new.destroyer_b)]
    supervisor = person(body, new.supervisor, OFFICER)
    for carrier in carriers:
        let_go(carrier, act.time)
        move(carrier, CarrierStatus.DESTROYED)
    signers = two_signers(act)
    if signers is None:
        act.about(body)
        return body
    if signers[1] in (*persons, supervisor):
        raise Refusal("organizations.own-matter")
    made = Destruction.objects.create(
        organization=body,
        number=f"{next_number(body)}-D",
        day=new.day,
        reason=words(new.reason),
        method=words(new.method),
        place=words(new.place),
        certificate=words(new.certificate),
        destroyer_a=persons[0],
        destroyer_b=persons[1],
        supervisor=supervisor,
        approver=signers[1],
    )
    for carrier in carriers:
        carrier.destruction = made
        carrier.save(update_fields=["status", "place", "compartment", "destruction"])
    act.about(made, number=made.number, serials=list(new.serials), certificate=made.certificate)
    return made


@service("custody.destruction.attach")
def destruction_attach(
    act: Act, *, organization: str, number: str, name: str, content: bytes, shows: str
) -> DestructionFile:
    """A photograph of the destroyed carriers, the certificate, a witness's paper. Only added to. Raises
    Refusal ``custody.file-twice``, ``base.file-unfit``."""
    body = own_body(act, organization)
    locked = Destruction.objects.select_for_update(of=("self",))
    found = locked.filter(organization=body, number=number).first()
    if found is None or act.actor.staff is None:
        raise Refusal("base.not-found", what=number)
    shown = words(shows)
    name, digest = keep(name, content)
    if found.files.filter(sha256=digest).exists():
        raise Refusal("custody.file-twice")
    made = DestructionFile.objects.create(
        destruction=found,
        name=name,
        sha256=digest,
        size=len(content),
        shows=shown,
        added_by=act.actor.staff,
        added_at=act.time,
    )
    act.about(found, number=number, sha256=digest)
    return made
