"""How long a session of the portal still lasts, and the one act that lengthens it (WCAG 2.2.1)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime

from shebaoka.office.access.models import PortalSession
from shebaoka.office.portal.holder import session_in


def stay(request: HttpRequest) -> HttpResponse:
    """Asked with POST, the session counts as used now: back to the page for a form, JSON for the script.
    Asked with GET, it says how long the session lasts and leaves it as it is: other windows may have gone
    on."""
    session = session_in(request, seen=request.method == "POST")
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(_told(session))
    if session is None:
        return redirect(f"{reverse('portal:sign-in')}?again=1")
    wanted = request.POST.get("next", "")
    near = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/me/")
    return redirect(wanted if near else "portal:me")


def _told(session: PortalSession | None) -> dict[str, object]:
    if session is None:
        return {"left": 0}
    return {"left": session.left, "until": time_format(localtime(session.idles_until), "H:i")}
