"""What two people do: corrections, and entries that may be one person, side by side."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Table, Tag
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.people import forms, reading, showing
from shebaoka.office.desk.people.common import noted, page_of_person
from shebaoka.office.people import selectors
from shebaoka.office.people.choices import DocumentType, Outcome, Sex
from shebaoka.office.people.services import Correction, Settlement, duplicate_read

NOTHING_YET = gettext_lazy("Nothing changes before another person has checked it.")


@desk("people.person.correct")
def correct(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A correction, with evidence."""
    found = selectors.person(request.actor, pk)
    noted(request, found, "people.correction", fields=("people.name", "people.evidence"))
    files = [(each.sha256, each.name) for each in found.evidence.order_by("at")]

    def finish(answers: Answers) -> HttpResponse:
        content = Correction(
            person=pk,
            evidence=tuple(answers["evidence"]),
            reason=answers["reason"],
            number=answers["number"],
            name=answers["name"],
            document_type=DocumentType(answers["document_type"]) if answers["document_type"] else None,
            document_number=answers["document_number"],
            sex=Sex(answers["sex"]) if answers["sex"] else None,
            birth=answers["birth"],
            alive=answers["alive"],
        )
        return proposed(request, "people.person.correct", found.agency, content, subject=found)

    steps = [
        Step("right", _("What is to be right"), forms.CorrectionForm, _("What you leave empty stays.")),
        Step(
            "proof",
            _("What proves it"),
            forms.ProofForm,
            "" if files else _("Add a scan to this person first."),
            values=lambda answers: {"files": files},
        ),
    ]
    title = _("Correct number, name, document, sex or birth")
    context = {"back": page_of_person(found)}
    return ask(request, steps, finish, title=title, button=_("Propose"), note=NOTHING_YET, context=context)


@desk("people.search")
def duplicates(request: DeskRequest) -> HttpResponse:
    """Pairs that wait."""
    found = page_of(request, selectors.duplicates(request.actor), "page")
    rows = [
        (
            Link(
                f"{reading.name(each.first)} / {reading.name(each.second)}",
                reverse("desk:people:duplicate", args=[each.pk]),
            ),
            ", ".join(reading.ground(ground) for ground in each.grounds),
            each.agency.name,
            each.found_at,
            Tag(each.get_outcome_display(), "warn"),
        )
        for each in found
    ]
    names = (_("Entries"), _("Why"), _("Newer entry at"), _("Found at"), _("State"))
    page = {
        "title": _("Possible duplicates"),
        "table": Table(
            _("Possible duplicates"),
            [Column(text) for text in names],
            rows,
            _("None waits in your area."),
            hide_caption=True,
        ),
        "pages": found,
    }
    return render(request, "desk/people/duplicates.html", page)


@desk("people.duplicate.read")
def duplicate(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Two entries side by side; what differs is marked."""
    found = duplicate_read(request.actor, duplicate=pk)
    pairs = zip(showing.identity_rows(found.first), showing.identity_rows(found.second), strict=True)
    rows = [
        (
            one.name,
            one.value,
            two.value,
            "" if str(one.value) == str(two.value) else Tag(_("Differs"), "warn"),
        )
        for one, two in pairs
    ]
    names = (_("What"), _("Older entry"), _("Newer entry"), _("Same?"))
    open_ = found.outcome in (Outcome.OPEN, Outcome.KEPT)
    page = {
        "duplicate": found,
        "title": _("One person or two?"),
        "why": [reading.ground(ground) for ground in found.grounds],
        "table": Table(_("Side by side"), [Column(text) for text in names], rows, hide_caption=True),
        "settles": open_ and request.actor.may("people.duplicate.settle"),
    }
    return render(request, "desk/people/duplicate.html", page)


@desk("people.duplicate.settle")
def settle(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What the two entries are said to be."""
    found = selectors.duplicate(request.actor, pk)

    def finish(answers: Answers) -> HttpResponse:
        content = Settlement(pk, Outcome(answers["outcome"]), answers["reason"])
        return proposed(request, "people.duplicate.settle", found.agency, content, subject=found)

    steps = [Step("outcome", _("One person or two?"), forms.SettlementForm)]
    context = {"back": reverse("desk:people:duplicate", args=[pk])}
    title = _("Settle a possible duplicate")
    return ask(request, steps, finish, title=title, button=_("Propose"), note=NOTHING_YET, context=context)
