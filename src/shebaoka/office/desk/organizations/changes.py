"""Proposing a change of the tree. Another person checks each."""

from collections.abc import Callable

import msgspec
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.pieces import Say
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.organizations.forms import KindForm, MoveForm, NodeForm, ReasonForm, RenameForm
from shebaoka.office.organizations import selectors
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.services import Closing, Move, NewOrganization, Renaming


@desk("organizations.organization.add")
def add(request: DeskRequest, code: str) -> HttpResponse:
    """A new organization below ``code``."""
    parent = selectors.organization(request.actor, code)
    steps = [
        Step("kind", _("What is it?"), KindForm, values=lambda answers: {"parent": parent}),
        Step("node", _("Name and code"), NodeForm),
        Step("reason", _("Reason"), ReasonForm),
    ]

    def content(answers: Answers) -> NewOrganization:
        return NewOrganization(
            parent=parent.code,
            code=answers["code"].strip(),
            region=answers["region"],
            kind=answers["kind"],
            name=answers["name"],
        )

    title = _("Add an organization below %(name)s") % {"name": parent.name}
    initial = {"region": parent.region, "code": f"{parent.region}-"}
    return _propose(request, parent, "organizations.organization.add", steps, content, title, initial)


@desk("organizations.organization.rename")
def rename(request: DeskRequest, code: str) -> HttpResponse:
    """Another name."""
    node = selectors.organization(request.actor, code)
    steps = [Step("name", _("New name"), RenameForm), Step("reason", _("Reason"), ReasonForm)]
    title = _("Rename %(name)s") % {"name": node.name}

    def content(answers: Answers) -> Renaming:
        return Renaming(code=node.code, name=answers["name"])

    return _propose(request, node, "organizations.organization.rename", steps, content, title)


@desk("organizations.organization.move")
def move(request: DeskRequest, code: str) -> HttpResponse:
    """Another place in the tree."""
    node = selectors.organization(request.actor, code)
    places = selectors.organizations(request.actor).exclude(path__startswith=node.path)
    steps = [
        Step("place", _("Where it belongs"), MoveForm, values=lambda answers: {"offered": places}),
        Step("reason", _("Reason"), ReasonForm),
    ]
    title = _("Move %(name)s") % {"name": node.name}

    def content(answers: Answers) -> Move:
        return Move(code=node.code, parent=answers["parent"])

    return _propose(request, node, "organizations.organization.move", steps, content, title)


@desk("organizations.organization.close")
def close(request: DeskRequest, code: str) -> HttpResponse:
    """The end of an organization."""
    node = selectors.organization(request.actor, code)
    steps = [Step("reason", _("Reason"), ReasonForm)]
    title = _("Close %(name)s") % {"name": node.name}
    return _propose(
        request,
        node,
        "organizations.organization.close",
        steps,
        lambda answers: Closing(code=node.code),
        title,
    )


def _propose(
    request: DeskRequest,
    node: Organization,
    act: str,
    steps: list[Step],
    content: Callable[[Answers], msgspec.Struct],
    title: Say,
    initial: Answers | None = None,
) -> HttpResponse:
    return ask(
        request,
        steps,
        lambda answers: proposed(
            request, act, node, content(answers), reason=answers["reason"], subject=node
        ),
        title=title,
        button=_("Propose"),
        note=_("Nothing changes before another person has checked it."),
        context={"back": reverse("desk:organizations:organization", args=[node.code])},
        initial=initial,
    )
