"""Form and letters as PDF; of a secret incident each is a look at it."""

from uuid import UUID

from django.http import HttpResponse

from shebaoka.office.base.errors import Refusal
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.incidents.asking import looked_at
from shebaoka.office.incidents import selectors
from shebaoka.office.incidents.papers import LETTERS, letter_pdf, report_pdf


@desk()
def form(request: DeskRequest, number: str) -> HttpResponse:
    """The report form F13."""
    found = looked_at(request, number)
    return found if isinstance(found, HttpResponse) else _pdf(report_pdf(found), found.number)


@desk()
def letter(request: DeskRequest, id: UUID) -> HttpResponse:
    """The letter of a report."""
    duty = selectors.duty(request.actor, id)
    if duty.kind not in LETTERS:
        raise Refusal("base.not-found", what="letter")
    found = looked_at(request, duty.incident.number)
    return found if isinstance(found, HttpResponse) else _pdf(letter_pdf(duty), f"{found.number}-{duty.kind}")


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )
