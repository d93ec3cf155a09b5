"""One person: read for a purpose, with what a card still waits for and what can be done."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.domain.names import chip_form
from shebaoka.office.base.files import media_type, read
from shebaoka.office.base.pieces import Link
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.people import reading, showing
from shebaoka.office.desk.people.common import PURPOSE, noted, page_of_person, purpose_of
from shebaoka.office.desk.people.forms import PurposeForm
from shebaoka.office.organizations.reading import purposes
from shebaoka.office.people import selectors
from shebaoka.office.people.models import Person
from shebaoka.office.people.papers import entry_pdf
from shebaoka.office.people.readiness import shortcomings
from shebaoka.office.people.reads import IDENTITY, of_facts


@desk("people.search")
def person(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Her page, once the purpose is stated."""
    found = selectors.person(request.actor, pk)
    purpose = purpose_of(request)
    if not purpose:
        return redirect("desk:people:purpose", pk)
    noted(request, found, fields=_shown(found))
    page = {
        "person": found,
        "title": reading.name(found),
        "purpose": purposes()[purpose],
        "identity": showing.identity(found),
        "lacks": [reading.shortcoming(each) for each in shortcomings(found)],
        "facts": showing.facts(found),
        "guardians": showing.guardians(found),
        "evidence": showing.evidence(found),
        "acts": _acts(request, found),
        "merged": page_of_person(found.merged_into) if found.merged_into else "",
    }
    return render(request, "desk/people/person.html", page)


@desk("people.search")
def purpose(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What she is read for (R-19)."""
    selectors.person(request.actor, pk)
    form = PurposeForm.of(request)
    if form.is_valid():
        request.session[PURPOSE] = form.cleaned_data["purpose"]
        return redirect("desk:people:person", pk)
    page = {
        "form": form,
        "title": _("Purpose"),
        "text": _(
            "Each reading of a person's data stands in the record with its purpose; the holder sees it."
        ),
        "back": reverse("desk:people:home"),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk("people.search")
def photo(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The photo as the card's face has it."""
    found = selectors.person(request.actor, pk)
    if not purpose_of(request) or not found.photo_face:
        return HttpResponse(status=404)
    answer = HttpResponse(read(found.photo_face), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


@desk("people.search")
def sheet(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Her entry on paper, to be checked and signed."""
    found = selectors.person(request.actor, pk)
    noted(request, found, "people.counter", fields=(*IDENTITY, "people.guardian"))
    answer = HttpResponse(entry_pdf(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.pk}.pdf"'
    return answer


@desk("people.search")
def file(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A file of evidence, always as a download."""
    found = selectors.evidence(request.actor, pk)
    noted(request, found.person, "people.correction", fields=("people.evidence-file",))
    answer = HttpResponse(read(found.sha256), content_type=media_type(found.name))
    ascii_name = found.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    answer["Content-Disposition"] = f'attachment; filename="{ascii_name}"'
    return answer


def _shown(found: Person) -> tuple[str, ...]:
    """The fields of her page."""
    photo = ("people.photo",) if found.photo_face else ()
    facts = of_facts(list(selectors.facts(found)))
    return (*IDENTITY, "people.guardian", "people.evidence", *photo, *facts)


def _acts(request: DeskRequest, found: Person) -> list[Link]:
    living = found.merged_into_id is None
    offered = [
        ("people.contact.update", "contact", _("Change how she is reached"), living),
        ("people.photo.keep", "photo-keep", _("Take a photo"), living),
        ("people.fact.note", "facts", _("Note something of her"), living),
        ("people.guardian.record", "guardian", _("Record a guardian"), living),
        ("people.employment.set", "employment", _("Set her employer"), living),
        ("people.evidence.add", "evidence", _("Add evidence"), living),
        ("people.person.correct", "correct", _("Correct number, name, document, sex or birth"), living),
        ("people.chip-name.decide", "chip-name", _("Decide how the chip writes the name"),
         living and not chip_form(found.name).text),
        ("people.death.record", "death", _("Record her death"), living and found.died_on is None),
    ]  # fmt: skip
    cards = Link(_("Cards and applications"), reverse("desk:cards:holder", args=[found.pk]))
    return [cards] * living + [
        Link(text, reverse(f"desk:people:{page}", args=[found.pk]))
        for act, page, text, shown in offered
        if shown and request.actor.may(act)
    ]
