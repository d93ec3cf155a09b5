"""Who looked at a holder's data (R-18, PW-08): when, which organization in which role, through which channel,
what for, and which fields. The clerk herself is not named: the organization answers for her."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shebaoka.office.access.choices import Scope
from shebaoka.office.access.models import PortalSession
from shebaoka.office.access.services import on_portal, seen
from shebaoka.office.audit.selectors import Reading, reading_of
from shebaoka.office.base.paging import stretch_of
from shebaoka.office.cards import selectors
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.reading import fields, purposes, readings_about
from shebaoka.office.organizations.roles import roles
from shebaoka.office.people.models import Person
from shebaoka.office.portal.holder import holder_or

_SIZE = 20
_CHANNELS = {each.value: each.label for each in Channel}


@dataclass(frozen=True, slots=True)
class Line:
    """A reading as the page shows it."""

    at: datetime
    by: str
    channel: str
    purpose: str
    what: str


@holder_or(Scope.READERS.value)
def readers(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """The readings of her entry, of entries merged into it, and of her cards, the last first."""
    seen(session, ("access.reads",))
    whom = session.whom
    subjects = [whom, *whom.merged.all(), *selectors.cards_of(on_portal(session), whom)]
    pages = stretch_of(request, readings_about(subjects), size=_SIZE)
    found = [reading_of(row) for row in pages]
    names = _names(found)
    lines = [
        Line(
            each.at,
            _by(each, names),
            _channel(each),
            str(purposes().get(each.purpose, each.purpose)),
            _what(each),
        )
        for each in found
    ]
    return render(request, "portal/readers.html", {"session": session, "lines": lines, "pages": pages})


def _names(found: Iterable[Reading]) -> dict[str, str]:
    """Names of organizations by code, of agents by id."""
    bodies = Organization.objects.filter(code__in={each.organization for each in found})
    agents = Person.objects.filter(pk__in={each.agent for each in found if each.agent})
    return {each.code: each.name for each in bodies} | {str(each.pk): each.name for each in agents}


def _by(reading: Reading, names: dict[str, str]) -> str:
    if reading.agent:
        return _("%(name)s, who acts for the holder") % {"name": names.get(reading.agent, "")}
    body = names.get(reading.organization, reading.organization)
    held = [str(roles()[name].name) for name in reading.roles if name in roles()]
    return f"{body} ({', '.join(held)})" if held else body


def _channel(reading: Reading) -> str:
    return str(_CHANNELS.get(reading.channel, reading.channel))


def _what(reading: Reading) -> str:
    known = fields()
    return ", ".join(str(known.get(name, name)) for name in reading.fields) or _("Not recorded one by one")
