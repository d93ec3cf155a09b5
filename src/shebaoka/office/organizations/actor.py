"""Who acts: a member of staff with her roles, a session and a channel, or the office's own jobs."""

from dataclasses import dataclass, field

from django.db.models import Q

from shebaoka.office.base import clock
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.models import Organization, Staff, StaffSession
from shebaoka.office.organizations.roles import acts

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """``staff`` None: the office itself, for jobs; it may do everything in its organization's subtree."""

    organization: Organization
    channel: Channel
    staff: Staff | None = None
    roles: frozenset[str] = field(default=frozenset())
    session: StaffSession | None = None

    @property
    def number(self) -> str:
        """The staff number, as records name her."""
        return self.staff.number if self.staff else SYSTEM

    def may(self, act: str) -> bool:
        """Whether a role of hers does this act."""
        entry = acts()[act]
        if self.staff is None or entry.anybody:
            return True
        return not self.roles.isdisjoint(entry.roles)

    def may_check(self, act: str) -> bool:
        """Whether a role of hers checks this act."""
        return self.staff is not None and not self.roles.isdisjoint(acts()[act].checkers)


def actor_of(staff: Staff, channel: Channel) -> Actor:
    """The actor a member of staff is today: roles in force, the open session; none of them once she is
    suspended or left."""
    if not staff.is_active:
        return Actor(staff.organization, channel, staff)
    day, time = clock.today(), clock.now()
    held = staff.assignments.filter(
        Q(until=None) | Q(until__gt=day), since__lte=day, organization=staff.organization
    )
    session = staff.sessions.filter(closed_at=None, began_at__lte=time, ends_at__gt=time).order_by(
        "-began_at"
    )
    return Actor(
        staff.organization, channel, staff, frozenset(held.values_list("role", flat=True)), session.first()
    )


def system(organization: Organization, channel: Channel = Channel.JOB) -> Actor:
    """The office itself acting for ``organization``."""
    return Actor(organization, channel)
