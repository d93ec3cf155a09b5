"""Requests for correction: what a holder asks, and the agency's answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shebaoka.office.access import selectors, services
from shebaoka.office.access.models import CorrectionRequest
from shebaoka.office.base.forms import attempt
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.enquiry.forms import AnswerForm
from shebaoka.office.organizations.reading import read_noted


@desk("access.correction.answer")
def correction(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The register itself is put right on the pages of people, before the answer."""
    found = selectors.correction_request(request.actor, pk)
    read_noted(
        request.actor,
        organization=found.agency,
        subject=found.person,
        purpose="people.correction",
        fields=("people.name", "access.correction"),
    )
    form = AnswerForm.of(request)

    def put(answers: dict[str, Any]) -> CorrectionRequest:
        return services.correction_answer(
            request.actor, request=pk, done=answers["done"] == "yes", answer=answers["answer"]
        )

    if found.answered_at is None and attempt(form, put) is not None:
        messages.success(request, _("The holder reads your answer on the portal."))
        return redirect("desk:enquiry:home")
    page = {"case": found, "form": form}
    return render(request, "desk/enquiry/correction.html", page, status=form.status)
