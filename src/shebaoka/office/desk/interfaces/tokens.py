"""Tokens of programs: who has which, made, shown once, withdrawn."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base import clock
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.interfaces import ACTS
from shebaoka.office.desk.interfaces.forms import ReasonForm, ScopesForm, TokenForm, WhoseForm, WhyForm
from shebaoka.office.interfaces import selectors, services
from shebaoka.office.interfaces.models import Token
from shebaoka.office.interfaces.scopes import scopes
from shebaoka.office.interfaces.services import NewToken
from shebaoka.office.organizations import selectors as tree
from shebaoka.office.organizations.models import Organization


@desk(*ACTS)
def home(request: DeskRequest) -> HttpResponse:
    """Tokens of her area."""
    pages = page_of(request, selectors.tokens(request.actor))
    rows = [(Link(each.name, _address(each)), each.organization.name, _state(each)) for each in pages]
    columns = [Column(name) for name in (_("Program"), _("Body"), _("State"))]
    page = {
        "title": _("Interface tokens"),
        "add": reverse("desk:interfaces:add") if request.actor.may("interfaces.token.add") else "",
        "table": Table(_("Tokens"), columns, rows, _("None yet.")),
        "pages": pages,
    }
    return render(request, "desk/interfaces/home.html", page)


@desk(*ACTS)
def token(request: DeskRequest, id: UUID) -> HttpResponse:
    """One of them: what it may, when it asked, what can be done with it."""
    found = selectors.token(request.actor, id)
    facts = [
        Row(_("Body"), found.organization.name),
        Row(_("State"), _state(found)),
        Row(
            _("What it may"), ", ".join(str(scopes()[name].name) for name in found.scopes if name in scopes())
        ),
        Row(_("Employer"), found.employer),
        Row(_("Counts until"), found.until),
        Row(_("Questions a minute"), found.per_minute),
        Row(_("Last asked"), found.allowance.last_at if hasattr(found, "allowance") else None),
    ]
    page = {
        "title": found.name,
        "facts": Summary([row for row in facts if row.value not in ("", None)]),
        "acts": _changes(request, found),
        "back": reverse("desk:interfaces:home"),
    }
    return render(request, "desk/interfaces/one.html", page)


@desk("interfaces.token.add")
def add(request: DeskRequest) -> HttpResponse:
    """Another token; another person checks it."""

    def whose(answers: Answers) -> Organization:
        code = answers.get("organization", request.actor.organization.code)
        return tree.organization(request.actor, code)

    def content(answers: Answers) -> NewToken:
        return NewToken(
            organization=answers["organization"],
            name=answers["name"],
            scopes=tuple(answers["scopes"]),
            until=answers["until"],
            per_minute=answers["per_minute"],
            employer=answers["employer"].strip().upper(),
        )

    offered = tree.organizations(request.actor).filter(closed_on=None)
    steps = [
        Step("whose", _("Whose program"), WhoseForm, values=lambda answers: {"offered": offered}),
        Step("scopes", _("What it may"), ScopesForm, values=lambda answers: {"kind": whose(answers).kind}),
        Step("token", _("Name and bounds"), TokenForm),
        Step("reason", _("Remark"), ReasonForm),
    ]
    return ask(
        request,
        steps,
        lambda answers: proposed(
            request, "interfaces.token.add", whose(answers), content(answers), reason=answers["reason"]
        ),
        title=_("Register a token"),
        button=_("Propose"),
        note=_("Nothing changes before another person has checked it."),
        context={"back": reverse("desk:interfaces:home")},
    )


@desk("interfaces.token.give")
def give(request: DeskRequest, id: UUID) -> HttpResponse:
    """The token itself, shown this once."""
    found = selectors.token(request.actor, id)
    form = OfficeForm.of(request)
    given = attempt(form, lambda answers: services.token_give(request.actor, token=found.pk))
    page = {
        "form": form,
        "title": _("Token of %(name)s") % {"name": found.name},
        "text": _("The token it has now stops counting.") if found.token else "",
        "button": _("Make a token"),
        "back": _address(found),
    }
    if given is not None:
        return render(request, "desk/interfaces/token.html", {**page, "token": given})
    return render(request, "desk/form.html", page, status=form.status)


@desk("interfaces.token.withdraw")
def withdraw(request: DeskRequest, id: UUID) -> HttpResponse:
    """It counts no more."""
    found, form = selectors.token(request.actor, id), WhyForm.of(request)
    done = attempt(
        form, lambda answers: services.token_withdraw(request.actor, token=found.pk, why=answers["why"])
    )
    if done is not None:
        messages.success(request, _("The token counts no more."))
        return redirect(_address(found))
    page = {
        "form": form,
        "title": _("Withdraw the token of %(name)s") % {"name": found.name},
        "text": _("Its program is refused from this moment on."),
        "button": _("Withdraw"),
        "back": _address(found),
    }
    return render(request, "desk/form.html", page, status=form.status)


def _state(token: Token) -> Tag:
    if token.withdrawn_at is not None:
        return Tag(_("Withdrawn"))
    if token.until < clock.today():
        return Tag(_("Over"), "warn")
    return Tag(_("In use"), "good") if token.token else Tag(_("Not made yet"), "busy")


def _changes(request: DeskRequest, token: Token) -> list[Link]:
    """What this person may do with it."""
    if token.withdrawn_at is not None or token.until < clock.today():
        return []
    offered = [("give", _("Make a token")), ("withdraw", _("Withdraw"))]
    return [
        Link(text, reverse(f"desk:interfaces:{page}", args=[token.pk]))
        for page, text in offered
        if request.actor.may(f"interfaces.token.{page}")
    ]


def _address(token: Token) -> str:
    return reverse("desk:interfaces:token", args=[token.pk])
