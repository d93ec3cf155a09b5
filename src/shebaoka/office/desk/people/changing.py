"""What is changed of a person by one clerk."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.pieces import Link
from shebaoka.office.base.steps import Answers
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.people import forms, showing
from shebaoka.office.desk.people.common import noted, page_of_person, single
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.people import selectors, services
from shebaoka.office.people.choices import DocumentType, Relation, Source
from shebaoka.office.people.models import Fact, Person
from shebaoka.office.people.reads import REACHED
from shebaoka.office.people.services import Contact, NewFact, NewGuardian
from shebaoka.office.people.services.contact import FIELDS
from shebaoka.office.people.subjects import subjects


def guardian_of(answers: Answers) -> NewGuardian | None:
    """The guardian of a form's answers, if there is one."""
    if not answers.get("guardian_name"):
        return None
    return NewGuardian(
        name=answers["guardian_name"],
        relation=Relation(answers["guardian_relation"]),
        document_type=DocumentType(answers["guardian_document_type"]),
        document_number=answers["guardian_document_number"],
        phone=answers["guardian_phone"],
    )


@desk("people.contact.update")
def contact(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Telephone and residence."""
    found = selectors.person(request.actor, pk)
    form = forms.ContactForm.of(request, initial={name: getattr(found, name) for name in FIELDS})
    if request.method != "POST":
        noted(request, found, "people.counter", fields=REACHED)
    return single(
        request,
        form,
        lambda answers: services.person_update_contact(request.actor, person=pk, contact=Contact(**answers)),
        title=_("Change how she is reached"),
        done=_("It is changed; her card is updated when it is next in a reader."),
        to=page_of_person(found),
    )


@desk("people.guardian.record")
def guardian(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Another guardian."""
    found = selectors.person(request.actor, pk)

    def call(answers: Answers) -> object:
        new = guardian_of(answers)
        return services.guardian_record(request.actor, person=pk, new=new) if new else None

    return single(
        request,
        forms.GuardianForm.of(request),
        call,
        title=_("Record a guardian"),
        done=_("The guardian is recorded."),
        to=page_of_person(found),
    )


@desk("people.photo.keep")
def photo_keep(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A photo, checked and cut for face and chip."""
    found = selectors.person(request.actor, pk)
    return single(
        request,
        forms.PhotoForm.of(request),
        lambda answers: services.photo_keep(request.actor, person=pk, content=answers["file"].read()),
        title=_("Take a photo"),
        done=_("The photo is kept, cut for the card's face and its chip."),
        to=page_of_person(found),
    )


@desk("people.evidence.add")
def evidence(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A scan."""
    found = selectors.person(request.actor, pk)
    return single(
        request,
        forms.FileForm.of(request),
        lambda answers: services.evidence_add(
            request.actor, person=pk, name=answers["file"].name, content=answers["file"].read()
        ),
        title=_("Add evidence"),
        done=_("The file is kept."),
        to=page_of_person(found),
        above=showing.evidence(found),
    )


@desk("people.death.record")
def death(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A death."""
    found = selectors.person(request.actor, pk)
    return single(
        request,
        forms.DeathForm.of(request),
        lambda answers: services.death_record(
            request.actor, person=pk, died_on=answers["died_on"], source=Source(answers["source"])
        ),
        title=_("Record her death"),
        done=_("The death is recorded."),
        to=page_of_person(found),
    )


@desk("people.employment.set")
def employment(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Another employer, or none."""
    found = selectors.person(request.actor, pk)

    def call(answers: Answers) -> Person:
        return services.employment_set(
            request.actor, person=pk, employer=_employer(request.actor, answers["code"])
        )

    return single(
        request,
        forms.EmploymentForm.of(request),
        call,
        title=_("Set her employer"),
        done=_("The employer is set."),
        to=page_of_person(found),
    )


@desk("people.chip-name.decide")
def chip_name(request: DeskRequest, pk: UUID) -> HttpResponse:
    """How the chip writes a rare name."""
    found = selectors.person(request.actor, pk)
    return single(
        request,
        forms.ChipNameForm.of(request),
        lambda answers: services.chip_name_decide(request.actor, person=pk, name=answers["name"]),
        title=_("Decide how the chip writes the name"),
        done=_("The chip writes the name so; face, registry and papers keep it."),
        to=page_of_person(found),
        text=found.name,
    )


@desk("people.fact.note")
def facts(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Which subject."""
    found = selectors.person(request.actor, pk)
    noted(request, found, "people.counter", fields=("people.name",))
    page = {
        "title": _("Note something of her"),
        "back": page_of_person(found),
        "links": [
            Link(subject.name, reverse("desk:people:fact", args=[pk, name]))
            for name, subject in subjects().items()
        ],
    }
    return render(request, "desk/people/subjects.html", page)


@desk("people.fact.note")
def fact(request: DeskRequest, pk: UUID, subject: str) -> HttpResponse:
    """An entry of a subject; where there are several at once, a further one."""
    found = selectors.person(request.actor, pk)
    entry = subjects().get(subject)
    if entry is None:
        raise Refusal("base.not-found", what=subject)
    there = set(selectors.facts(found).filter(subject=subject).values_list("place", flat=True))
    free = (place for place in range(1, entry.most + 1) if place not in there)
    place = next(free, entry.most)

    def call(answers: Answers) -> Fact:
        values = {
            name: f"{value:%Y%m%d}" if hasattr(value, "strftime") else str(value or "")
            for name in entry.fields
            if (value := answers[f"f-{name}"]) is not None
        }
        new = NewFact(
            subject=subject,
            values=values,
            place=place,
            source=Source(answers["source"]),
            body=answers["body"],
            since=answers["since"],
        )
        return services.fact_note(request.actor, person=pk, new=new)

    return single(
        request,
        forms.FactForm.of(request, subject=subject),
        call,
        title=entry.name,
        done=_("It is noted; what was known before stays in the history."),
        to=page_of_person(found),
        back=reverse("desk:people:facts", args=[pk]),
    )


@desk("people.employer.record")
def employer(request: DeskRequest) -> HttpResponse:
    """An employer of her own agency."""
    return single(
        request,
        forms.EmployerForm.of(request),
        lambda answers: services.employer_record(request.actor, agency=request.actor.organization, **answers),
        title=_("Record an employer"),
        done=_("The employer is recorded."),
        to=reverse("desk:people:home"),
    )


def _employer(actor: Actor, code: str) -> UUID | None:
    return selectors.employer_by_code(actor, code.strip().upper()).pk if code.strip() else None
