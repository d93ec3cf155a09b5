"""Parameters: who may set them, what is in force where and when, and what the office does with them."""

from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction

from office.conftest import NOW
from office.country import Country
from office.parameters.deciding import CLERK, LEADER, new, put, refused
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.limits import limit
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.parameters.models import Setting
from shebaoka.office.parameters.registry import known
from shebaoka.office.parameters.selectors import (
    all_in_force,
    in_force,
    number,
    number_or_none,
    switch,
    text,
    value,
)
from shebaoka.office.parameters.services import Withdrawal
from shebaoka.spec.parameters import Value

KEY = "custody.stock-take-days"


def test_nearest_body_decides_and_the_default_stands_where_nobody_did(country: Country) -> None:
    assert number("980100", KEY) == 31
    put(country, "000000", KEY, 20)
    put(country, "980000", KEY, 15)
    assert [number(code, KEY) for code in ("000000", "980000", "980100", "990100")] == [20, 15, 15, 20]
    put(country, "980100", KEY, 10)
    city = country.organizations["980100"]
    assert (number(city, KEY), number("980103", KEY), number("980200", KEY)) == (10, 10, 15)
    assert in_force(city, KEY).place == "示例〔2026〕1号"
    assert all_in_force(city)[KEY] == in_force(city, KEY)
    assert not Bypass.objects.exists()


def test_a_day_has_its_own_values_and_yesterday_is_not_changed(country: Country) -> None:
    put(country, "980100", KEY, 10, date(2026, 3, 10))
    put(country, "980100", KEY, 12, date(2026, 3, 20))
    days = {date(2026, 3, 9): 31, date(2026, 3, 10): 10, date(2026, 3, 19): 10, date(2026, 3, 20): 12}
    assert {day: number("980100", KEY, day) for day in days} == days
    actor = country.actor("980100", CLERK)
    with refused("backdated"):
        propose(actor, "parameters.setting.set", actor.organization, new("980100", KEY, 9, date(2026, 3, 1)))
    with clock.at(NOW + timedelta(days=30)):
        assert number("980100", KEY) == 12


def test_a_mistake_for_the_same_day_is_corrected_by_a_higher_revision(country: Country) -> None:
    put(country, "980100", KEY, 10)
    put(country, "980100", KEY, 11)
    assert number("980100", KEY) == 11
    assert list(Setting.objects.order_by("revision").values_list("revision", "value")) == [(1, 10), (2, 11)]


def test_a_withdrawn_value_leaves_it_to_the_level_above(country: Country) -> None:
    put(country, "980000", KEY, 15)
    put(country, "980100", KEY, 10)
    actor = country.actor("980100", CLERK)
    withdrawal = Withdrawal("980100", KEY, date(2026, 4, 1), "示例〔2026〕2号")
    waiting = propose(actor, "parameters.setting.withdraw", actor.organization, withdrawal)
    check(country.actor("980100", LEADER), waiting.pk)
    assert (number("980100", KEY), number("980100", KEY, date(2026, 4, 1))) == (10, 15)
    with refused("nothing-to-withdraw"):
        propose(actor, "parameters.setting.withdraw", actor.organization, withdrawal)


@pytest.mark.parametrize(
    ("key", "wrong", "why"),
    [
        (KEY, 0, "value-unfit"),
        (KEY, 93, "value-unfit"),
        (KEY, "10", "value-unfit"),
        (KEY, True, "value-unfit"),
        ("cards.financial", 1, "value-unfit"),
        ("psams.place-change", "ignore", "value-unfit"),
        ("cards.issued-to", "", "value-unfit"),
        ("cards.issued-to", "字" * 201, "value-unfit"),
        ("cards.colour", 1, "unknown"),
        ("incidents.secret-report-hours", 12, "not-your-level"),
    ],
)
def test_values_that_are_refused(country: Country, key: str, wrong: Value, why: str) -> None:
    actor = country.actor("980100", CLERK)
    with refused(why):
        propose(actor, "parameters.setting.set", actor.organization, new("980100", key, wrong))
    assert not Setting.objects.exists()
    assert not Row.objects.exists()


@pytest.mark.parametrize(("source", "place"), [("?", "x"), ("LS", "x"), ("L", "  "), ("L", "x" * 201)])
def test_a_value_without_its_source_is_refused(country: Country, source: str, place: str) -> None:
    actor = country.actor("980100", CLERK)
    with refused("no-document"):
        propose(
            actor,
            "parameters.setting.set",
            actor.organization,
            new("980100", KEY, 10, source=source, place=place),
        )


def test_nobody_decides_for_another_body_not_even_from_above(country: Country) -> None:
    city = country.organizations["980100"]
    with refused("own-body"):
        propose(country.actor("980000", CLERK), "parameters.setting.set", city, new("980100", KEY, 10))
    waiting = propose(country.actor("980100", CLERK), "parameters.setting.set", city, new("980100", KEY, 10))
    with refused("own-body"):
        check(country.actor("980000", LEADER), waiting.pk)
    assert not Setting.objects.exists()


def test_unknown_numbers_are_asked_for_and_never_invented(country: Country) -> None:
    with refused("not-set"):
        value("980100", "approval.ministry-review-workdays")
    assert number_or_none("980100", "approval.ministry-review-workdays") is None
    assert in_force("980100", "approval.ministry-review-workdays").to_confirm
    put(country, "000000", "approval.ministry-review-workdays", 20)
    assert number("980100", "approval.ministry-review-workdays") == 20
    assert not in_force("980100", "approval.ministry-review-workdays").to_confirm


def test_types_are_kept(country: Country) -> None:
    assert switch("980100", "cards.financial") is True
    assert text("980100", "cards.service-telephone") == "12333"
    for wrong in (number, switch):
        with pytest.raises(TypeError):
            wrong("980100", "cards.service-telephone")


def test_a_region_shortens_its_staff_sessions(country: Country) -> None:
    assert limit("session-minutes", "980100") == 240
    put(country, "980100", "organizations.session-minutes", 60)
    assert (limit("session-minutes", "980100"), limit("session-minutes", "990100")) == (60, 240)


@pytest.mark.parametrize(
    "statement", ["UPDATE parameters_setting SET since = since - 9", "DELETE FROM parameters_setting"]
)
def test_settings_cannot_be_changed_past_the_services(country: Country, statement: str) -> None:
    put(country, "980100", KEY, 10)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert number("980100", KEY) == 10


def test_every_parameter_is_set_by_somebody_and_the_whole_table_is_one_query(
    country: Country, django_assert_num_queries: "pytest.FixtureRequest"
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert all_in_force(country.organizations["980100"]).keys() == known().keys()


def test_the_maker_does_not_check_her_own_value(country: Country) -> None:
    maker: Actor = country.actor("980100", CLERK)
    waiting = propose(maker, "parameters.setting.set", maker.organization, new("980100", KEY, 10))
    with pytest.raises(Refusal):
        check(maker, waiting.pk)
    assert not Setting.objects.exists()
