"""Records that later parts of the office contribute to what a holder sees (``access.sections``)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shebaoka.office.access.models import PortalSession
from shebaoka.office.access.sections import Section
from shebaoka.office.access.sections import section as find
from shebaoka.office.access.services import own_read
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.pieces import Column, Table
from shebaoka.office.portal.holder import entrant, holder_or
from shebaoka.office.portal.stepping import clear, stepped


@entrant
def section(request: HttpRequest, session: PortalSession, name: str) -> HttpResponse:
    """A section's page. Raises Refusal ``base.not-found`` while no part stands for it."""
    found = find(name)
    if found is None:
        raise Refusal("base.not-found", what=name)

    def shown(request: HttpRequest, session: PortalSession, /) -> HttpResponse:
        own_read(session, found.scope, found.fields)
        page = {"session": session, "title": found.title, "table": table_of(found, session)}
        return render(request, "portal/section.html", page)

    return holder_or(found.scope)(stepped(clear(shown)) if found.proven else shown)(request)


def table_of(found: Section, session: PortalSession) -> Table:
    """Its rows about whom the page is."""
    return Table(
        found.title,
        [Column(each) for each in found.columns],
        [list(row) for row in found.rows(session.whom)],
        _("Nothing is recorded."),
        hide_caption=True,
    )
