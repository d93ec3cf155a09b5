"""Signing in: both factors or nothing; guessing is slow; no single person becomes another."""

from datetime import timedelta

import pytest
from django.db import connection
from psycopg.sql import SQL, Identifier

from office.conftest import NOW
from office.country import Country
from office.organizations.credentials import NUMBER, PASSWORD, activated, code_of, enrolled
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.models import Activation, SignIn, Staff, Totp
from shebaoka.office.organizations.services import (
    activate,
    activation_begin,
    activation_confirm,
    password_change,
    second_factor_recovery,
    second_factor_totp,
    sign_in,
    totp_confirm,
    totp_offer,
)

LATER = timedelta(minutes=1)


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == code)


def test_activation_then_enrollment_then_sign_in_with_both_factors(country: Country) -> None:
    secret, first = enrolled(country)
    assert first.staff.number == NUMBER
    assert len(set(first.recovery_codes)) == 10
    with clock.at(NOW + LATER):
        ticket = sign_in(number=NUMBER, password=PASSWORD, address="192.0.2.1")
        assert ticket.enrolled
        assert second_factor_totp(ticket.pk, code=code_of(secret)) == first.staff
    acts = list(Row.objects.filter(chain="980100").order_by("sequence").values_list("act", flat=True))
    assert acts == [
        "organizations.activation.begin",
        "organizations.activation.confirm",
        "organizations.activate",
        "organizations.sign-in",
        "organizations.sign-in",
    ]
    assert not Bypass.objects.exists()


def test_a_password_alone_signs_nobody_in(country: Country) -> None:
    enrolled(country)
    with clock.at(NOW + LATER):
        ticket = sign_in(number=NUMBER, password=PASSWORD)
        with refused("organizations.factor-wrong"):
            second_factor_totp(ticket.pk, code="000000")
        with refused("organizations.has-factor"):
            totp_offer(ticket.pk)
        with refused("organizations.has-factor"):
            totp_confirm(ticket.pk, code="000000")
    assert not SignIn.objects.filter(pk=ticket.pk, finished_at__isnull=False).exists()
    assert Row.objects.filter(act="organizations.sign-in.refused").count() == 1


def test_a_code_is_used_once(country: Country) -> None:
    secret, _ = enrolled(country)
    ticket = sign_in(number=NUMBER, password=PASSWORD)
    with refused("organizations.factor-wrong"):
        second_factor_totp(ticket.pk, code=code_of(secret))


def test_a_recovery_code_is_used_once(country: Country) -> None:
    _, first = enrolled(country)
    code = first.recovery_codes[3]
    ticket = sign_in(number=NUMBER, password=PASSWORD)
    second_factor_recovery(ticket.pk, code=code.lower().replace("-", " "))
    again = sign_in(number=NUMBER, password=PASSWORD)
    with refused("organizations.factor-wrong"):
        second_factor_recovery(again.pk, code=code)


def test_a_finished_or_late_sign_in_is_over(country: Country) -> None:
    secret, _ = enrolled(country)
    ticket = sign_in(number=NUMBER, password=PASSWORD)
    with clock.at(NOW + timedelta(minutes=11)), refused("organizations.sign-in-over"):
        second_factor_totp(ticket.pk, code=code_of(secret))
    with clock.at(NOW + LATER):
        second_factor_totp(ticket.pk, code=code_of(secret))
        with refused("organizations.sign-in-over"):
            second_factor_totp(ticket.pk, code=code_of(secret, LATER))


def test_guessing_a_password_has_to_wait_and_the_right_one_too(country: Country) -> None:
    enrolled(country)
    for _ in range(5):
        with refused("organizations.sign-in-failed"):
            sign_in(number=NUMBER, password="wrong")
    with refused("organizations.wait"):
        sign_in(number=NUMBER, password=PASSWORD)
    with clock.at(NOW + timedelta(seconds=61)):
        assert sign_in(number=NUMBER, password=PASSWORD).enrolled
        with refused("organizations.sign-in-failed"):
            sign_in(number=NUMBER, password="wrong")


def test_a_new_sign_in_is_no_way_around_the_wait_for_codes(country: Country) -> None:
    secret, _ = enrolled(country)
    with clock.at(NOW + LATER):
        for _ in range(5):
            ticket = sign_in(number=NUMBER, password=PASSWORD)
            with refused("organizations.factor-wrong"):
                second_factor_totp(ticket.pk, code="000000")
        ticket = sign_in(number=NUMBER, password=PASSWORD)
        with refused("organizations.wait"):
            second_factor_totp(ticket.pk, code=code_of(secret))


