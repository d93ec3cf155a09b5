"""Programs that ask: tokens of organizations, and their questions over HTTP."""

import json
from datetime import timedelta
from typing import Any

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
