"""The list of incidents."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Table
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.incidents.words import level_tag, state_tag
from shebaoka.office.incidents import selectors
from shebaoka.office.incidents.models import Incident


@desk()
def home(request: DeskRequest) -> HttpResponse:
    """What runs, and what has ended."""
    running = page_of(request, selectors.incidents(request.actor, running=True), "running")
    ended = page_of(request, selectors.incidents(request.actor, running=False), "ended", 20)
    page = {
        "running": _table(_("Running"), running, _("No incident runs.")),
        "running_pages": running,
        "ended": _table(_("Ended"), ended, _("None has ended yet.")),
        "ended_pages": ended,
    }
    return render(request, "desk/incidents/home.html", page)


def _table(caption: str, found: Iterable[Incident], empty: str) -> Table:
    columns = [
        Column(_("Number")),
        Column(_("What happened")),
        Column(_("Where")),
        Column(_("Discovered")),
        Column(_("Level")),
        Column(_("State")),
    ]
    rows = [
        (
            Link(each.number, reverse("desk:incidents:incident", args=[each.number])),
            each.get_kind_display(),
            each.organization.name,
            each.discovered_at,
            level_tag(each),
            state_tag(each),
        )
        for each in found
    ]
    return Table(caption, columns, rows, empty, hide_caption=True)
