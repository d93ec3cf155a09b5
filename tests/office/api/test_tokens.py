"""Tokens: registered by two persons, shown once, counted, withdrawn."""

from datetime import timedelta
from typing import Any

import pytest

from office.api.world import ADMINISTRATOR, LEADER, added, ask, token, wanted
from office.cards.world import AGENCY, CITY, World
from office.conftest import NOW
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.interfaces.models import Token
from shebaoka.office.interfaces.services import NewToken, token_give, token_withdraw
from shebaoka.office.organizations.two_persons import check, propose

LIST = "v1/blacklists"


def test_a_token_is_shown_once_and_kept_as_a_digest(city: World) -> None:
    given = token(city, AGENCY, "downloads")
    made = Token.objects.get()
    assert given not in repr(vars(made))
    assert len(made.token) == 64
    assert made.added_by != made.checked_by
    assert ask(given, LIST) == {"items": []}
    assert not [row for row in Row.objects.all() if given in row.line or made.token in row.line]
    made.refresh_from_db()
    assert made.allowance.last_at == NOW
    assert not Bypass.objects.exists()


def test_a_new_one_ends_the_old_and_withdrawing_ends_both(city: World) -> None:
    first = token(city, AGENCY, "downloads")
    made = Token.objects.get()
    administrator = city.by(CITY, ADMINISTRATOR)
    second = token_give(administrator, token=made.pk)
    assert ask(first, LIST, status=401)["error"] == "interfaces.no-token"
    ask(second, LIST)
    token_withdraw(city.by(CITY, LEADER), token=made.pk, why="系统停用")
    ask(second, LIST, status=401)
    for again in (
        lambda: token_give(administrator, token=made.pk),
        lambda: token_withdraw(administrator, token=made.pk, why="x"),
    ):
        with pytest.raises(Refusal) as refusal:
            again()
        assert refusal.value.code == "interfaces.token-over"


def test_it_counts_until_its_last_day_and_while_its_organization_is_open(city: World) -> None:
    given = token(city, AGENCY, "downloads")
    with clock.at(NOW + timedelta(days=30)):
        ask(given, LIST)
    with clock.at(NOW + timedelta(days=31)):
        ask(given, LIST, status=401)
    city.agency.closed_on = clock.today()
    city.agency.save()
    ask(given, LIST, status=401)


def test_what_is_no_token_is_told_so(city: World) -> None:
    token(city, AGENCY, "downloads")
    for given in ("", "x", "sbk_", "sbk_" + "x" * 43, "sbk_" + "y" * 5000, "Bearer", "é"):
        ask(given, LIST, status=401)


def test_it_may_what_its_scopes_say_and_the_refusal_names_it(city: World) -> None:
    given = token(city, AGENCY, "downloads")
    told = ask(given, "v1/cards/verify", {"identification_code": "0" * 32, "number": "A00000001"}, status=403)
    assert told["error"] == "interfaces.no-scope"
    assert told["title"] == "This token may not: Verify cards."
    ask(given, "v1/lists", status=403)


def test_a_minute_has_so_many_questions_and_the_next_has_them_again(city: World) -> None:
    given = token(city, AGENCY, "downloads", per_minute=2)
    for _ in range(2):
        ask(given, LIST)
    with clock.at(NOW + timedelta(seconds=20)):
        told = ask(given, LIST, status=429)
        assert told["error"] == "interfaces.too-many"
    with clock.at(NOW + timedelta(minutes=1)):
        ask(given, LIST)
    other = token(city, CITY, "downloads", per_minute=2)
    ask(other, LIST)


def test_retry_after_is_the_rest_of_the_minute(city: World) -> None:
    from django.test import Client

    given = token(city, AGENCY, "downloads", per_minute=1)
    ask(given, LIST)
    with clock.at(NOW + timedelta(seconds=20)):
        answer = Client().get(f"/api/{LIST}", headers={"authorization": f"Bearer {given}"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "40")


def refused(city: World, new: NewToken) -> str:
    with pytest.raises(Refusal) as refusal:
        propose(city.by(CITY, ADMINISTRATOR), "interfaces.token.add", city.city, new)
    assert not Token.objects.exists()
    return refusal.value.code


UNFIT: list[tuple[dict[str, Any], str]] = [
    ({"name": " "}, "interfaces.token-unfit"),
    ({"scopes": ()}, "interfaces.token-unfit"),
    ({"until": NOW.date()}, "interfaces.token-unfit"),
    ({"until": NOW.date() + timedelta(days=401)}, "interfaces.token-unfit"),
    ({"per_minute": 0}, "interfaces.token-unfit"),
    ({"per_minute": 601}, "interfaces.token-unfit"),
    ({"scopes": ("everything",)}, "interfaces.scope-not-here"),
    ({"organization": "980100-B01", "scopes": ("lists.send",)}, "interfaces.scope-not-here"),
    ({"employer": "91980100MA0000000X"}, "interfaces.no-employer"),
    ({"organization": "990100"}, "organizations.not-yours"),
    ({"organization": "nowhere"}, "base.not-found"),
]


def test_what_no_token_may_be(city: World) -> None:
    for changes, code in UNFIT:
        place = changes.pop("organization", AGENCY)
        assert refused(city, wanted(place, ("downloads",), **changes)) == code


def test_a_name_is_taken_once_and_nobody_checks_herself(city: World) -> None:
    added(city, AGENCY, ("downloads",))
    maker = city.by(CITY, ADMINISTRATOR)
    with pytest.raises(Refusal) as refusal:
        propose(maker, "interfaces.token.add", city.city, wanted(AGENCY, ("downloads",)))
    assert refusal.value.code == "interfaces.token-known"
    other = wanted(AGENCY, ("downloads",), name="另一系统")
    waiting = propose(maker, "interfaces.token.add", city.city, other)
    with pytest.raises(Refusal):
        check(maker, waiting.pk)
    assert Token.objects.count() == 1


def test_the_job_forgets_answers_and_nothing_else(city: World) -> None:
    from shebaoka.office.interfaces.jobs import forget

    token(city, AGENCY, "downloads")
    forget()
    assert Token.objects.count() == 1
