"""What the reviewing bodies say, test cards, and the start, stop and resumption of issuing."""

from collections.abc import Callable
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.approval import selectors, services
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.approval import reading
from shebaoka.office.desk.approval.forms import DecisionForm, ReasonForm, WhyForm
from shebaoka.office.organizations.choices import Kind as Body
from shebaoka.office.organizations.selectors import organization


@desk("approval.review.begin")
def begin(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The province takes the case up."""
    case = selectors.case(request.actor, pk)
    form = OfficeForm(request.POST or None)
    if request.method == "POST":
        form = OfficeForm(request.POST)
        done = attempt(form, lambda answers: services.review_begin(request.actor, case=case.pk))
        if done is not None:
            messages.success(request, _("The review has begun."))
            return redirect("desk:approval:case", case.pk)
    page = {
        "form": form,
        "title": _("Take up the review"),
        "text": reading.title(case),
        "back": reverse("desk:approval:case", args=[case.pk]),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk("approval.review.province", "approval.review.ministry")
def review(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The opinion of the actor's body, checked by its leader."""
    case = selectors.case(request.actor, pk)
    ministry = request.actor.organization.kind == Body.MINISTRY
    act = "approval.review.ministry" if ministry else "approval.review.province"

    def content(answers: Answers) -> services.Decision:
        return services.Decision(
            case.pk, answers["passed"] == "yes", answers["opinion"], answers["document"], case.digest
        )

    return _propose(
        request,
        act,
        content,
        Step("decision", _("Decision"), DecisionForm),
        reading.title(case),
        reverse("desk:approval:case", args=[case.pk]),
    )


@desk("approval.issuing.start")
def start(request: DeskRequest, code: str) -> HttpResponse:
    """The region begins to issue."""
    node = organization(request.actor, code)
    return _propose(
        request,
        "approval.issuing.start",
        lambda answers: services.Start(node.code),
        None,
        _("Begin issuing"),
        reverse("desk:approval:region", args=[code]),
    )


@desk("approval.issuing.suspend")
def suspend(request: DeskRequest, code: str) -> HttpResponse:
    """A body above stops the region."""
    return _state(request, code, "approval.issuing.suspend", _("Suspend issuing"))


@desk("approval.issuing.resume")
def resume(request: DeskRequest, code: str) -> HttpResponse:
    """A body above lets it go on."""
    return _state(request, code, "approval.issuing.resume", _("Resume issuing"))


def _state(request: DeskRequest, code: str, act: str, title: str) -> HttpResponse:
    node = organization(request.actor, code)
    return _propose(
        request,
        act,
        lambda answers: services.StateChange(node.code, answers["why"]),
        Step("why", title, WhyForm),
        f"{title}: {node.name}",
        reverse("desk:approval:region", args=[code]),
    )


def _propose(
    request: DeskRequest,
    act: str,
    content: Callable[[Answers], msgspec.Struct],
    step: Step | None,
    title: str,
    back: str,
) -> HttpResponse:
    """Proposed at the actor's own body, so that its own leader checks it and nobody of the region."""
    steps = [step] if step else []
    own = request.actor.organization
    return ask(
        request,
        [*steps, Step("reason", _("Reason"), ReasonForm)],
        lambda answers: proposed(request, act, own, content(answers), reason=answers["reason"]),
        title=title,
        button=_("Propose"),
        note=_("Nothing changes before another person has checked it."),
        context={"back": back},
    )
