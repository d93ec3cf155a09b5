"""The pages of what went wrong: refused, not found, not allowed, a form that came too late, our own fault."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shebaoka.office.base.errors import Refusal


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What a service refused and what to do, with the status of the error catalogue."""
    return _page(request, refusal.status, refusal.what, refusal.remedy)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _page(
        request,
        404,
        _("Page not found"),
        _("Check the address. What you look for may also lie outside of your area."),
    )


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _page(request, 403, _("You may not see this page"), _("Ask somebody whose role it is."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: nothing of what came in was used."""
    return _page(
        request, 400, _("The request cannot be read"), _("Nothing was changed. Go back and try again.")
    )


def too_late(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without its token, mostly one that was open for too long."""
    return _page(
        request,
        403,
        _("This form is no longer valid"),
        _("Nothing was changed. Cookies must be on. Open the page again and repeat your answers."),
    )


def our_fault(request: HttpRequest) -> HttpResponse:
    """500. Written without the request, whose session and user may be what fails."""
    text = _("What you did last may not be saved: look before you repeat it. Your administrator has the log.")
    context = {"title": _("Sorry, something is wrong here"), "text": text}
    return HttpResponse(render_to_string("base/error.html", context), status=500)


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "base/error.html", {"title": title, "text": text}, status=status)
