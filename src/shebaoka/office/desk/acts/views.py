"""Acts of two persons: what waits for my yes or no, what I made, one of them with its content in words."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import attempt
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Code, Column, Link, Panel, Row, Summary, Table, Tag, Tone
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.forms import NO, DecisionForm, WithdrawalForm
from shebaoka.office.desk.acts.payloads import in_words
from shebaoka.office.organizations import selectors
from shebaoka.office.organizations.choices import Decision
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.roles import acts, roles
from shebaoka.office.organizations.two_persons import check, refuse

TONES: dict[str, Tone] = {
    Decision.WAITING: "busy",
    Decision.DONE: "good",
    Decision.REFUSED: "bad",
    Decision.WITHDRAWN: "plain",
}


@desk()
def acts_page(request: DeskRequest) -> HttpResponse:
    """What waits for her, and what she made."""
    waiting = page_of(request, selectors.acts_to_check(request.actor), "waiting")
    made = page_of(request, selectors.acts_made(request.actor), "made")
    page = {
        "waiting": _table(_("For you to check"), waiting, _("Nothing waits for your check.")),
        "waiting_pages": waiting,
        "made": _table(_("Proposed by you"), made, _("You proposed nothing yet.")),
        "made_pages": made,
    }
    return render(request, "desk/acts/acts.html", page)


def _table(caption: str, found: Any, empty: str) -> Table:
    columns = [
        Column(_("Act")),
        Column(_("For")),
        Column(_("Proposed by")),
        Column(_("When")),
        Column(_("State")),
    ]
    rows = [
        (
            Link(acts()[each.act].name, reverse("desk:acts:act", args=[each.pk]), _number(each)),
            each.organization.name,
            each.maker.name,
            each.made_at,
            state(each),
        )
        for each in found
    ]
    return Table(caption, columns, rows, empty, hide_caption=True)


def _number(act: TwoPersonAct) -> str:
    return act.digest[:8]


def state(act: TwoPersonAct) -> Tag:
    """The state of an act in words."""
    return Tag(act.get_decision_display(), TONES[act.decision])


@desk()
def act_page(request: DeskRequest, id: UUID) -> HttpResponse:
    """One act: what it does, who proposed and decided it; for a checker the question yes or no."""
    act = selectors.two_person_act(request.actor, id)
    hers = request.actor.may_check(act.act) and act.maker_id != request.user.pk
    asked = act.decision == Decision.WAITING and hers and act.checker_id != request.user.pk
    form = DecisionForm.of(request, initial={"digest": act.digest}) if asked else None
    if form is not None:
        decided = attempt(form, lambda answers: _decide(request, act, answers))
        if decided is not None:
            messages.success(request, _done(decided))
            return redirect("desk:acts:home")
    page = {
        "act": act,
        "title": acts()[act.act].name,
        "content": Summary(in_words(request.actor, act)),
        "course": Summary(_course(act)),
        "form": form,
        "state": state(act),
        "mine": act.maker_id == request.user.pk and act.decision == Decision.WAITING,
    }
    return render(request, "desk/acts/act.html", page, status=form.status if form else 200)


def _decide(request: DeskRequest, act: TwoPersonAct, answers: dict[str, Any]) -> TwoPersonAct:
    if answers["decision"] == NO:
        return refuse(request.actor, act.pk, remark=answers["remark"])
    return check(request.actor, act.pk, digest=answers["digest"], remark=answers["remark"])


def _done(act: TwoPersonAct) -> str:
    name = acts()[act.act].name
    if act.decision == Decision.DONE:
        return _("Approved and done: %(act)s.") % {"act": name}
    if act.decision == Decision.WAITING:
        return _("Approved: %(act)s. One more person has to check it.") % {"act": name}
    return _("Refused: %(act)s.") % {"act": name}


def _course(act: TwoPersonAct) -> list[Row]:
    rows = [
        Row(_("For"), f"{act.organization.name} ({act.organization.code})"),
        Row(_("Proposed by"), str(act.maker)),
        Row(_("When"), act.made_at),
        Row(_("Reason"), act.reason),
    ]
    rows += [Row(_("Checked by"), str(each)) for each in (act.checker, act.second_checker) if each]
    if act.decided_at:
        rows += [Row(_("Decided"), act.decided_at), Row(_("Remark"), act.remark)]
    return [*rows, Row(_("Check sum of the content (SHA-256)"), Code(act.digest))]


@desk()
def proposed_page(request: DeskRequest, id: UUID) -> HttpResponse:
    """What confirms a proposal: nothing is done yet, and who has to check it."""
    act = selectors.two_person_act(request.actor, id)
    entry = acts()[act.act]
    who = ", ".join(str(roles()[role].name) for role in entry.checkers)
    page = {
        "panel": Panel(_("Proposed"), entry.name),
        "next": [
            _("Nothing has changed yet: another person has to check it."),
            _("Who can check it: %(roles)s.") % {"roles": who},
        ],
        "links": [
            Link(_("See what you proposed"), reverse("desk:acts:act", args=[act.pk])),
            Link(_("What waits for you"), reverse("desk:home")),
        ],
    }
    return render(request, "desk/confirmation.html", page)


@desk(session=True)
def withdraw(request: DeskRequest, id: UUID) -> HttpResponse:
    """The maker takes it back."""
    act = selectors.two_person_act(request.actor, id)
    if act.maker_id != request.user.pk:
        raise Refusal("base.not-found", what="act")
    form = WithdrawalForm.of(request)
    done = attempt(form, lambda answers: refuse(request.actor, act.pk, remark=answers["remark"]))
    if done is not None:
        messages.success(request, _("Withdrawn: %(act)s.") % {"act": acts()[act.act].name})
        return redirect("desk:acts:home")
    page = {
        "form": form,
        "title": _("Withdraw"),
        "text": acts()[act.act].name,
        "button": _("Withdraw"),
        "back": reverse("desk:acts:act", args=[act.pk]),
    }
    return render(request, "desk/form.html", page, status=form.status)
