"""Looking for a person: by number, by name, by its pinyin; in another region with a reason."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shebaoka.office.base.forms import attempt
from shebaoka.office.base.pieces import Column, Link, Table, Tag
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.people.common import page_of_person
from shebaoka.office.desk.people.forms import ElsewhereForm, SearchForm
from shebaoka.office.desk.people.reading import masked, name
from shebaoka.office.desk.people.showing import identity
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import people_search, person_read_elsewhere


@desk("people.search")
def home(request: DeskRequest) -> HttpResponse:
    """Search, and the ways into the register."""
    text = request.POST.get("text", "").strip()[:100]  # sent, for an address is kept in many places
    found = people_search(request.actor, text=text) if text else []
    if len(found) == 1 and any(character.isdigit() for character in text):
        return redirect(page_of_person(found[0]))
    page = {
        "form": SearchForm(initial={"text": text}),
        "found": _found(found) if text else None,
        "acts": _acts(request),
    }
    return render(request, "desk/people/home.html", page)


@desk("people.person.read-elsewhere")
def elsewhere(request: DeskRequest) -> HttpResponse:
    """A person of another region."""
    form = ElsewhereForm.of(request)
    found = attempt(form, lambda answers: person_read_elsewhere(request.actor, **answers))
    title, back = _("Read a person of another region"), reverse("desk:people:home")
    if found is not None:
        shown = {"title": name(found), "back": back, "facts": identity(found)}
        return render(request, "desk/people/elsewhere.html", shown)
    text = _("Number and name must both be right. The holder can see who read her data, and why.")
    page = {"form": form, "title": title, "back": back, "text": text}
    return render(request, "desk/form.html", page, status=form.status)


def _found(people: list[Person]) -> Table:
    columns = [
        Column(pgettext("person", "Name")),
        Column(_("Number")),
        Column(_("Born")),
        Column(_("Insured at")),
    ]
    columns.append(Column(_("State")))
    rows = [
        (
            Link(name(each), page_of_person(each), masked(each.number)),
            masked(each.number),
            each.birth,
            each.agency.name,
            Tag(_("Dead")) if each.died_on else "",
        )
        for each in people
    ]
    return Table(_("Found"), columns, rows, _("Nobody in your area."), hide_caption=True)


def _acts(request: DeskRequest) -> list[Link]:
    offered = [
        ("people.person.enroll", "enroll", _("Enroll a person")),
        ("people.employer.record", "employer", _("Record an employer")),
        ("people.import", "loads", _("Import a list of people")),
        ("people.person.read-elsewhere", "elsewhere", _("Read a person of another region")),
    ]
    found = [
        Link(text, reverse(f"desk:people:{page}")) for act, page, text in offered if request.actor.may(act)
    ]
    if request.actor.may("cards.card.show"):
        found.insert(0, Link(_("Insert the card"), reverse("desk:cards:insert")))
    duplicates = Link(_("Possible duplicates"), reverse("desk:people:duplicates"))
    moves = Link(_("Moves between agencies"), reverse("desk:people:moves"))
    return [*found, duplicates, moves, Link(_("National base"), reverse("desk:people:national"))]
