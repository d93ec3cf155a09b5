"""The staff session: a time of work with a purpose; acts are done within one."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.pieces import Row, Summary
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.entrance import progress
from shebaoka.office.desk.entrance.forms import SessionForm
from shebaoka.office.organizations import services
from shebaoka.office.organizations.limits import limit


@desk()
def begin(request: DeskRequest) -> HttpResponse:
    """Begins one, and goes back to the page that asked for it."""
    longest = limit("session-minutes", request.actor.organization.region)
    form = SessionForm.of(request, longest=longest)
    begun = attempt(
        form,
        lambda answers: services.session_begin(
            request.actor, purpose=answers["purpose"], minutes=answers["minutes"]
        ),
    )
    if begun is not None:
        messages.success(request, _("The staff session has begun."))
        return redirect(progress.wanted(request))
    page = {
        "form": form,
        "title": _("Begin a staff session"),
        "text": _("Acts are done within a time of work that you state the purpose of."),
        "button": _("Begin"),
        "back": progress.wanted(request),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk()
def session(request: DeskRequest) -> HttpResponse:
    """The open session, and the button that ends it."""
    if request.actor.session is None:
        return redirect("desk:session-begin")
    form = OfficeForm.of(request)
    ended = attempt(form, lambda answers: services.session_end(request.actor))
    if ended is not None:
        messages.success(request, _("The staff session has ended."))
        return redirect("desk:home")
    now = request.actor.session
    rows = [
        Row(_("Purpose"), now.purpose),
        Row(_("Began"), now.began_at),
        Row(_("Ends"), now.ends_at),
    ]
    page = {
        "form": form,
        "title": _("Staff session"),
        "above": Summary(rows),
        "button": _("End the session"),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk(once=False)
def stay(request: DeskRequest) -> HttpResponse:
    """Sent, a session of the same purpose follows the one that ends: back to the page for a form, JSON for
    the script of the page. Asked with GET, it says how long the session lasts."""
    found = request.actor.session
    if request.method == "POST":
        last = request.user.sessions.order_by("-began_at").first()
        if last is not None:
            found = services.session_begin(request.actor, purpose=last.purpose)
    if "application/json" in request.headers.get("Accept", ""):
        if found is None:
            return JsonResponse({"left": 0})
        return JsonResponse({"left": found.left, "until": time_format(localtime(found.ends_at), "H:i")})
    wanted = request.POST.get("next", "")
    near = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if near and wanted.startswith(reverse("desk:home")) else "desk:session")
