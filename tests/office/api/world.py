"""Programs that ask: tokens of organizations, and their questions over HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections
from django.test import Client

from office.cards.world import World
from shebaoka.office.base import clock
from shebaoka.office.interfaces.models import Token
from shebaoka.office.interfaces.services import NewToken, token_give
from shebaoka.office.organizations.two_persons import check, propose

ADMINISTRATOR, LEADER = "organizations.administrator", "organizations.leader"
EVERYTHING = ("cards.verify", "cards.status", "lists.send", "downloads", "hsm.answer")


def wanted(code: str, allowed: tuple[str, ...], **changes: Any) -> NewToken:
    """What is proposed."""
    until = clock.today() + timedelta(days=30)
    return NewToken(
        **{
            "organization": code,
            "name": "业务系统",
            "scopes": allowed,
            "until": until,
            "per_minute": 600,
            **changes,
        }
    )


def added(world: World, code: str, scopes: tuple[str, ...], **changes: Any) -> Token:
    """A token registered by two persons of the city."""
    place = world.country.organizations.get(code) or world.agency
    maker = world.by(place.region, ADMINISTRATOR)
    new = wanted(code, scopes, **changes)
    waiting = propose(maker, "interfaces.token.add", world.country.organizations[place.region], new)
    check(world.by(place.region, LEADER), waiting.pk)
    return Token.objects.get(organization__code=code, name=new.name)


def token(world: World, code: str, *scopes: str, **changes: Any) -> str:
    """A token as its program holds it."""
    made = added(world, code, scopes or EVERYTHING, **changes)
    return token_give(world.by(made.organization.region, ADMINISTRATOR), token=made.pk)


def ask(token: str, address: str, question: object = None, *, status: int = 200, **headers: str) -> Any:
    """The answer to a question; without ``question`` what is there."""
    given = {"authorization": f"Bearer {token}", "accept-language": "en"} if token else {}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    if question is None:
        answer = Client().get(f"/api/{address}", headers=given)
    else:
        answer = Client().post(f"/api/{address}", json.dumps(question), "application/json", headers=given)
    assert answer.status_code == status, answer.content.decode()
    if status >= 400:
        assert answer["Content-Type"] == "application/problem+json"
    return answer.json() if "json" in answer.get("Content-Type", "") and answer.content else answer


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        return


@contextmanager
def one_connection() -> Iterator[None]:
    """The application keeps the connection that the test's transaction is on, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@contextmanager
def served() -> Iterator[str]:
    """The office's real application on a port of this computer."""
    with _serving(get_wsgi_application()) as address:
        yield address


@contextmanager
def served_here() -> Iterator[str]:
    """As :func:`served`, within the transaction of the test, which waits for each answer."""
    application, own, now = get_wsgi_application(), connections["default"], clock.now()

    def within(environ: Any, start: Any) -> Any:
        connections["default"] = own
        with clock.at(now):
            return application(environ, start)

    own.inc_thread_sharing()
    try:
        with one_connection(), _serving(within) as address:
            yield address
    finally:
        own.dec_thread_sharing()


@contextmanager
def _serving(application: Any) -> Iterator[str]:
    with make_server("127.0.0.1", 0, application, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
