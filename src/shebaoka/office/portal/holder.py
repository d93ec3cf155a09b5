"""Who stands before a page of the portal: a cookie of its own, apart from that of staff."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from shebaoka.office.access.models import PortalSession
from shebaoka.office.access.services import session_of
from shebaoka.office.access.services.sessions import LONGEST, Opened

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
Page = Callable[Concatenate[HttpRequest, PortalSession, P], HttpResponse]


def cookie() -> str:
    """Its name; with the prefix that browsers take only over https from this host."""
    return "__Host-holder" if settings.SESSION_COOKIE_SECURE else "holder"


def session_in(request: HttpRequest) -> PortalSession | None:
    """The open session of this browser."""
    token = request.COOKIES.get(cookie(), "")
    return session_of(token) if token else None


def holder(page: Page[P]) -> View[P]:
    """A page for who is signed in; others are led to sign in."""

    @wraps(page)
    def view(request: HttpRequest, /, *args: P.args, **values: P.kwargs) -> HttpResponse:
        session = session_in(request)
        if session is None:
            return redirect(f"{reverse('portal:sign-in')}?{urlencode({'again': 1})}")
        return page(request, session, *args, **values)

    return view


def entered(opened: Opened, page: str) -> HttpResponse:
    """To a page, with the cookie of the session that began."""
    answer = redirect(page)
    answer.set_cookie(
        cookie(),
        opened.token,
        max_age=LONGEST,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def left(page: str) -> HttpResponse:
    """To a page, without the cookie."""
    answer = redirect(page)
    answer.delete_cookie(cookie(), samesite="Lax")
    return answer


def address(request: HttpRequest) -> str:
    """The network address the request comes from."""
    return str(request.META.get("REMOTE_ADDR") or "")


def agent(request: HttpRequest) -> str:
    """The browser, as it calls itself."""
    return str(request.headers.get("User-Agent") or "")
