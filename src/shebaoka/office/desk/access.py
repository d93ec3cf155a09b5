"""Who stands before a page of the desk, and whether she may."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from shebaoka.office.base.errors import Refusal
from shebaoka.office.desk.once import done_once
from shebaoka.office.desk.turns import turn
from shebaoka.office.organizations.actor import Actor, actor_of
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.models import Staff
from shebaoka.office.organizations.roles import acts

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request of somebody who is signed in with her second factor."""

    actor: Actor
    user: Staff


def desk(
    *acts_of_page: str, session: bool = False, once: bool = True
) -> Callable[
    [Callable[Concatenate[DeskRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """Makes a view a page of the desk.

    ``@desk()`` is a page to read; ``@desk("custody.carrier.receive")`` is for who may do one of these
    acts, else it is refused (403), and asks for a staff session first when an act needs one, as
    ``session=True`` does always (a form that was sent is left to its service, which refuses it, so that no
    answer is lost). A form is done once, however often it is sent, in one transaction (``desk.once``); not
    with ``once=False``: where answers are secrets, or services do more than write to the database and keep
    their own transactions. Who is not signed in is sent to sign in and comes back."""

    def decorate(
        view: Callable[Concatenate[DeskRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def call(request: HttpRequest, /, *args: P.args, **values: P.kwargs) -> HttpResponse:
            if request.method == "POST":
                return seen_by_her(request, *args, **values)
            with turn():
                return seen_by_her(request, *args, **values)

        def seen_by_her(request: HttpRequest, /, *args: P.args, **values: P.kwargs) -> HttpResponse:
            staff = request.user
            if not isinstance(staff, Staff) or not staff.is_active:
                return _first(request, "desk:sign-in")
            seen = cast(DeskRequest, request)
            seen.actor = actor_of(staff, Channel.DESK)
            _allow(seen.actor, acts_of_page)
            needed = session or any(acts()[name].session for name in acts_of_page)
            if needed and seen.actor.session is None and request.method != "POST":
                return _first(request, "desk:session-begin")
            if request.method == "POST" and once:
                return done_once(seen, staff, lambda: view(seen, *args, **values))
            return view(seen, *args, **values)

        return call

    return decorate


def _allow(actor: Actor, names: tuple[str, ...]) -> None:
    if names and not any(actor.may(name) for name in names):
        raise Refusal("organizations.not-allowed", act=acts()[names[0]].name)


def _first(request: HttpRequest, page: str) -> HttpResponse:
    """To another page first, and from there back to this one."""
    return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")
