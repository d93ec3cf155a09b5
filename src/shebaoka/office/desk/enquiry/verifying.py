"""Identity verification at the counter, step by step, to the activation code in its sealed letter."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shebaoka.office.access import selectors, services
from shebaoka.office.access.choices import Cause
from shebaoka.office.access.models import Verification
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import attempt
from shebaoka.office.base.pieces import Row, Summary
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.enquiry.forms import CauseForm, ResetForm, SeenForm
from shebaoka.office.desk.enquiry.home import state
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.reading import read_noted
from shebaoka.office.parameters.selectors import switch
from shebaoka.office.people.choices import DocumentType
from shebaoka.office.people.models import Person
from shebaoka.office.people.reads import DOCUMENT
from shebaoka.paper.letters import ActivationLetter, activation_letters_pdf


@desk("access.verification.open")
def open_case(request: DeskRequest) -> HttpResponse:
    """Who is before me, and with which document."""
    form = SeenForm.of(request)
    made = attempt(
        form,
        lambda answers: services.verification_open(
            request.actor,
            agency=request.actor.organization,
            seen=services.Seen(
                answers["typed"],
                answers["name"],
                DocumentType(answers["document_type"]),
                answers["document_number"],
            ),
        ),
    )
    if made is not None:
        return redirect(page_of(made))
    page = {"form": form, "title": _("Open an identity verification"), "back": reverse("desk:enquiry:home")}
    return render(request, "desk/form.html", page, status=form.status)


@desk("access.verification.open")
def case(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The document beside the register, and what comes next."""
    found = selectors.verification(request.actor, pk)
    register = selectors.whom(found)
    if register is not None and not request.actor.organization.contains(register.agency):
        register = None
    if register is not None:
        read_noted(
            request.actor,
            organization=register.agency,
            subject=register,
            purpose="people.identity",
            fields=DOCUMENT,
        )
    page = {
        "case": found,
        "person": register,
        "state": state(found),
        "seen": Summary(
            [
                Row(_("Social security number"), found.typed),
                Row(_("Name"), found.name),
                Row(_("Document"), f"{found.get_document_type_display()} {found.document_number}"),
            ]
        ),
        "register": Summary(
            [
                Row(_("Social security number"), register.number),
                Row(_("Name"), register.name),
                Row(_("Document"), f"{register.get_document_type_display()} {register.document_number}"),
                Row(_("Insured at"), register.agency.name),
            ]
        )
        if register
        else None,
        "resets": register is not None and switch(register.agency, "enquiry.reset-to-initial"),
    }
    return render(request, "desk/enquiry/case.html", page)


@desk("access.verification.find")
def cause(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The cause found."""
    found = selectors.verification(request.actor, pk)
    places = Organization.objects.filter(kind__in=(Kind.CITY, Kind.AGENCY), closed_on=None).order_by("path")
    form = CauseForm.of(request, agencies=[(each.code, f"{each.name} ({each.region})") for each in places])

    def put(answers: dict[str, str]) -> Verification:
        elsewhere = places.filter(code=answers["elsewhere"]).first() if answers["elsewhere"] else None
        return services.verification_find(
            request.actor,
            case=pk,
            cause=Cause(answers["cause"]),
            remark=answers["remark"],
            elsewhere=elsewhere,
        )

    if attempt(form, put) is not None:
        messages.success(request, _("The cause is noted."))
        return redirect(page_of(found))
    page = {"form": form, "title": _("Note the cause found"), "back": page_of(found)}
    return render(request, "desk/form.html", page, status=form.status)


@require_POST
@desk("access.activation-code.make")
def code(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The sealed letter with an activation code, for the printer; no page shows it."""
    found = selectors.verification(request.actor, pk)
    made = services.activation_code_make(request.actor, person=_hers(found).pk)
    letter = ActivationLetter(made.person.name, found.agency.name, found.number, made.code, made.hours)
    answer = HttpResponse(activation_letters_pdf([letter]), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    return answer


@require_POST
@desk("access.sessions.end")
def end_sessions(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Signs her out everywhere."""
    found = selectors.verification(request.actor, pk)
    services.sessions_end(request.actor, person=_hers(found).pk)
    messages.success(request, _("She is signed out everywhere."))
    return redirect(page_of(found))


@require_POST
@desk("access.verification.settle")
def settle(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Closes the case, verified or not."""
    found = selectors.verification(request.actor, pk)
    services.verification_settle(request.actor, case=pk, verified="refuse" not in request.POST)
    messages.success(request, _("The case is settled."))
    return redirect(page_of(found))


@desk("access.reset")
def reset(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Back to the initial value, where the region chooses it; another person checks it."""
    found = selectors.verification(request.actor, pk)
    form = ResetForm.of(request)
    person = _hers(found)
    answer = attempt(
        form,
        lambda answers: proposed(
            request,
            "access.reset",
            person.agency,
            services.Reset(person.pk, found.number),
            reason=answers["reason"],
            subject=person,
        ),
    )
    if answer is not None:
        return answer
    page = {"form": form, "title": _("Reset to the initial value"), "back": page_of(found)}
    return render(request, "desk/form.html", page, status=form.status)


def page_of(case: Verification) -> str:
    """Where its page is."""
    return reverse("desk:enquiry:case", args=[case.pk])


def _hers(case: Verification) -> Person:
    """Her entry in the register. Raises Refusal ``base.not-found``."""
    found = selectors.whom(case)
    if found is None:
        raise Refusal("base.not-found", what="person")
    return found
