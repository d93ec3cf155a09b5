"""Staff sessions: time-limited, with a purpose; acts are done within one."""

from datetime import datetime, timedelta

from django.db.models import F

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.limits import limit
from shebaoka.office.organizations.models import Staff, StaffSession
from shebaoka.office.organizations.services.herself import herself

_SHORTEST_PURPOSE = 2


@service("organizations.session.begin")
def session_begin(act: Act, *, purpose: str, minutes: int | None = None) -> StaffSession:
    """A session of ``minutes``, at most and by default what her region allows; one still open is ended.

    Raises Refusal without a purpose or for a longer time."""
    # its row is locked, so that two sessions cannot begin at once
    staff = herself(act)
    purpose = " ".join(purpose.split())
    if len(purpose) < _SHORTEST_PURPOSE:
        raise Refusal("organizations.no-purpose")
    longest = limit("session-minutes", act.actor.organization.region)
    minutes = longest if minutes is None else minutes
    if not 1 <= minutes <= longest:
        raise Refusal("organizations.session-too-long", minutes=longest)
    close_sessions(staff, act.time)
    made = StaffSession.objects.create(
        staff=staff,
        purpose=purpose[:200],
        began_at=act.time,
        ends_at=act.time + timedelta(minutes=minutes),
    )
    act.about(made, purpose=made.purpose, ends_at=made.ends_at)
    return made


@service("organizations.session.end")
def session_end(act: Act) -> StaffSession:
    """Ends the open session. Raises Refusal when there is none."""
    session = act.actor.session
    if session is None:
        raise Refusal("organizations.no-session")
    close_sessions(session.staff, act.time)
    act.about(session)
    return session


def close_sessions(staff: Staff, time: datetime) -> None:
    """Ends what is open, at ``time`` or when it ran out."""
    staff.sessions.filter(closed_at=None, ends_at__lte=time).update(closed_at=F("ends_at"))
    staff.sessions.filter(closed_at=None).update(closed_at=time)
