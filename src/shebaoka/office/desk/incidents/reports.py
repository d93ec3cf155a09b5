"""Reports: made by the body, received by its superior."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.incidents.asking import change
from shebaoka.office.desk.incidents.forms import MadeForm
from shebaoka.office.incidents import selectors, services


@desk("incidents.duty.done")
def made(request: DeskRequest, id: UUID) -> HttpResponse:
    """A report was made."""
    duty = selectors.duty(request.actor, id)
    who = duty.addressee.name if duty.addressee else ""
    return change(
        request,
        duty.incident,
        MadeForm,
        lambda answers: services.duty_done(request.actor, duty=duty.pk, **answers),
        title=duty.get_kind_display(),
        done=_("The report is recorded."),
        button=_("Record"),
        text=f"{duty.incident.number} · {who}" if who else duty.incident.number,
    )


@desk("incidents.duty.receive")
def received(request: DeskRequest, id: UUID) -> HttpResponse:
    """A report has come."""
    duty = selectors.duty(request.actor, id)
    return change(
        request,
        duty.incident,
        OfficeForm,
        lambda answers: services.duty_receive(request.actor, duty=duty.pk),
        title=_("Confirm the receipt of a report"),
        done=_("The receipt is confirmed."),
        button=_("Confirm"),
        text=f"{duty.incident.number} · {duty.incident.organization.name} · {duty.get_kind_display()}",
    )
