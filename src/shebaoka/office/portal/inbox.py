"""Messages to a holder: what happened that concerns her, newest first; what she opened counts as read."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shebaoka.office.access.models import Message, Notice, PortalSession
from shebaoka.office.access.notice import versions
from shebaoka.office.access.services import messages_read
from shebaoka.office.access.telling import filled
from shebaoka.office.base.paging import page_of
from shebaoka.office.portal.holder import holder

_SIZE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A message as the page shows it."""

    at: datetime
    text: str
    new: bool = False
    more: str = ""


@holder
def inbox(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """All of them, kept; the notices of responsibility she was given stand below, with their words."""
    rows = Message.objects.filter(person=session.person).order_by("-at", "-pk")
    pages = page_of(request, rows, size=_SIZE)
    lines = [Line(each.at, filled(each.kind, each.values), each.read_at is None) for each in pages]
    messages_read(session.person, [each.pk for each in pages if each.read_at is None])
    context = {"session": session, "lines": lines, "pages": pages, "notices": notices(session)}
    return render(request, "portal/messages.html", context)


def unread(session: PortalSession) -> int:
    """How many she did not see yet."""
    return Message.objects.filter(person=session.person, read_at=None).count()


def notices(session: PortalSession) -> list[Line]:
    """When and how she was told of her responsibility (PW-07)."""
    told = Notice.objects.filter(person=session.person).order_by("-at")[:50]
    return [
        Line(
            each.at,
            f"{each.get_occasion_display()} · {each.get_medium_display()} · "
            + _("version %(version)s") % {"version": each.version},
            more=str(versions()[each.version]) if each.version in versions() else "",
        )
        for each in told
    ]
