"""Plastic that came back or was spoiled: counted, destroyed by two persons, certified."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.domain.card_number import to_print
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import attempt
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Code, Column, Link, Table
from shebaoka.office.base.steps import Answers
from shebaoka.office.cards.destruction_paper import destruction_pdf
from shebaoka.office.cards.selectors import destruction as selectors
from shebaoka.office.cards.services import Destruction
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.cards.common import PAGE, standing
from shebaoka.office.desk.cards.forms import DestroyForm
from shebaoka.office.organizations import selectors as tree

_AT_ONCE = 1000


@desk()
def destroying(request: DeskRequest) -> HttpResponse:
    """What waits for each body, and the certificates of what is gone."""
    may = request.actor.may("cards.card.destroy")
    waiting = []
    for code, name, recovered, spoiled in selectors.counts_to_destroy(request.actor):
        link = Link(_("Destroy"), reverse("desk:cards:destroy", args=[code]), name) if may else ""
        waiting.append((name, recovered, spoiled, recovered + spoiled, link))
    columns = [
        Column(_("Issuing body")),
        Column(_("Recovered"), numeric=True),
        Column(_("Spoiled"), numeric=True),
        Column(_("Together"), numeric=True),
        Column(_("Destroy")),
    ]
    pages = page_of(request, selectors.destructions(request.actor))
    done = [
        (
            Link(
                str(each.payload.get("certificate") or each.payload.get("document")),
                reverse("desk:cards:certificate", args=[each.pk]),
            ),
            each.decided_at,
            each.organization.name,
            len(each.payload["codes"]) if "codes" in each.payload else each.payload["quantity"],
            _("Cards") if "codes" in each.payload else _("Blanks"),
            ", ".join(str(one.name) for one in (each.maker, each.checker, each.second_checker) if one),
        )
        for each in pages
    ]
    certificates = [
        Column(_("Certificate (PDF)")),
        Column(_("Time")),
        Column(_("Issuing body")),
        Column(_("Quantity"), numeric=True),
        Column(_("What")),
        Column(_("Before whom")),
    ]
    page = {
        "title": _("Destruction of cards"),
        "back": reverse("desk:cards:home"),
        "text": _("Cards that were taken back or spoiled are kept until two persons destroy them."),
        "sections": [
            Table(_("To be destroyed"), columns, waiting, _("Nothing."), hide_caption=True),
            Table(_("Destroyed"), certificates, done, _("Nothing yet."), hide_caption=True),
        ],
        "pages": pages,
    }
    return render(request, PAGE, page)


@desk("cards.card.destroy")
def destroy(request: DeskRequest, code: str) -> HttpResponse:
    """All that wait of a body, after they were counted; another person checks before anything is noted."""
    body = tree.organization(request.actor, code)
    cards = list(selectors.to_destroy(request.actor, code)[:_AT_ONCE])
    form = DestroyForm.of(request)

    def call(answers: Answers) -> HttpResponse:
        if answers["counted"] != len(cards):
            raise Refusal("cards.count-differs", counted=answers["counted"], stock=len(cards))
        codes = tuple(each.code for each in cards)
        return proposed(request, "cards.card.destroy", body, Destruction(code, codes, answers["certificate"]))

    answer = attempt(form, call)
    if answer is not None:
        return answer
    rows = [
        (
            to_print(each.number),
            Code(each.code),
            standing("social", each.social),
            standing("plastic", each.plastic),
        )
        for each in cards
    ]
    columns = [
        Column(_("Card number")),
        Column(_("Identification code")),
        Column(_("Social security")),
        Column(_("Plastic")),
    ]
    page = {
        "form": form,
        "title": _("Destroy cards of %(name)s") % {"name": body.name},
        "text": _(
            "Count the cards and compare them with the list. Nothing changes before another person has"
            " checked it."
        ),
        "above": Table(_("Cards to be destroyed"), columns, rows, _("Nothing.")),
        "button": _("Propose"),
        "back": reverse("desk:cards:destroying"),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk()
def certificate(request: DeskRequest, id: UUID) -> HttpResponse:
    """What was destroyed, how many, before whom, as PDF."""
    found = selectors.destruction(request.actor, id)
    content = destruction_pdf(found, list(selectors.destroyed_cards(found)))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="destruction-{found.pk}.pdf"'
    return response
