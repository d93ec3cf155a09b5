"""A sign-in on its way: which one it is and where she wanted to go, kept in the web session."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from shebaoka.office.organizations.models import SignIn, Staff
from shebaoka.office.organizations.web import enter

_ID, _NEXT = "sign-in", "sign-in-next"


def wanted(request: HttpRequest, default: str = "desk:home") -> str:
    """The address in ``next`` if it is one of ours, else the page ``default``."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if ours else reverse(default)


def begin(request: HttpRequest, sign_in: SignIn, wanted: str) -> HttpResponse:
    """The password was right: to the second factor, or to set one up."""
    request.session.cycle_key()
    request.session[_ID], request.session[_NEXT] = str(sign_in.pk), wanted
    return redirect("desk:sign-in-code" if sign_in.enrolled else "desk:sign-in-set-up")


def awaited(request: HttpRequest) -> UUID | None:
    """The sign-in that waits for its second factor in this browser."""
    kept = request.session.get(_ID)
    return UUID(kept) if kept else None


def finish(request: HttpRequest, staff: Staff) -> str:
    """She is in; the address she wanted."""
    wanted = str(request.session.get(_NEXT) or reverse("desk:home"))
    enter(request, staff)
    request.session.pop(_ID, None)
    request.session.pop(_NEXT, None)
    return wanted
