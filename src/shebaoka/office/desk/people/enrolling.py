"""A person is enrolled: identity, how she is reached, her guardian when she is young; checked, then done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.people import forms
from shebaoka.office.desk.people.changing import guardian_of
from shebaoka.office.desk.people.common import PURPOSE, page_of_person
from shebaoka.office.people import selectors, services
from shebaoka.office.people.ages import young
from shebaoka.office.people.choices import DocumentType, Sex, Source
from shebaoka.office.people.identity import number_of
from shebaoka.office.people.services import Contact, NewPerson
from shebaoka.office.people.services.contact import FIELDS


@desk("people.person.enroll")
def enroll(request: DeskRequest) -> HttpResponse:
    """The questions."""

    def finish(answers: Answers) -> HttpResponse:
        made = services.person_enroll(request.actor, agency=request.actor.organization, new=_new(answers))
        request.session.setdefault(PURPOSE, "people.counter")
        messages.success(request, _("The person is enrolled."))
        if selectors.duplicates(request.actor).filter(second=made).exists():
            messages.warning(request, _("There is an entry that may be the same person: settle it first."))
        return redirect(page_of_person(made))

    steps = [
        Step("identity", _("Who she is"), forms.IdentityForm),
        Step(
            "guardian",
            _("Guardian"),
            forms.GuardianForm,
            _("She is young: somebody acts for her."),
            needed=lambda answers: _young(request, answers),
        ),
        Step("contact", _("How she is reached"), forms.ContactForm),
    ]
    context = {"back": reverse("desk:people:home")}
    return ask(request, steps, finish, title=_("Enroll a person"), context=context)


def _young(request: DeskRequest, answers: Answers) -> bool:
    """Whether the page of the guardian is needed; wrong numbers are told at the end of the first page."""
    birth = answers.get("birth")
    if not birth:
        try:
            birth = number_of(answers.get("number", "")).birth
        except Refusal:
            return False
    return birth is not None and young(request.actor.organization, birth)


def _new(answers: Answers) -> NewPerson:
    return NewPerson(
        number=answers["number"],
        name=answers["name"],
        document_type=DocumentType(answers["document_type"]),
        document_number=answers["document_number"],
        document_until=answers["document_until"],
        sex=Sex(answers["sex"]) if answers["sex"] else None,
        birth=answers["birth"],
        nationality=answers["nationality"].upper(),
        contact=Contact(**{name: answers[name] for name in FIELDS}),
        guardian=guardian_of(answers),
        source=Source.DOCUMENT,
    )
