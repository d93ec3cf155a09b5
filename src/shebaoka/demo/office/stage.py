"""What a filler gets: who acts, how two persons agree, when it happens, what is said of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import msgspec
from django.db.models import Model

from shebaoka.demo.office.accounts import Account
from shebaoka.demo.office.staffing import full_role
from shebaoka.demo.office.trials import Trial
from shebaoka.demo.stage import Stage
from shebaoka.office.base import clock
from shebaoka.office.organizations.actor import Actor, actor_of
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.models import Assignment, Organization, Staff, StaffSession, TwoPersonAct
from shebaoka.office.organizations.services import session_begin, session_end
from shebaoka.office.organizations.two_persons import check, propose

_PURPOSE = "演示数据（TEST_ONLY）"


@dataclass
class OfficeStage:
    """``demo``: the steps before; ``accounts``: who signs in, by number; ``trials``: citizens to try the
    portal with; ``told``: lines of this filler."""

    demo: Stage
    accounts: dict[str, Account] = field(default_factory=dict)
    trials: list[Trial] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        """A line below the title of the step."""
        self.told.append(line)

    def organization(self, code: str) -> Organization:
        """The organization with this code, as it is now."""
        return Organization.objects.get(code=code)

    def actor(self, number: str) -> Actor:
        """A member of staff at work: her roles of today, within a session with a purpose."""
        staff = Staff.objects.select_related("organization").get(number=number)
        found = actor_of(staff, Channel.COMMAND)
        if found.session is None:
            session_begin(found, purpose=_PURPOSE)
            found = actor_of(staff, Channel.COMMAND)
        return found

    def leave(self) -> None:
        """Whoever is still at work ends her session."""
        for session in StaffSession.objects.filter(closed_at=None).select_related("staff__organization"):
            actor = actor_of(session.staff, Channel.COMMAND)
            if actor.session is not None:
                session_end(actor)

    def number(self, code: str, role: str, nth: int = 1) -> str:
        """The staff number of the ``nth`` (from 1) who has that role (``key-custodian``) there."""
        held = Assignment.objects.filter(organization__code=code, role=full_role(role), until=None).order_by(
            "staff__number"
        )
        return held.values_list("staff__number", flat=True)[nth - 1]

    def by(self, code: str, role: str, nth: int = 1) -> Actor:
        """She at work."""
        return self.actor(self.number(code, role, nth))

    def agree(
        self,
        act: str,
        payload: msgspec.Struct,
        maker: Actor,
        *checkers: Actor,
        subject: Model | None = None,
        reason: str = "",
    ) -> TwoPersonAct:
        """An act proposed by one person and checked by the others, who look at what was proposed."""
        waiting = propose(maker, act, maker.organization, payload, subject=subject, reason=reason)
        for checker in checkers:
            waiting = check(checker, waiting.pk, digest=waiting.digest)
        return waiting

    @contextmanager
    def days_ago(self, days: int, hour: int = 9, minute: int = 0) -> Iterator[None]:
        """Within, it is that time of a day before today, in China."""
        day = datetime.now(clock.CHINA).date() - timedelta(days=days)
        with clock.at(datetime.combine(day, time(hour, minute), clock.CHINA)):
            yield
