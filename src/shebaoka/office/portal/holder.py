"""Who stands before a page of the portal: a cookie of its own, apart from that of staff."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from shebaoka.office.access.models import Account, PortalSession
from shebaoka.office.access.services import represented, session_of
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal

P = ParamSpec("P")
A = TypeVar("A", bound=HttpResponse)
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
Page = Callable[Concatenate[HttpRequest, PortalSession, P], HttpResponse]


def cookie() -> str:
    """Its name; with the prefix that browsers take only over https from this host."""
    return "__Host-holder" if settings.SESSION_COOKIE_SECURE else "holder"


def session_in(request: HttpRequest, *, seen: bool = True) -> PortalSession | None:
    """The open session of this browser; unless ``seen`` is no, it counts as used now."""
    token = request.COOKIES.get(cookie(), "")
    return session_of(token, seen=seen) if token else None


def holder(page: Page[P]) -> View[P]:
    """A page for who is signed in and acts for herself; others are led to sign in. Who acts for somebody else
    is refused: a page of secrets, sessions and mandates is always one's own."""

    def own(
        request: HttpRequest, session: PortalSession, /, *args: P.args, **values: P.kwargs
    ) -> HttpResponse:
        if represented(session) is not None:
            raise Refusal("access.not-for-another")
        return page(request, session, *args, **values)

    return entrant(wraps(page)(own))


def holder_or(scope: str) -> Callable[[Page[P]], View[P]]:
    """A page for the holder herself, or for who acts for her by guardianship or a mandate that covers
    ``scope``: ``session.whom`` is whose page it is. Raises Refusal ``access.outside-mandate``."""

    def decorate(page: Page[P]) -> View[P]:
        def within(
            request: HttpRequest, session: PortalSession, /, *args: P.args, **values: P.kwargs
        ) -> HttpResponse:
            found = represented(session)
            if found is not None and scope not in found.scopes:
                raise Refusal("access.outside-mandate")
            return page(request, session, *args, **values)

        return entrant(wraps(page)(within))

    return decorate


def entrant(page: Page[P]) -> View[P]:
    """A page for who is signed in, for whomever she acts: for the proofs of her own session."""

    @wraps(page)
    def view(request: HttpRequest, /, *args: P.args, **values: P.kwargs) -> HttpResponse:
        session = session_in(request)
        if session is None:
            return redirect(f"{reverse('portal:sign-in')}?{urlencode({'again': 1})}")
        return page(request, session, *args, **values)

    return view


def entered(opened: Opened, page: str) -> HttpResponse:
    """To a page, with the cookie of the session that began."""
    return keep(redirect(page), opened)


def keep(answer: A, opened: Opened) -> A:
    """The answer with the cookie of a session, and that of the language its holder chose."""
    session = opened.session
    answer.set_cookie(
        cookie(),
        opened.token,
        max_age=session.ends_at - clock.now(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    account = Account.objects.filter(person=session.person).first()
    if account is not None and account.language:
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            account.language,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
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
