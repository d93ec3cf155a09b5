"""Every role and every act it may not do, of every part of the office: refused, and not a row was touched."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any, get_type_hints
from uuid import UUID

import msgspec
import pytest
from django.db import connection

from office.conftest import NOW
from office.country import Country
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.ids import new_id
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.acts import SERVICES
from shebaoka.office.organizations.models import Organization, Staff, TwoPersonAct
from shebaoka.office.organizations.roles import acts, roles
from shebaoka.office.organizations.two_persons import HANDLERS, check, propose, refuse

STEPS = {"organizations.sign-in", "organizations.activate"}
HOLDERS = {
    "access.sign-in",
    "access.language.choose",
    "access.passkey.add",
    "access.passkey.close",
    "access.passkey.name",
    "access.sign-out",
    "access.step-up",
    "access.password.choose",
    "access.password.change",
    "access.leak.tell",
    "access.correction.ask",
    "access.statement.make",
    "access.mandate.give",
    "access.mandate.end",
    "access.represent",
}
"""Acts of nobody who is signed in yet."""
_TOUCHED = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables"


@cache
def _personas() -> dict[str, Actor]:
    country = Country({})
    places = {"city": "980100", "province": "980000", "ministry": "000000"}
    found = {}
    for role, entry in roles().items():
        kind = next(kind for kind in places if kind in entry.kinds)
        found[role] = country.actor(places[kind], role)
    return found


@pytest.fixture
def personas(country: Country) -> dict[str, Actor]:
    """For every role somebody in an open session: in the city, or where that role is. The country has
    the same rows in every test, and nobody changes them here."""
    return _personas()


@contextmanager
def nothing_touched() -> Iterator[None]:
    """Within, no row of any table is inserted, updated or deleted, not even one that is rolled back."""
    before = touched()
    yield
    assert touched() == before


def touched() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED)
        return int(cursor.fetchone()[0])


def attempts(name: str) -> Callable[[Actor], object]:
    """Doing or proposing the act, with arguments that would fail if anybody looked at them."""
    if name in HANDLERS:
        return lambda actor: propose(actor, name, actor.organization, msgspec.Struct())
    return lambda actor: SERVICES[name](actor)


def refused(attempt: Callable[[Actor], object], actor: Actor, *codes: str) -> None:
    with pytest.raises(Refusal) as refusal:
        attempt(actor)
    assert refusal.value.code in codes
    assert refusal.value.what
    assert refusal.value.remedy


def waiting(name: str, maker: Actor) -> TwoPersonAct:
    assert maker.staff is not None
    with writing("tests.waiting"):
        return TwoPersonAct.objects.create(
            act=name,
            organization=maker.organization,
            payload={},
            digest="0" * 64,
            needs=HANDLERS[name].needs,
            maker=maker.staff,
            made_at=NOW,
        )


def test_every_act_is_done_by_a_service_and_every_service_is_an_act() -> None:
    done = SERVICES.keys() | HANDLERS.keys()
    assert done <= acts().keys()
    # rights to read are acts without a service; holders act on the portal for themselves, without roles
    assert {name for name in acts().keys() - done - STEPS - HOLDERS if not name.endswith(".read")} == set()
    assert not SERVICES.keys() & HANDLERS.keys()
    assert len(SERVICES) + len(HANDLERS) > 20


@pytest.mark.parametrize("name", sorted(SERVICES.keys() | HANDLERS.keys()))
def test_who_may_not_is_refused(personas: dict[str, Actor], name: str) -> None:
    entry, attempt = acts()[name], attempts(name)
    with nothing_touched():
        for role, actor in personas.items():
            if role not in entry.roles and not entry.anybody:
                refused(attempt, actor, "organizations.not-allowed")
            elif entry.session:
                refused(attempt, replace(actor, session=None), "organizations.no-session")


@pytest.mark.parametrize("name", sorted(HANDLERS))
def test_who_may_not_check_is_refused(personas: dict[str, Actor], name: str) -> None:
    entry = acts()[name]
    assert entry.checkers, "nobody may check it"
    maker = next(iter(personas.values()))
    found = waiting(name, maker)
    everything = replace(maker, roles=frozenset(roles()))
    with nothing_touched():
        refused(lambda actor: check(actor, found.pk), everything, "organizations.own-act")
        for role, actor in personas.items():
            if actor.staff == maker.staff or not actor.organization.contains(maker.organization):
                continue
            if role in entry.checkers:
                alone = replace(actor, session=None)
                refused(lambda by: check(by, found.pk), alone, "organizations.no-session")
            else:
                refused(lambda by: check(by, found.pk), actor, "organizations.not-allowed")
                refused(lambda by: refuse(by, found.pk, remark=""), actor, "organizations.not-allowed")


@pytest.mark.parametrize("name", sorted(HANDLERS))
def test_who_may_does_nothing_outside_of_her_area(country: Country, name: str) -> None:
    far = country.organizations["980100"]
    stranger = country.actor("990100", "organizations.administrator")
    mighty = replace(stranger, roles=frozenset(roles()))
    maker = country.actor("980100", "organizations.administrator")
    found = waiting(name, maker)
    with nothing_touched():
        refused(lambda by: propose(by, name, far, msgspec.Struct()), mighty, "organizations.not-yours")
        refused(lambda by: check(by, found.pk), mighty, "base.not-found")
        refused(lambda by: refuse(by, found.pk, remark=""), mighty, "base.not-found")


def examples(country: Country) -> dict[Any, object]:
    """A value of each type that services take; organizations and staff are of the other province."""
    city = country.organizations["980100"]
    return {
        Organization: city,
        Staff: Staff.objects.get(number="980100-key-custodian-1"),
        str: "980100",
        int: 1,
        bool: True,
        date: date(2026, 3, 2),
        datetime: NOW,
        UUID: new_id(),
        bytes: b"x",
    }


def far_services() -> list[str]:
    """Services that are told an organization or a member of staff, and nothing that cannot be made up."""
    known = {Organization, Staff, str, int, bool, date, datetime, UUID, bytes}
    names = []
    for name, function in SERVICES.items():
        hints = get_type_hints(inspect.unwrap(function))
        needed = {hints[each] for each in _needed(function)}
        if needed <= known and {Organization, Staff} & needed:
            names.append(name)
    return sorted(names)


def _needed(function: Callable[..., Any]) -> list[str]:
    parameters = list(inspect.signature(inspect.unwrap(function)).parameters.values())[1:]
    return [each.name for each in parameters if each.default is inspect.Parameter.empty]


@pytest.mark.parametrize("name", far_services())
def test_a_service_does_nothing_outside_of_the_area(country: Country, name: str) -> None:
    hints = get_type_hints(inspect.unwrap(SERVICES[name]))
    made = examples(country)
    values = {each: made[hints[each]] for each in _needed(SERVICES[name])}
    stranger = country.actor("990100", "organizations.administrator")
    mighty = replace(stranger, roles=frozenset(roles()))
    with nothing_touched(), pytest.raises(Refusal) as refusal:
        SERVICES[name](mighty, **values)
    assert refusal.value.status in (400, 403, 404, 409)
