"""Deputies' sealed envelopes: deposited by two, opened on the leader's order before a second person, sealed
again over new secrets (R-65)."""

import msgspec

from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.choices import EnvelopeStatus
from shebaoka.office.custody.models import Envelope, EnvelopeOpening
from shebaoka.office.custody.services.common import (
    CUSTODIAN,
    LEADER,
    maker_and_checker,
    next_number,
    own_body,
    person,
    place_of,
    two_signers,
    words,
)
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.organizations.two_persons import two_persons


class NewEnvelope(msgspec.Struct, frozen=True):
    """An envelope. ``what``: which secrets are in it, in words; ``deputy``: who may ask for it."""

    organization: str
    deputy: str
    what: str
    place: str
    seal: str
    compartment: str = ""


class EnvelopeOrder(msgspec.Struct, frozen=True):
    """It is to be opened. ``order``: number of the leader's written order; ``reason``: why both custodians
    are unavailable."""

    organization: str
    number: str
    order: str
    reason: str


class Resealing(msgspec.Struct, frozen=True):
    """It is under a new seal. ``renewed``: which secrets were changed."""

    organization: str
    number: str
    seal: str
    renewed: str


@two_persons("custody.envelope.deposit", NewEnvelope, rehearsed=True)
def envelope_deposit(act: Act, new: NewEnvelope) -> Envelope | Organization:
    """Closed and put away by two persons, neither of them the deputy. Raises Refusal
    ``custody.not-the-deputy``."""
    body = own_body(act, new.organization)
    deputy = person(body, new.deputy, CUSTODIAN)
    place = place_of(body, new.place)
    what, seal = words(new.what), words(new.seal)
    if deputy.number in (act.actor.number, act.persons.get("maker")):
        raise Refusal("custody.not-the-deputy", number=deputy.number)
    signers = maker_and_checker(act)
    if signers is None:
        act.about(body)
        return body
    made = Envelope.objects.create(
        organization=body,
        number=f"{next_number(body)}-E",
        deputy=deputy,
        what=what,
        place=place,
        compartment=" ".join(new.compartment.split()),
        seal=seal,
        deposited_at=act.time,
        deposited_a=signers[0],
        deposited_b=signers[1],
    )
    act.about(made, number=made.number, deputy=deputy.number, place=place.code, seal=seal)
    return made


@two_persons("custody.envelope.open", EnvelopeOrder, needs=2, rehearsed=True)
def envelope_open(act: Act, order: EnvelopeOrder) -> EnvelopeOpening | Envelope:
    """The deputy asks, the leader orders, a second person is present. Raises Refusal
    ``custody.only-its-deputy``, ``custody.envelope-state``, ``custody.leader-orders``."""
    body = own_body(act, order.organization)
    found = _envelope(body, order.number, EnvelopeStatus.SEALED)
    deputy = found.deputy
    if act.persons.get("maker", act.actor.number) != deputy.number:
        raise Refusal("custody.only-its-deputy", number=deputy.number)
    number, reason = words(order.order), words(order.reason)
    signers = two_signers(act) if "checker" in act.persons else None
    if signers is None:
        act.about(found)
        return found
    leaders = [each for each in signers if _is_leader(body, each)]
    others = [each for each in signers if each not in leaders]
    if len(leaders) != 1:
        raise Refusal("custody.leader-orders")
    made = EnvelopeOpening.objects.create(
        envelope=found,
        order=number,
        reason=reason,
        seal=found.seal,
        opened_at=act.time,
        opened_by=deputy,
        witness=others[0],
        leader=leaders[0],
    )
    found.status = EnvelopeStatus.OPENED
    found.save(update_fields=["status"])
    act.about(found, number=found.number, order=number, seal=found.seal)
    return made


@two_persons("custody.envelope.reseal", Resealing, rehearsed=True)
def envelope_reseal(act: Act, new: Resealing) -> Envelope:
    """Under a new seal, over new secrets, signed by two. Raises Refusal ``custody.envelope-state``,
    ``custody.same-seal``."""
    body = own_body(act, new.organization)
    found = _envelope(body, new.number, EnvelopeStatus.OPENED)
    seal, renewed = words(new.seal), words(new.renewed)
    if seal == found.seal:
        raise Refusal("custody.same-seal", seal=seal)
    signers = maker_and_checker(act)
    if signers is None:
        act.about(found)
        return found
    opening = found.openings.select_for_update().get(resealed_at=None)
    opening.resealed_at, opening.renewed, opening.new_seal = act.time, renewed, seal
    opening.resealed_a, opening.resealed_b = signers
    opening.save(update_fields=["resealed_at", "resealed_a", "resealed_b", "renewed", "new_seal"])
    found.status, found.seal = EnvelopeStatus.SEALED, seal
    found.save(update_fields=["status", "seal"])
    act.about(found, number=found.number, seal=seal)
    return found


def _envelope(body: Organization, number: str, status: EnvelopeStatus) -> Envelope:
    locked = Envelope.objects.select_for_update(of=("self",)).select_related("deputy")
    found = locked.filter(organization=body, number=number).first()
    if found is None:
        raise Refusal("base.not-found", what=number)
    if found.status != status:
        raise Refusal("custody.envelope-state", number=number, status=found.get_status_display())
    return found


def _is_leader(body: Organization, member: Staff) -> bool:
    try:
        person(body, member.number, LEADER)
    except Refusal:
        return False
    return True
