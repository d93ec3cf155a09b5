"""Published rules and configuration: a difference that comes past the services is found and named."""

from datetime import date

from django.db import connection

from office.country import Country
from office.parameters.deciding import TODAY, put
from office.parameters.test_publishing import publish
from shebaoka.office.parameters.agreement import differences


def past_the_services(statement: str) -> None:
    """What somebody with the database's own rights can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("parameters_setting", "parameters_publication"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)


def test_nothing_differs_whatever_is_decided_by_the_services(country: Country) -> None:
    publish(country, "980100")
    put(country, "980000", "cards.pin-tries", 3)
    put(country, "980100", "cards.validity-years", 8, date(2026, 4, 1))
    assert differences() == []
    assert differences(date(2026, 4, 1)) == []


def test_a_setting_changed_in_the_database_is_named(country: Country) -> None:
    publish(country, "980100")
    put(country, "980100", "cards.pin-tries", 3)
    past_the_services("UPDATE parameters_setting SET value = '9'")
    (found,) = differences()
    assert (found.organization, found.version, found.key) == ("980100", 2, "cards.pin-tries")
    assert (found.published, found.in_force) == (3, 9)


def test_a_text_changed_in_the_database_is_named(country: Country) -> None:
    made = publish(country, "980100")
    past_the_services(
        "UPDATE parameters_publication SET content = jsonb_set(content, '{chapters,0,items,0}', '\"forged\"')"
    )
    (found,) = differences(TODAY)
    assert (found.key, found.published) == ("", made.digest)
