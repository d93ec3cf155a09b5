"""Proposing a change of staff and roles; suspending at once."""

from collections.abc import Callable

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import attempt
from shebaoka.office.base.pieces import Say
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.organizations.forms import (
    AppointForm,
    ReasonForm,
    RetireForm,
    RolesForm,
    StaffForm,
    SuspendForm,
)
from shebaoka.office.organizations import selectors
from shebaoka.office.organizations.models import Staff
from shebaoka.office.organizations.roles import roles
from shebaoka.office.organizations.services import Appointment, Member, NewStaff, Retirement, staff_suspend


@desk("organizations.staff.add")
def add(request: DeskRequest, code: str) -> HttpResponse:
    """A new member of staff of the organization ``code``."""
    node = selectors.organization(request.actor, code)
    steps = [
        Step("person", _("Who is it?"), StaffForm),
        Step("roles", _("Roles from today"), RolesForm, values=lambda answers: {"kind": node.kind}),
        Step("reason", _("Reason"), ReasonForm),
    ]

    def finish(answers: Answers) -> HttpResponse:
        new = NewStaff(
            organization=node.code,
            number=answers["number"].strip(),
            name=answers["name"],
            roles=tuple(answers["roles"]),
        )
        return proposed(request, "organizations.staff.add", node, new, reason=answers["reason"])

    return ask(
        request,
        steps,
        finish,
        title=_("Add a member of staff to %(name)s") % {"name": node.name},
        button=_("Propose"),
        note=_("Nothing changes before another person has checked it."),
        context={"back": reverse("desk:organizations:organization", args=[node.code])},
    )


@desk("organizations.role.appoint")
def appoint(request: DeskRequest, number: str) -> HttpResponse:
    """A role for a member of staff."""
    who = selectors.staff_member(request.actor, number)
    kind = who.organization.kind
    steps = [
        Step("role", _("Which role?"), AppointForm, values=lambda answers: {"kind": kind}),
        Step("reason", _("Reason"), ReasonForm),
    ]

    def content(answers: Answers) -> Appointment:
        return Appointment(number=who.number, role=answers["role"], since=answers["since"])

    title = _("Appoint %(name)s to a role") % {"name": who.name}
    return _propose(request, who, "organizations.role.appoint", steps, content, title)


@desk("organizations.role.retire")
def retire(request: DeskRequest, number: str, role: str) -> HttpResponse:
    """The end of a role."""
    who = selectors.staff_member(request.actor, number)
    entry = roles().get(role)
    steps = [
        Step("day", _("When does it end?"), RetireForm, entry.name if entry else role),
        Step("reason", _("Reason"), ReasonForm),
    ]

    def content(answers: Answers) -> Retirement:
        return Retirement(number=who.number, role=role, until=answers["until"])

    title = _("End a role of %(name)s") % {"name": who.name}
    return _propose(request, who, "organizations.role.retire", steps, content, title)


@desk("organizations.staff.reinstate")
def reinstate(request: DeskRequest, number: str) -> HttpResponse:
    """The end of a suspension."""
    who = selectors.staff_member(request.actor, number)
    title = _("Reinstate %(name)s") % {"name": who.name}
    return _member(request, who, "organizations.staff.reinstate", title)


@desk("organizations.staff.leave")
def leave(request: DeskRequest, number: str) -> HttpResponse:
    """She leaves the service."""
    who = selectors.staff_member(request.actor, number)
    title = _("%(name)s leaves the service") % {"name": who.name}
    return _member(request, who, "organizations.staff.leave", title)


def _member(request: DeskRequest, who: Staff, act: str, title: Say) -> HttpResponse:
    steps = [Step("reason", _("Reason"), ReasonForm)]
    return _propose(request, who, act, steps, lambda answers: Member(number=who.number), title)


def _propose(
    request: DeskRequest,
    who: Staff,
    act: str,
    steps: list[Step],
    content: Callable[[Answers], msgspec.Struct],
    title: Say,
) -> HttpResponse:
    def finish(answers: Answers) -> HttpResponse:
        return proposed(
            request, act, who.organization, content(answers), reason=answers["reason"], subject=who
        )

    return ask(
        request,
        steps,
        finish,
        title=title,
        button=_("Propose"),
        note=_("Nothing changes before another person has checked it."),
        context={"back": reverse("desk:organizations:member", args=[who.number])},
    )


@desk("organizations.staff.suspend")
def suspend(request: DeskRequest, number: str) -> HttpResponse:
    """At once, by one person."""
    who = selectors.staff_member(request.actor, number)
    form = SuspendForm.of(request)
    done = attempt(
        form,
        lambda answers: staff_suspend(request.actor, number=who.number, reason=answers["reason"]),
    )
    if done is not None:
        messages.success(request, _("%(name)s is suspended and signed out.") % {"name": who.name})
        return redirect("desk:organizations:member", who.number)
    page = {
        "form": form,
        "title": _("Suspend %(name)s at once") % {"name": who.name},
        "text": _("It needs no second person. Two persons reinstate."),
        "button": _("Suspend"),
        "back": reverse("desk:organizations:member", args=[who.number]),
    }
    return render(request, "desk/form.html", page, status=form.status)
