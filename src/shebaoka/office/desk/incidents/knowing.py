"""Who needs to know of a secret incident."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.incidents.asking import change
from shebaoka.office.desk.incidents.forms import ReaderForm
from shebaoka.office.incidents import selectors, services


@desk("incidents.reader.add")
def add(request: DeskRequest, number: str) -> HttpResponse:
    """Somebody more."""
    found = selectors.incident(request.actor, number)
    return change(
        request,
        found,
        ReaderForm,
        lambda answers: services.reader_add(request.actor, incident=found.pk, **answers),
        title=_("Name somebody who needs to know"),
        done=_("She sees the incident from now on."),
        button=_("Add"),
    )


@desk("incidents.reader.remove")
def remove(request: DeskRequest, number: str, staff: str) -> HttpResponse:
    """Somebody less."""
    found = selectors.incident(request.actor, number)
    return change(
        request,
        found,
        OfficeForm,
        lambda answers: services.reader_remove(request.actor, incident=found.pk, number=staff),
        title=_("Take a name from the list"),
        done=_("She does not see the incident any more."),
        button=_("Remove"),
        text=staff,
    )
