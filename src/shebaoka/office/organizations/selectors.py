"""The readers of organizations, staff and acts of two persons; always within the actor's subtree (R-04)."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from shebaoka.office.audit.jobs import NIGHTLY
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.audit.selectors import ChainState, bypasses, chain_states, row, rows
from shebaoka.office.audit.services import ROOT
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.acts import allow
from shebaoka.office.organizations.choices import Decision, Kind
from shebaoka.office.organizations.models import (
    Assignment,
    Organization,
    Passkey,
    Staff,
    StaffSession,
    TwoPersonAct,
)
from shebaoka.office.organizations.roles import acts
from shebaoka.office.organizations.services.auditing import VERIFY


def organizations(actor: Actor, *, closed: bool = False) -> QuerySet[Organization]:
    """The actor's organization and those below it, in the order of the tree."""
    found = Organization.objects.filter(path__startswith=actor.organization.path).order_by("path")
    return found if closed else found.filter(closed_on=None)


def organization(actor: Actor, code: str) -> Organization:
    """One of them, closed or not. Raises Refusal ``base.not-found``."""
    found = organizations(actor, closed=True).select_related("parent").filter(code=code).first()
    if found is None:
        raise Refusal("base.not-found", what=code)
    return found


def staff(actor: Actor, of: Organization | None = None, *, left: bool = False) -> QuerySet[Staff]:
    """Staff of the actor's subtree, or of one organization in it."""
    found = Staff.objects.filter(organization__path__startswith=actor.organization.path)
    if of is not None:
        found = found.filter(organization=of)
    if not left:
        found = found.filter(left_on=None)
    return found.select_related("organization").order_by("organization__path", "number")


def staff_member(actor: Actor, number: str) -> Staff:
    """One of them, also one who left. Raises Refusal ``base.not-found``."""
    found = staff(actor, left=True).filter(number=number).first()
    if found is None:
        raise Refusal("base.not-found", what=number)
    return found


def roles_of(member: Staff, day: date | None = None) -> QuerySet[Assignment]:
    """The roles she has on ``day`` (today) or will have."""
    day = day or clock.today()
    held = Assignment.objects.filter(Q(until=None) | Q(until__gt=day), staff=member)
    return held.order_by("role", "since")


def roles_of_all(members: Iterable[Staff], day: date | None = None) -> QuerySet[Assignment]:
    """The roles several of them have on ``day`` (today) or will have, person by person."""
    day = day or clock.today()
    held = Assignment.objects.filter(Q(until=None) | Q(until__gt=day), staff__in=members)
    return held.order_by("staff_id", "role", "since")


def sessions_of(actor: Actor, member: Staff) -> QuerySet[StaffSession]:
    """Her staff sessions, the last first."""
    own = StaffSession.objects.filter(staff__organization__path__startswith=actor.organization.path)
    return own.filter(staff=member).order_by("-began_at")


def passkeys_of(actor: Actor) -> QuerySet[Passkey]:
    """The actor's own passkeys in use."""
    return Passkey.objects.filter(staff=actor.staff, closed_at=None).order_by("added_at")


def acts_to_check(actor: Actor) -> QuerySet[TwoPersonAct]:
    """What waits for this person's yes or no, the oldest first: hers to check, not made by her, not checked
    by her already."""
    names = [name for name in acts() if actor.may_check(name)]
    waiting = _acts(actor).filter(decision=Decision.WAITING, act__in=names)
    return waiting.exclude(maker=actor.staff).exclude(checker=actor.staff).order_by("made_at")


def acts_made(actor: Actor) -> QuerySet[TwoPersonAct]:
    """What this person made, the last first."""
    return _acts(actor).filter(maker=actor.staff).order_by("-made_at")


def acts_of(actor: Actor, node: Organization) -> QuerySet[TwoPersonAct]:
    """All acts of two persons of an organization in her area, the last first."""
    return _acts(actor).filter(organization=node).order_by("-made_at")


def two_person_act(actor: Actor, id: UUID) -> TwoPersonAct:
    """One of her area. Raises Refusal ``base.not-found``."""
    found = _acts(actor).filter(pk=id).first()
    if found is None:
        raise Refusal("base.not-found", what="act")
    return found


def audit_rows(
    actor: Actor,
    of: Organization | None = None,
    *,
    subject: str = "",
    by: str = "",
    act: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
    text: str = "",
) -> QuerySet[Row]:
    """Audit rows of the chains in her area, for who may read them. Raises Refusal."""
    chains = _chains(actor)
    if of is not None:
        chains = [code for code in chains if code == of.code]
    return rows(chains, subject=subject, actor=by, act=act, since=since, before=before, text=text)


def audit_row(actor: Actor, chain: str, sequence: int) -> Row:
    """One of them. Raises Refusal ``base.not-found``."""
    found = row(chain, sequence) if chain in _chains(actor) else None
    if found is None:
        raise Refusal("base.not-found", what=f"{chain} {sequence}")
    return found


def audit_chains(actor: Actor) -> list[ChainState]:
    """The chains of her area and how far they are signed. Raises Refusal."""
    return chain_states(_chains(actor))


def audit_checks(actor: Actor) -> QuerySet[Row]:
    """What verifying showed: of her area, asked for at her body, and of everything every night; the last
    first."""
    allow(actor, "organizations.audit.read")
    own = rows([actor.organization.code], act=VERIFY)
    return own | rows([ROOT], act=NIGHTLY)


def audit_bypasses(actor: Actor) -> QuerySet[Bypass]:
    """Writes past the services, the last first: the ministry's affair, they belong to no area."""
    allow(actor, "organizations.audit.read")
    return bypasses() if actor.organization.kind == Kind.MINISTRY else bypasses().none()


def _chains(actor: Actor) -> list[str]:
    allow(actor, "organizations.audit.read")
    return list(organizations(actor, closed=True).values_list("code", flat=True))


def _acts(actor: Actor) -> QuerySet[TwoPersonAct]:
    within = TwoPersonAct.objects.filter(organization__path__startswith=actor.organization.path)
    return within.select_related("organization", "maker", "checker", "second_checker")
