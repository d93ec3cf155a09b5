"""The insured place of a person moves (关系转移): two agencies, two people (R-04; domain practice 7.11).

Within a province nothing happens to her card. From another province she applies for a card of the new place,
which ends the old one at hand-out: one person has one live card."""

from uuid import UUID

from shebaoka.domain import person_number
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.choices import TransferState
from shebaoka.office.people.hooks import BEFORE_MOVING
from shebaoka.office.people.models import Person, Transfer
from shebaoka.office.people.services.common import reason
from shebaoka.office.people.services.noting import changed

PLACES = (Kind.PROVINCE, Kind.CITY, Kind.AGENCY)
"""Bodies people are insured at."""


@service("people.transfer.ask")
def transfer_ask(act: Act, *, agency: Organization, number: str, name: str, why: str) -> Transfer:
    """``agency`` asks for the person with exactly that number and name, wherever she is insured. Nothing of
    her is shown for it.

    Raises Refusal ``base.not-found``, ``people.dead``, ``people.merged``, ``people.transfer-here``,
    ``people.transfer-place``, ``people.transfer-waits``, ``people.say-why``, and what
    other parts have against it (a card on its way)."""
    act.on(agency)
    if agency.kind not in PLACES or agency.closed_on is not None:
        raise Refusal("people.transfer-place", name=agency.name)
    said = reason(why)
    try:
        settled = person_number.settled(number)
    except ValueError:
        settled = ""
    found = _locked(number=settled, name=name)
    if found.agency_id == agency.pk:
        raise Refusal("people.transfer-here")
    if Transfer.objects.filter(person=found, state=TransferState.WAITING).exists():
        raise Refusal("people.transfer-waits")
    _may_move(found, agency)
    made = Transfer.objects.create(
        person=found,
        giving=found.agency,
        receiving=agency,
        reason=said,
        asked_by=act.actor.staff,
        asked_at=act.time,
    )
    act.about(made, of=found.agency.code)
    return made


@service("people.transfer.release")
def transfer_release(act: Act, *, transfer: UUID) -> Transfer:
    """The agency she leaves lets her go: from now on she is insured at the other one, without an employer
    until one is set there.

    Raises Refusal ``base.not-found``, ``people.transfer-decided``, ``people.transfer-own`` for who asked,
    and what other parts have against it."""
    found = _waiting(act, transfer, giving=True)
    if act.actor.staff is not None and act.actor.staff.pk == found.asked_by_id:
        raise Refusal("people.transfer-own")
    person = _locked(pk=found.person_id)
    _may_move(person, found.receiving)
    person.agency, person.region, person.employer = found.receiving, found.receiving.region, None
    person.save(update_fields=["agency", "region", "employer"])
    _decided(act, found, TransferState.DONE, "")
    changed(act, person, ["agency"])
    act.about(found, person=str(person.pk), to=found.receiving.code)
    return found


@service("people.transfer.refuse")
def transfer_refuse(act: Act, *, transfer: UUID, why: str) -> Transfer:
    """The agency she is insured at keeps her. Raises Refusal as :func:`transfer_release`, and
    ``people.say-why``."""
    found = _waiting(act, transfer, giving=True)
    if act.actor.staff is not None and act.actor.staff.pk == found.asked_by_id:
        raise Refusal("people.transfer-own")
    _decided(act, found, TransferState.REFUSED, reason(why))
    act.about(found, to=found.receiving.code)
    return found


@service("people.transfer.withdraw")
def transfer_withdraw(act: Act, *, transfer: UUID, why: str) -> Transfer:
    """The agency that asked does not want it any more. Raises Refusal ``base.not-found``,
    ``people.transfer-decided``, ``people.say-why``."""
    found = _waiting(act, transfer, giving=False)
    _decided(act, found, TransferState.WITHDRAWN, reason(why))
    act.about(found, of=found.giving.code)
    return found


def _locked(**which: object) -> Person:
    found = (
        Person.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agency")
        .filter(**which)
        .first()
    )
    if found is None:
        raise Refusal("base.not-found", what="person")
    return found


def _may_move(person: Person, to: Organization) -> None:
    if person.merged_into_id is not None:
        raise Refusal("people.merged")
    if person.died_on is not None:
        raise Refusal("people.dead")
    for hook in BEFORE_MOVING:
        hook(person, to)


def _waiting(act: Act, pk: UUID, *, giving: bool) -> Transfer:
    """One that is to be decided, locked after its person; the act stands in the chain of who decides."""
    known = Transfer.objects.filter(pk=pk).values_list("person", flat=True).first()
    if known is not None:
        _locked(pk=known)
    found = (
        Transfer.objects.select_for_update(of=("self",), no_key=True)
        .select_related("giving", "receiving", "person")
        .filter(pk=pk)
        .first()
    )
    side = None if found is None else found.giving if giving else found.receiving
    if found is None or side is None or not act.actor.organization.contains(side):
        raise Refusal("base.not-found", what="transfer")
    act.on(side)
    if found.state != TransferState.WAITING:
        raise Refusal("people.transfer-decided")
    return found


def _decided(act: Act, found: Transfer, state: TransferState, remark: str) -> None:
    found.state, found.remark = state, remark
    found.decided_by, found.decided_at = act.actor.staff, act.time
    found.save(update_fields=["state", "remark", "decided_by", "decided_at"])
