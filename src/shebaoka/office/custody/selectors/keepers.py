"""The readers of custodians, envelopes and key rooms; always within the actor's subtree (R-04)."""

from datetime import timedelta

from django.db.models import Prefetch, Q, QuerySet

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.models import Envelope, EnvelopeOpening, Keeper, KeeperChange, RoomVisit
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.parameters.selectors import number as parameter

_CUSTODIAN = "organizations.key-custodian"


def keepers(actor: Actor) -> QuerySet[Keeper]:
    """The register of custodians, who is in office first."""
    found = Keeper.objects.filter(_within(actor)).select_related("organization", "person", "deputy")
    return found.order_by("organization__path", "-left_on", "person__number")


def keeper(actor: Actor, number: str) -> Keeper:
    """The latest entry of one. Raises Refusal ``base.not-found``."""
    found = keepers(actor).select_related("proposed_by", "appointed_by").filter(person__number=number)
    latest = found.order_by("-appointed_on", "-pk").first()
    if latest is None:
        raise Refusal("base.not-found", what=number)
    return latest


def not_appointed(body: Organization) -> list[Staff]:
    """Who has the role of a custodian there today and is not in the register."""
    day = clock.today()
    held = Q(assignments__until=None) | Q(assignments__until__gt=day)
    found = Staff.objects.filter(
        held, organization=body, is_active=True, assignments__role=_CUSTODIAN, assignments__since__lte=day
    )
    there = Keeper.objects.filter(organization=body, left_on=None).values("person")
    return list(found.exclude(pk__in=there).distinct().order_by("number"))


def changes(actor: Actor) -> QuerySet[KeeperChange]:
    """Changes of custodians, the latest first."""
    found = KeeperChange.objects.filter(_within(actor))
    return found.select_related("organization", "leaving", "successor", "supervisor").order_by("-at")


def change(actor: Actor, number: str) -> KeeperChange:
    """One of them. Raises Refusal ``base.not-found``."""
    found = changes(actor).filter(number=number).first()
    if found is None:
        raise Refusal("base.not-found", what=number)
    return found


def envelopes(actor: Actor) -> QuerySet[Envelope]:
    """Envelopes of deputies, those that are open first, with their openings."""
    openings = EnvelopeOpening.objects.select_related(
        "opened_by", "witness", "leader", "resealed_a", "resealed_b"
    )
    found = Envelope.objects.filter(_within(actor)).select_related("organization", "deputy", "place")
    found = found.prefetch_related(Prefetch("openings", openings.order_by("-opened_at")))
    return found.order_by("status", "organization__path", "number")


def envelope(actor: Actor, number: str) -> Envelope:
    """One of them. Raises Refusal ``base.not-found``."""
    found = envelopes(actor).select_related("deposited_a", "deposited_b").filter(number=number).first()
    if found is None:
        raise Refusal("base.not-found", what=number)
    return found


def openings_left_open(body: Organization) -> list[tuple[EnvelopeOpening, bool]]:
    """Openings without a new seal, and whether the time for it is over (R-65)."""
    hours = timedelta(hours=parameter(body, "custody.envelope-hours"))
    found = EnvelopeOpening.objects.filter(envelope__organization=body, resealed_at=None)
    return [(each, each.opened_at + hours < clock.now()) for each in found.select_related("envelope")]


def visits(actor: Actor) -> QuerySet[RoomVisit]:
    """The access log of key rooms, the latest first."""
    found = RoomVisit.objects.filter(_within(actor)).select_related("organization", "place")
    return found.order_by("-entered_at")


def _within(actor: Actor) -> Q:
    return Q(organization__path__startswith=actor.organization.path)
