"""How everything in the office is done: a service is an act with an actor, a transaction and an audit row.

@service("custody.carrier.receive")
def carrier_receive(act: Act, *, organization: Organization, serial: str) -> Carrier:
    act.on(organization)
    ...
    act.about(carrier, serial=serial)
    return carrier

carrier_receive(actor, organization=city, serial="...")
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db.models import Model

from shebaoka.office.audit.services import append
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.roles import acts

P = ParamSpec("P")
R = TypeVar("R")
SERVICES: dict[str, Callable[..., Any]] = {}


@dataclass(slots=True)
class Act:
    """One act while it is done. ``persons``: others who took part, by role, as staff numbers."""

    name: str
    actor: Actor
    time: datetime
    organization: Organization
    persons: dict[str, str] = field(default_factory=dict)
    subject: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def on(self, organization: Organization) -> None:
        """Whose act it is, and in whose chain it stands. Raises Refusal outside of the actor's subtree."""
        if not self.actor.organization.contains(organization):
            raise Refusal("organizations.not-yours", name=organization.name)
        self.organization = organization

    def about(self, subject: Model, **data: Any) -> None:
        """What the audit row says: the row the act is about, and data without secrets or personal data."""
        self.subject = f"{subject._meta.label_lower}:{subject.pk}"
        self.data = data


def service(name: str) -> Callable[[Callable[Concatenate[Act, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Makes a function the act ``name`` of ``acts.toml``: only who may do it, in one transaction, with
    its audit row as the last write."""

    def decorate(function: Callable[Concatenate[Act, P], R]) -> Callable[Concatenate[Actor, P], R]:
        @wraps(function)
        def call(actor: Actor, /, *args: P.args, **values: P.kwargs) -> R:
            allow(actor, name)
            with writing(name):
                act = Act(name, actor, clock.now(), actor.organization)
                result = function(act, *args, **values)
                record(act)
            return result

        SERVICES[name] = call
        return call

    return decorate


def allow(actor: Actor, name: str) -> None:
    """Raises Refusal when the actor's roles, or her lack of a session, do not let her do the act."""
    entry = acts()[name]
    if not actor.may(name):
        raise Refusal("organizations.not-allowed", act=entry.name)
    if actor.staff is not None and entry.session and actor.session is None:
        raise Refusal("organizations.no-session")


def record(act: Act) -> None:
    """The audit row of an act."""
    if not act.subject:
        raise RuntimeError(f"{act.name} did not say what it was about")
    extra = {"channel": act.actor.channel.value, "by": act.actor.organization.code}
    if act.actor.session is not None:
        extra["session"] = str(act.actor.session.pk)
    append(
        act.organization.code,
        act.name,
        at=act.time,
        persons={"actor": act.actor.number, **dict(act.actor.persons), **act.persons},
        subject=act.subject,
        data={**extra, **act.data},
    )
