"""Looking for a person: by number, by name, by its pinyin."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.base.pieces import Column, Link, Table, Tag
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.people.reading import masked, name
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import people_search


class SearchForm(OfficeForm):
    """What a clerk knows of the person before her."""

    text = forms.CharField(
        label=gettext_lazy("Number, name, or its beginning in pinyin"), max_length=100, required=False
    )


@desk("people.search")
def home(request: DeskRequest) -> HttpResponse:
    """Search, and the ways into the register."""
    text = request.GET.get("text", "").strip()[:100]
    found = people_search(request.actor, text=text) if text else []
    page = {
        "form": SearchForm(initial={"text": text}),
        "text": text,
        "found": _found(found) if text else None,
        "acts": _acts(request),
    }
    return render(request, "desk/people/home.html", page)


def _found(people: list[Person]) -> Table:
    columns = [Column(_("Name")), Column(_("Number")), Column(_("Born")), Column(_("Insured at"))]
    columns.append(Column(_("State")))
    rows = [
        (
            name(each),
            masked(each.number),
            each.birth,
            each.agency.name,
            Tag(_("Dead")) if each.died_on else "",
        )
        for each in people
    ]
    return Table(_("Found"), columns, rows, _("Nobody in your area."), hide_caption=True)


def _acts(request: DeskRequest) -> list[Link]:
    return []
