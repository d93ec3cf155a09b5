"""Whose parameters and rules an act is about: always the actor's own body's."""

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization


def own_body(act: Act, code: str) -> Organization:
    """The body, its row locked. Raises Refusal ``own-body`` when the actor is of another one."""
    found = Organization.objects.select_for_update(of=("self",)).filter(code=code).first()
    if found is None:
        raise Refusal("base.not-found", what=code)
    act.on(found)
    if act.actor.organization.pk != found.pk:
        raise Refusal("parameters.own-body", name=found.name)
    return found
