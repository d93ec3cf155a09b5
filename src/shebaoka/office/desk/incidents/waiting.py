"""Reports that wait, as tasks of the start page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shebaoka.office.base.pieces import Tag, Task
from shebaoka.office.desk.incidents.words import clock_tag
from shebaoka.office.incidents import selectors
from shebaoka.office.incidents.models import Duty
from shebaoka.office.organizations.actor import Actor

MOST = 10


def reports(actor: Actor) -> Iterator[Task]:
    """What her body has to report, what came to it, and what it waits for in vain."""
    for duty in selectors.reports_to_make(actor)[:MOST]:
        page = reverse("desk:incidents:made", args=[duty.pk])
        yield Task(duty.get_kind_display(), page, clock_tag(selectors.clock_of(duty)), _about(duty))
    for duty in selectors.reports_to_receive(actor)[:MOST]:
        page = reverse("desk:incidents:received", args=[duty.pk])
        yield Task(_("Confirm the receipt of a report"), page, Tag(_("Received"), "busy"), _about(duty))
    for duty in selectors.late_below(actor)[:MOST]:
        page = reverse("desk:incidents:incident", args=[duty.incident.number])
        yield Task(_("A report to you is late"), page, Tag(_("Late"), "bad"), _about(duty))


def _about(duty: Duty) -> str:
    when = date_format(localtime(duty.due_at), "SHORT_DATETIME_FORMAT") if duty.due_at else _("at once")
    return f"{duty.incident.number} · {duty.incident.organization.name} · {when}"
