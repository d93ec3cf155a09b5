"""The card centre at a glance: find a card, begin a task, how many cards are in which state."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shebaoka.domain.card_states import machine
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Table
from shebaoka.office.cards import selectors
from shebaoka.office.cards.papers import masked
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.common import PAGE, card_address, card_link, standing, to
from shebaoka.office.desk.cards.forms import FilterForm


@desk()
def home(request: DeskRequest) -> HttpResponse:
    """Cards of her area; a number that is one card's leads to it."""
    form = FilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    number = chosen.get("number", "").strip()
    found = selectors.cards(request.actor, social=chosen.get("state", ""), number=number)
    if number and len(first := list(found[:2])) == 1:
        return redirect(card_address(first[0]))
    pages = page_of(request, found, size=25)
    rows = [
        (
            card_link(each),
            masked(each.person.name) if each.person is not None else "–",
            each.outlet.name,
            standing("social", each.social),
            standing("bank", each.bank),
            standing("plastic", each.plastic),
        )
        for each in pages
    ]
    columns = [
        Column(_("Card number")),
        Column(_("Holder")),
        Column(_("Outlet")),
        Column(_("Social security")),
        Column(_("Bank application")),
        Column(_("Plastic")),
    ]
    page = {
        "title": _("Cards"),
        "acts": _tasks(request),
        "filter": form,
        "sections": [
            Table(_("Cards found"), columns, rows, _("None found."), hide_caption=True),
            _states(request),
        ],
        "pages": pages,
    }
    return render(request, PAGE, page)


def _tasks(request: DeskRequest) -> list[Link]:
    offered = [
        ("cards.card.show", to("insert", _("Insert the card"))),
        ("cards.application.take", to("apply", _("Take an application"))),
        ("cards.list.take", to("list-take", _("Take a list of applications"))),
        ("", to("applications", _("Applications for cards"))),
        ("", to("lists", _("Lists of applications"))),
        ("", to("batches", _("Batches"))),
        ("cards.batch.form", to("batch-form", _("Form a batch"))),
        ("", to("stock", _("Blanks"))),
        ("cards.electronic.verify", to("electronic-verify", _("Verify an electronic card"))),
        ("", to("blacklist", _("Card blacklist"))),
    ]
    return [link for act, link in offered if not act or request.actor.may(act)]


def _states(request: DeskRequest) -> Table:
    counted = selectors.states(request.actor)
    total = sum(counted.values()) or 1
    rows = [
        (standing("social", code), counted.get(code, 0), f"{counted.get(code, 0) * 100 / total:.1f} %")
        for code in machine("social").states
    ]
    columns = [
        Column(_("Status")),
        Column(_("Number of cards"), numeric=True),
        Column(_("Share"), numeric=True),
    ]
    return Table(_("Cards by state"), columns, rows, hide_caption=True)
