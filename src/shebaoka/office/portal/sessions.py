"""Where a holder is signed in, and was of late; signing out here, there and everywhere."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shebaoka.office.access import services
from shebaoka.office.access.models import PortalSession
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.pieces import Column, Table
from shebaoka.office.portal.devices import device
from shebaoka.office.portal.holder import holder

_MOST = 50


@dataclass(frozen=True, slots=True)
class Line:
    """An open session as the page shows it."""

    pk: UUID
    device: str
    began: datetime
    seen: datetime
    proof: str
    address: str
    mine: bool


@holder
def sessions(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """The open ones, each with the button that ends it, and those that ended."""
    now = clock.now()
    found = list(PortalSession.objects.filter(person=session.person).order_by("-began_at")[:_MOST])
    there = [each for each in found if each.ended_at is None and each.idles_until > now]
    ended = [each for each in found if each not in there]
    table = Table(
        _("Ended"),
        [Column(_("Signed in at")), Column(_("Browser")), Column(_("With")), Column(_("Address"))],
        [[each.began_at, device(each.agent), _with(each), each.address or ""] for each in ended],
        _("None yet."),
        hide_caption=True,
    )
    context = {"session": session, "open": [_line(each, session) for each in there], "table": table}
    return render(request, "portal/sessions.html", context)


@require_POST
@holder
def end(request: HttpRequest, session: PortalSession, pk: UUID) -> HttpResponse:
    """Signs out on another device. No second proof: it only protects her."""
    other = PortalSession.objects.filter(person=session.person, pk=pk).select_related("person").first()
    if other is None:
        raise Refusal("base.not-found", what="session")
    services.session_end(other)
    messages.success(request, _("That sign-in has ended."))
    return redirect("portal:sessions")


def _line(each: PortalSession, mine: PortalSession) -> Line:
    return Line(
        each.pk,
        device(each.agent),
        each.began_at,
        each.seen_at,
        _with(each),
        each.address or "",
        each.pk == mine.pk,
    )


def _with(each: PortalSession) -> str:
    return str(each.get_proof_display()) if each.proof else _("Enquiry password")
