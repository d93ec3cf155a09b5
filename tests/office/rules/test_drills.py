"""Drills, and the page's list of bodies that lack something."""

from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction

from office.country import Country
from office.ready import rules_in_force
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.rules import selectors, services
from shebaoka.office.rules.choices import DrillResult, Lack
from shebaoka.office.rules.models import Drill

CITY, TODAY = "980100", date(2026, 3, 2)


def held(
    country: Country, day: date = TODAY, result: DrillResult = DrillResult.PASSED, found: str = ""
) -> Drill:
    officer = country.actor(CITY, "organizations.security-officer")
    return services.drill_record(
        officer,
        organization=country.organizations[CITY],
        held_on=day,
        scenario="密钥母卡遗失",
        participants="示例甲、示例乙",
        result=result,
        findings=found,
        improvements=found,
    )


def test_a_drill_counts_for_the_months_set(country: Country) -> None:
    rules_in_force(country, CITY)
    drill = held(country)
    assert (drill.plan.kind, drill.plan.version) == ("contingency-plan", 1)
    body = country.organizations[CITY]
    last = selectors.valid_documents(body, date(2027, 3, 1))
    assert last.last_drill == drill
    assert Lack.NO_DRILL not in [each.why for each in last.lacking]
    late = selectors.valid_documents(body, date(2027, 3, 2))
    assert [each.why for each in late.lacking] == [Lack.NO_DRILL]
    assert late.complete


def test_a_failed_drill_does_not_count(country: Country) -> None:
    rules_in_force(country, CITY)
    held(country, result=DrillResult.FAILED, found="报告超时")
    late = selectors.valid_documents(country.organizations[CITY], date(2027, 2, 2))
    assert [each.why for each in late.lacking] == [Lack.NO_DRILL]


def test_what_a_drill_must_say(country: Country) -> None:
    with pytest.raises(Refusal) as refused:
        held(country)
    assert refused.value.code == "rules.drill-without-plan"
    rules_in_force(country, CITY)
    for day, result, code in (
        (TODAY + timedelta(days=1), DrillResult.PASSED, "rules.drill-ahead"),
        (TODAY, DrillResult.FINDINGS, "rules.drill-findings"),
        (date(2026, 1, 31), DrillResult.PASSED, "rules.drill-without-plan"),
    ):
        with pytest.raises(Refusal) as refused:
            held(country, day, result)
        assert refused.value.code == code
    assert Drill.objects.count() == 1
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE rules_drill SET result = 'passed'")


def test_the_list_names_the_bodies_of_every_level_that_lack_something(country: Country) -> None:
    rules_in_force(country, CITY, "000000")
    ministry = country.actor("000000", "organizations.auditor")
    lacking = selectors.bodies_lacking(ministry)
    assert [each.organization.code for each in lacking] == ["980000", "990000", "990100"]
    assert {each.organization.kind for each in lacking} == {Kind.PROVINCE, Kind.CITY}
    province = country.actor("980000", "organizations.auditor")
    assert [each.organization.code for each in selectors.bodies(province)] == ["980000", CITY]


def test_many_bodies_cost_few_queries(country: Country, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    rules_in_force(country)
    actor = country.actor("000000", "organizations.leader")
    with django_assert_max_num_queries(6 + 4 * len(country.organizations)):
        assert selectors.bodies_lacking(actor) == []
