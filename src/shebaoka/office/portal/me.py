"""What a holder sees of herself, masked as long as only digits opened it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shebaoka.office.access.models import PortalSession
from shebaoka.office.access.services import is_masked
from shebaoka.office.base.pieces import Column, Row, Summary, Table
from shebaoka.office.organizations.reading import purposes, readers_of
from shebaoka.office.portal.holder import holder
from shebaoka.office.portal.inbox import unread

_KEPT = 4


@holder
def home(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """Identity, insured place, contact."""
    person = session.person
    clear = not is_masked(session)
    rows = [
        Row(_("Name"), person.name),
        Row(_("Social security number"), person.number if clear else masked(person.number)),
        Row(_("Sex"), person.get_sex_display()),
        Row(_("Date of birth"), person.birth if clear else f"{person.birth:%Y}"),
        Row(_("Insured at"), person.agency.name),
        Row(_("Telephone"), masked(person.phone)),
        Row(_("Employer"), person.employer.name if person.employer else ""),
    ]
    context = {"session": session, "summary": Summary(rows), "masked": not clear, "unread": unread(session)}
    return render(request, "portal/me.html", context)


@holder
def readers(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """Who looked at her data (R-18): when, in which body, what for."""
    rows = [
        [each.at, each.organization, str(purposes().get(each.purpose, each.purpose))]
        for each in readers_of(session.person)
    ]
    table = Table(
        _("Who looked at my data"),
        [Column(_("Time")), Column(_("By")), Column(_("What for"))],
        rows,
        empty=_("Nobody has."),
    )
    return render(request, "portal/readers.html", {"session": session, "table": table})


def masked(text: str) -> str:
    """The last four characters, dots for the others."""
    return "•" * max(0, len(text) - _KEPT) + text[-_KEPT:] if len(text) > _KEPT else "•" * len(text)
