"""Pre-made cards: batches of them, and their stock at outlets."""

from collections.abc import Callable

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.pieces import Column, Say, Table
from shebaoka.office.base.steps import Answers
from shebaoka.office.cards import services
from shebaoka.office.cards.issuers import issuer_of
from shebaoka.office.cards.selectors.premade import premade_lying
from shebaoka.office.cards.services import PremadeCount, PremadeMove, PremadeSpoil
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.cards.common import PAGE, banks, bodies, outlets, products, to
from shebaoka.office.desk.cards.premade_forms import (
    PremadeCountForm,
    PremadeForm,
    PremadeMoveForm,
    PremadeSpoilForm,
    lines,
)
from shebaoka.office.organizations import selectors as tree
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.choices import Kind


@desk()
def premade(request: DeskRequest) -> HttpResponse:
    """What lies where, and when it was counted."""
    rows = [
        (
            each.outlet.name,
            each.product.name,
            each.count,
            each.last.at if each.last is not None else None,
            each.last.missing if each.last is not None else None,
        )
        for each in premade_lying(request.actor)
    ]
    columns = [
        Column(_("Outlet")),
        Column(_("Card product")),
        Column(_("In stock"), numeric=True),
        Column(_("Counted on")),
        Column(_("Missing then"), numeric=True),
    ]
    offered = [
        ("cards.batch.form-premade", "premade-form", _("Form a batch of pre-made cards")),
        ("cards.premade.count", "premade-count", _("Count pre-made cards")),
        ("cards.premade.spoil", "premade-spoil", _("Write pre-made cards off as spoiled")),
        ("cards.premade.move", "premade-move", _("Hand pre-made cards back or on")),
    ]
    page = {
        "title": _("Pre-made cards"),
        "back": reverse("desk:cards:stock"),
        "text": _("All keys are on them and nobody's data: value stock, counted daily by two persons."),
        "sections": [Table(_("Stock"), columns, rows, _("None yet."), hide_caption=True)],
        "registers": [to(name, text) for act, name, text in offered if request.actor.may(act)],
    }
    return render(request, PAGE, page)


@desk("cards.batch.form-premade")
def form(request: DeskRequest) -> HttpResponse:
    """A batch for the stock of an outlet."""
    actor = request.actor
    asked = PremadeForm.of(
        request,
        bodies=bodies(actor),
        products=products(actor),
        banks=banks(actor),
        outlets=outlets(actor),
    )

    def call(answers: Answers) -> object:
        given = lines(answers.pop("bank_cards"))
        return services.batch_form_premade(actor, **answers, bank_cards=given)

    made = attempt(asked, call)
    if made is not None:
        return redirect("desk:cards:batches")
    page = {
        "form": asked,
        "title": _("Form a batch of pre-made cards"),
        "text": _("They are approved by two persons like any others and count in the approved quantity."),
        "back": reverse("desk:cards:premade"),
    }
    return render(request, "desk/form.html", page, status=asked.status)


@desk("cards.premade.count")
def count(request: DeskRequest) -> HttpResponse:
    """To be checked by another person."""
    actor = request.actor
    asked = PremadeCountForm.of(request, outlets=_own(actor), bodies=_issuer(actor), products=products(actor))

    def payload(answers: Answers) -> PremadeCount:
        return PremadeCount(**{**answers, "missing": lines(answers["missing"])})

    return _proposal(request, asked, "cards.premade.count", payload, _("Count pre-made cards"))


@desk("cards.premade.spoil")
def spoil(request: DeskRequest) -> HttpResponse:
    """To be checked by another person."""
    asked = PremadeSpoilForm.of(request, outlets=_own(request.actor))

    def payload(answers: Answers) -> PremadeSpoil:
        return PremadeSpoil(**{**answers, "cards": lines(answers["cards"])})

    title = _("Write pre-made cards off as spoiled")
    return _proposal(request, asked, "cards.premade.spoil", payload, title)


@desk("cards.premade.move")
def move(request: DeskRequest) -> HttpResponse:
    """To be checked by another person."""
    asked = PremadeMoveForm.of(request, outlets=_own(request.actor), targets=outlets(request.actor))

    def payload(answers: Answers) -> PremadeMove:
        return PremadeMove(**{**answers, "cards": lines(answers["cards"])})

    return _proposal(request, asked, "cards.premade.move", payload, _("Hand pre-made cards back or on"))


def _proposal(
    request: DeskRequest,
    asked: OfficeForm,
    act: str,
    payload: Callable[[Answers], msgspec.Struct],
    title: Say,
) -> HttpResponse:
    answer = attempt(
        asked,
        lambda answers: proposed(
            request, act, tree.organization(request.actor, answers["outlet"]), payload(answers)
        ),
    )
    if answer is not None:
        return answer
    page = {
        "form": asked,
        "title": title,
        "text": _("Nothing changes before another person has checked it."),
        "button": _("Propose"),
        "back": reverse("desk:cards:premade"),
    }
    return render(request, "desk/form.html", page, status=asked.status)


def _own(actor: Actor) -> list[tuple[str, str]]:
    """Outlets of her own area."""
    found = tree.organizations(actor).filter(kind__in=(Kind.CITY, Kind.AGENCY, Kind.BANK))
    return [(each.code, f"{each.name} ({each.code})") for each in found]


def _issuer(actor: Actor) -> list[tuple[str, str]]:
    """The body whose cards she has, or those of her area."""
    own = bodies(actor)
    if own:
        return own
    body = issuer_of(actor.organization)
    return [(body.code, f"{body.name} ({body.code})")]
