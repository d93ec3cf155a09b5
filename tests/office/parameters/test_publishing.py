"""The rules a region publishes say what is in force, on every day, and stay as they were published (R-20)."""

from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from office.country import Country
from office.parameters.deciding import CLERK, LEADER, TODAY, put, refused
from shebaoka.office.audit.models import Row
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.parameters.models import Publication
from shebaoka.office.parameters.rules_text import compose, digest, keys_of, template
from shebaoka.office.parameters.selectors import publication_in_force
from shebaoka.office.parameters.services import Publishing
from shebaoka.office.parameters.services.publishing import values_for
from shebaoka.spec.parameters import parameters

DAYS = [TODAY + timedelta(days=number) for number in range(0, 40, 3)]


def publish(country: Country, code: str, since: date = TODAY) -> Publication:
    actor = country.actor(code, CLERK)
    waiting = propose(actor, "parameters.rules.publish", actor.organization, Publishing(code, since))
    check(country.actor(code, LEADER), waiting.pk)
    return Publication.objects.filter(organization=actor.organization, since=since).latest("version")


def lines(made: Publication | None) -> str:
    assert made is not None
    return "\n".join(item for chapter in made.content["chapters"] for item in chapter["items"])


def test_the_first_version_says_what_article_16_asks_for(country: Country) -> None:
    made = publish(country, "980100")
    titles = [chapter["title"] for chapter in made.content["chapters"]]
    assert titles == [
        "总则",
        "功能和用途",
        "发放对象、申领条件和程序",
        "使用范围、限制、期限和方式",
        "损坏、遗失的挂失和补换",
        "权利和义务",
    ]
    assert "卡的有效期为10年" in lines(made)
    assert "收取工本费20.00元" in lines(made)
    assert "首次申领免收工本费" in lines(made)
    assert "示例甲市" in lines(made)
    assert "自2026年3月2日起施行" in lines(made)
    assert "{" not in lines(made)


def test_a_changed_parameter_publishes_the_next_version_with_itself(country: Country) -> None:
    publish(country, "980100")
    city = country.organizations["980100"]
    put(country, "980100", "cards.temporary-loss-days", 15, date(2026, 4, 1))
    before, after = (
        publication_in_force(city, date(2026, 3, 31)),
        publication_in_force(city, date(2026, 4, 1)),
    )
    assert "有效期10天" in lines(before)
    assert "有效期15天" in lines(after)
    row = Row.objects.filter(act="parameters.setting.set").get()
    assert '"published":["980100:2"]' in row.line


def test_a_change_before_a_planned_one_changes_both_days(country: Country) -> None:
    publish(country, "980100")
    city = country.organizations["980100"]
    put(country, "980100", "cards.validity-years", 8, date(2026, 4, 10))
    put(country, "980100", "cards.temporary-loss-days", 15, date(2026, 4, 1))
    planned = lines(publication_in_force(city, date(2026, 4, 10)))
    assert "有效期为8年" in planned
    assert "有效期15天" in planned
    assert "有效期为10年" in lines(publication_in_force(city, date(2026, 4, 9)))


def test_what_the_province_changes_is_published_by_its_cities_that_follow_it(country: Country) -> None:
    publish(country, "980100")
    publish(country, "990100")
    put(country, "980000", "cards.pin-tries", 3)
    put(country, "980000", "custody.stock-take-days", 20)
    counts = {
        code: Publication.objects.filter(organization__code=code).count() for code in ("980100", "990100")
    }
    assert counts == {"980100": 2, "990100": 1}
    assert "达到3次" in lines(publication_in_force(country.organizations["980100"]))


def test_the_same_rules_are_not_published_twice(country: Country) -> None:
    publish(country, "980100")
    actor = country.actor("980100", CLERK)
    with refused("published-already"):
        propose(actor, "parameters.rules.publish", actor.organization, Publishing("980100", TODAY))


def test_rules_that_changed_after_they_were_read_are_not_published(country: Country) -> None:
    city = country.organizations["980100"]
    read = digest(compose(city.name, TODAY, values_for(city, TODAY)), values_for(city, TODAY))
    actor = country.actor("980100", CLERK)
    waiting = propose(actor, "parameters.rules.publish", city, Publishing("980100", TODAY, read))
    put(country, "980000", "cards.pin-tries", 3)
    with refused("text-changed"):
        check(country.actor("980100", LEADER), waiting.pk)
    assert not Publication.objects.exists()


def test_the_ministry_publishes_no_rules(country: Country) -> None:
    actor = country.actor("000000", CLERK)
    with refused("does-not-publish"):
        propose(actor, "parameters.rules.publish", actor.organization, Publishing("000000", TODAY))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE parameters_publication SET content = '{}'", "DELETE FROM parameters_publication"],
)
def test_a_published_version_stays_as_it_is(country: Country, statement: str) -> None:
    made = publish(country, "980100")
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    made.refresh_from_db()
    assert "卡的有效期为10年" in lines(made)


def test_the_text_names_every_published_parameter_and_no_other() -> None:
    published = {key for key, entry in parameters().items() if entry.published}
    assert set(keys_of(template())) == published


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(
        st.tuples(
            st.sampled_from(["000000", "980000", "980100"]),
            st.sampled_from(["cards.pin-tries", "cards.validity-years"]),
            st.integers(1, 12),
            st.sampled_from(DAYS),
        ),
        max_size=6,
        unique_by=lambda change: change[2],
    ),
    first=st.sampled_from(DAYS),
)
@example(
    # the planned value says what is in force until the second change
    changes=[("000000", "cards.pin-tries", 6, DAYS[1]), ("000000", "cards.pin-tries", 1, DAYS[0])],
    first=DAYS[0],
)
def test_text_and_configuration_are_one_on_every_day(
    country: Country, changes: list[tuple[str, str, int, date]], first: date
) -> None:
    """Whatever is changed by whom, for what day and in what order."""
    with transaction.atomic():
        publish(country, "980100", first)
        for code, key, number, since in changes:
            put(country, code, key, number, since)
        city = country.organizations["980100"]
        for day in DAYS:
            found = publication_in_force(city, day)
            if day < first:
                assert found is None
                continue
            assert found is not None
            values = values_for(city, day)
            assert found.values == values
            assert lines(found) == "\n".join(
                item for chapter in compose(city.name, found.since, values).chapters for item in chapter.items
            )
        transaction.set_rollback(True)


def test_what_was_planned_before_the_first_version_is_published_with_it(country: Country) -> None:
    put(country, "980100", "cards.pin-tries", 3, date(2026, 4, 1))
    publish(country, "980100")
    city = country.organizations["980100"]
    assert "达到6次" in lines(publication_in_force(city, date(2026, 3, 31)))
    assert "达到3次" in lines(publication_in_force(city, date(2026, 4, 1)))
