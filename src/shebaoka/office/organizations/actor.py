"""Who acts: a member of staff with her roles, a session and a channel, or the office's own jobs."""

from dataclasses import dataclass, field

from django.db.models import Q

from shebaoka.office.base import clock
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.models import Organization, Staff, StaffSession
from shebaoka.office.organizations.roles import acts

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Machine:
    """A program of others: how records name it, and the acts that it may do."""

    number: str
    acts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """``staff`` None: a program of others (``machine``), or the office itself, for jobs; that may do all
    in its organization's subtree. ``persons``: holders it acts for on the portal, by role, with their ids;
    they stand in every row."""

    organization: Organization
    channel: Channel
    staff: Staff | None = None
    roles: frozenset[str] = field(default=frozenset())
    session: StaffSession | None = None
    machine: Machine | None = None
    persons: tuple[tuple[str, str], ...] = ()

    @property
    def number(self) -> str:
        """The staff number, as records name her."""
        if self.staff is not None:
            return self.staff.number
        return self.machine.number if self.machine is not None else SYSTEM

    def may(self, act: str) -> bool:
        """Whether a role of hers does this act."""
        entry = acts()[act]
        if self.machine is not None:
            return act in self.machine.acts
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
