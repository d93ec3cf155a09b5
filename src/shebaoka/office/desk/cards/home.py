"""Where work with cards begins: who is before me? Found by card, number or name, or by the card itself."""

import re

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shebaoka.office.base.paging import stretch_of
from shebaoka.office.base.pieces import Column, Link, Table, Tag
from shebaoka.office.cards import selectors
from shebaoka.office.cards.papers import masked, number_masked
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.common import PAGE, card_address, card_link, standing, to
from shebaoka.office.desk.cards.forms import SearchForm, StateForm
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import people_search

_CARD = re.compile(r"[A-Z][0-9A-Z]{8}|[0-9A-F]{32}")


@desk()
def home(request: DeskRequest) -> HttpResponse:
    """Search and tasks; a card number that is one card's leads to it, a person's number to her."""
    text = request.POST.get("text", "").strip()[:100]  # sent, for an address is kept in many places
    number = text.upper().replace("-", "").replace(" ", "")
    sections = []
    if _CARD.fullmatch(number):
        cards = list(selectors.cards(request.actor, number=number)[:20])
        if len(cards) == 1:
            return redirect(card_address(cards[0]))
        columns = [Column(_("Card number")), Column(_("Holder")), Column(_("Status"))]
        rows = [
            (
                card_link(each),
                masked(each.person.name) if each.person else "–",
                standing("social", each.social),
            )
            for each in cards
        ]
        sections = [Table(_("Found"), columns, rows, _("No card in your area."))]
    elif text:
        people = people_search(request.actor, text=text)
        if len(people) == 1 and any(character.isdigit() for character in text):
            return redirect("desk:cards:holder", people[0].pk)
        sections = [_people(people)]
    page = {
        "title": _("Cards"),
        "filter": SearchForm(initial={"text": text}),
        "search": True,
        "found": sections,
        "acts": _tasks(request),
        "registers": _registers(request),
    }
    return render(request, PAGE, page)


@desk()
def register(request: DeskRequest) -> HttpResponse:
    """Cards of her area, the newest first, by state; a list nobody counts."""
    form = StateForm(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    pages = stretch_of(request, selectors.cards(request.actor, social=chosen.get("state", "")), size=25)
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
        "title": _("Register of cards"),
        "back": reverse("desk:cards:home"),
        "filter": form,
        "sections": [Table(_("Cards found"), columns, rows, _("None found."), hide_caption=True)],
        "pages": pages,
    }
    return render(request, PAGE, page)


def _people(people: list[Person]) -> Table:
    columns = [
        Column(pgettext("person", "Name")),
        Column(_("Number")),
        Column(_("Born")),
        Column(_("Insured at")),
        Column(_("State")),
    ]
    rows = [
        (
            Link(each.name, reverse("desk:cards:holder", args=[each.pk]), number_masked(each.number)),
            number_masked(each.number),
            each.birth,
            each.agency.name,
            Tag(_("Dead")) if each.died_on else "",
        )
        for each in people
    ]
    return Table(_("Found"), columns, rows, _("Nobody in your area."))


def _tasks(request: DeskRequest) -> list[Link]:
    offered = [
        ("cards.card.show", to("insert", _("Insert the card"))),
        ("cards.application.take", to("apply", _("Take an application"))),
        ("cards.list.take", to("list-take", _("Take a list of applications"))),
        ("cards.electronic.verify", to("electronic-verify", _("Verify an electronic card"))),
        ("cards.batch.form", to("batch-form", _("Form a batch"))),
    ]
    return [link for act, link in offered if request.actor.may(act)]


def _registers(request: DeskRequest) -> list[Link]:
    return [
        to("dashboard", _("Card centre at a glance")),
        to("register", _("Register of cards")),
        to("applications", _("Applications for cards")),
        to("lists", _("Lists of applications")),
        to("batches", _("Batches")),
        to("stock", _("Blanks")),
        to("products", _("Card products")),
        to("sites", _("Production sites")),
        to("destroying", _("Destruction of cards")),
        to("blacklist", _("Card blacklist")),
    ]