def test_an_unknown_number_is_answered_like_a_known_one_and_waits_too(country: Country) -> None:
    for _ in range(5):
        with refused("organizations.sign-in-failed"):
            sign_in(number="nobody", password="wrong")
    with refused("organizations.wait"):
        sign_in(number="nobody", password="wrong")
    assert not Row.objects.exists()


def test_one_address_trying_many_numbers_has_to_wait(country: Country) -> None:
    for number in range(50):
        with refused("organizations.sign-in-failed"):
            sign_in(number=f"nobody-{number}", password="wrong", address="192.0.2.9")
    with refused("organizations.wait"):
        sign_in(number=NUMBER, password=PASSWORD, address="192.0.2.9")


@pytest.mark.parametrize("role", ["administrator", "leader"])
def test_nobody_gets_both_parts_of_a_code(country: Country, role: str) -> None:
    staff = Staff.objects.get(number=NUMBER)
    actor = country.actor("980100", f"organizations.{role}")
    if role == "administrator":
        part = activation_begin(actor, staff=staff).code
        with refused("organizations.not-allowed"):
            activation_confirm(actor, staff=staff)
    else:
        activation_begin(country.actor("980100", "organizations.administrator"), staff=staff)
        part = activation_confirm(actor, staff=staff).code
    for first, second in ((part, ""), ("", part), (part, part)):
        with refused("organizations.activation-wrong"):
            activate(number=NUMBER, first=first, second=second, password=PASSWORD)
    staff.refresh_from_db()
    assert staff.password == "!"
    assert not Activation.objects.filter(used_at__isnull=False).exists()


def test_nobody_activates_herself_or_outside_of_her_area(country: Country) -> None:
    administrator = country.actor("980100", "organizations.administrator")
    assert administrator.staff is not None
    with refused("organizations.own-act"):
        activation_begin(administrator, staff=administrator.staff)
    with refused("organizations.not-yours"):
        activation_begin(administrator, staff=Staff.objects.get(number="990100-auditor-1"))
    assert not Activation.objects.exists()


def test_a_new_activation_ends_earlier_factors_and_codes(country: Country) -> None:
    secret, first = enrolled(country)
    with clock.at(NOW + LATER):
        ticket = activated(country, password="another correct horse battery")
        assert not ticket.enrolled
        with refused("organizations.factor-wrong"):
            second_factor_totp(ticket.pk, code=code_of(secret))
        with refused("organizations.factor-wrong"):
            second_factor_recovery(ticket.pk, code=first.recovery_codes[0])
        with refused("organizations.sign-in-failed"):
            sign_in(number=NUMBER, password=PASSWORD)


@pytest.mark.parametrize("password", ["short", "password1234", "980100-key-custodian", "1234567890123"])
def test_a_weak_password_is_refused_and_the_code_stays_good(country: Country, password: str) -> None:
    with refused("organizations.weak-password"):
        activated(country, password=password)
    assert Activation.objects.get().used_at is None
    assert Staff.objects.get(number=NUMBER).password == "!"


def test_a_suspended_person_cannot_sign_in(country: Country) -> None:
    enrolled(country)
    Staff.objects.filter(number=NUMBER).update(is_active=False)
    with refused("organizations.sign-in-failed"):
        sign_in(number=NUMBER, password=PASSWORD)


def test_changing_the_password_needs_the_present_one(country: Country) -> None:
    enrolled(country)
    actor = country.actor("980100", "organizations.key-custodian")
    with refused("organizations.sign-in-failed"):
        password_change(actor, present="wrong", new="a new and quite long one")
    password_change(actor, present=PASSWORD, new="a new and quite long one")
    assert sign_in(number=NUMBER, password="a new and quite long one").enrolled


def test_the_database_and_the_chain_hold_no_secret(country: Country) -> None:
    secret, first = enrolled(country)
    secrets = [secret, PASSWORD, *first.recovery_codes, *(c.replace("-", "") for c in first.recovery_codes)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            query = SQL("SELECT coalesce(string_agg(t::text, chr(10)), '') FROM {} t")
            cursor.execute(query.format(Identifier(table)))
            (content,) = cursor.fetchone()
            assert not [each for each in secrets if each in content], table
    assert secret.encode() not in bytes(Totp.objects.get().sealed)
    assert not [each for each in secrets if each in repr(first)]
