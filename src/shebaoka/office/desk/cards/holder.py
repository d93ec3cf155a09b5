"""Who is before the clerk: her cards, her open applications, and what she may want."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag
from shebaoka.office.cards import selectors
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.papers import masked, number_masked
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.card import acts_of
from shebaoka.office.desk.cards.common import PAGE, card_link, standing, to
from shebaoka.office.organizations.reading import read_noted
from shebaoka.office.people.models import Person
from shebaoka.office.people.selectors import person as person_of

_READ = ("people.name", "people.number", "people.birth", "cards.number", "cards.states")


@desk("people.search", session=True)
def holder(request: DeskRequest, person: UUID) -> HttpResponse:
    """What she has, and can have done now; that it was read is noted for her (R-18, R-19)."""
    found = person_of(request.actor, person)
    read_noted(request.actor, organization=found.agency, subject=found, purpose="cards.counter", fields=_READ)
    cards = list(selectors.cards_of(request.actor, found)[:20])
    page = {
        "title": _("What does %(name)s want?") % {"name": masked(found.name)},
        "back": reverse("desk:cards:home"),
        "facts": Summary(
            [
                Row(pgettext("person", "Name"), masked(found.name)),
                Row(_("Social security number"), number_masked(found.number)),
                Row(_("Date of birth"), found.birth),
                Row(_("Insured at"), found.agency.name),
                *([Row(_("State"), Tag(_("Dead")))] if found.died_on else []),
            ]
        ),
        "acts": _acts(request, found, cards),
        "sections": [_cards(cards), _applications(found)],
    }
    return render(request, PAGE, page)


def _acts(request: DeskRequest, person: Person, cards: list[Card]) -> list[Link]:
    offered = []
    if request.actor.may("cards.application.take") and person.died_on is None:
        offered.append(to("take", _("Take an application"), person.pk))
    live = next((each for each in cards if each.social not in ("6", "9")), None)
    if live is not None:
        offered += acts_of(request, live)
    return [*offered, Link(_("Her entry in the registry"), reverse("desk:people:person", args=[person.pk]))]


def _cards(cards: list[Card]) -> Table:
    rows = [
        (
            card_link(each),
            each.get_kind_display(),
            standing("social", each.social),
            standing("bank", each.bank),
            standing("plastic", each.plastic),
            each.issued_on,
        )
        for each in cards
    ]
    columns = [
        Column(_("Card number")),
        Column(_("Kind")),
        Column(_("Social security")),
        Column(_("Bank application")),
        Column(_("Plastic")),
        Column(_("Issued on")),
    ]
    return Table(_("Her cards"), columns, rows, _("She has none."), hide_caption=True)


def _applications(person: Person) -> Table:
    rows = [
        (
            Link(each.number, reverse("desk:cards:application", args=[each.number])),
            each.get_kind_display(),
            each.at,
            standing("application", each.status),
        )
        for each in person.card_applications.order_by("-at")[:10]
    ]
    columns = [
        Column(_("Number")),
        Column(_("What is applied for")),
        Column(_("Time")),
        Column(_("Status")),
    ]
    return Table(_("Her applications"), columns, rows, _("She has none."), hide_caption=True)
