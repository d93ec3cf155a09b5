"""The initial password leads on, the second proof opens, a new password follows (Q-1 to Q-7, PW-01 ff.)."""

from datetime import date, timedelta

import pytest

from office.access.holders import (
    GOOD,
    INITIAL,
    NUMBER,
    OTHER,
    PHONE,
    begun,
    by_phone,
    changed,
    covered,
    holder,
    telephone,
)
from office.country import Country
from office.people.invented import number
from shebaoka.office.access.choices import Proof, State
from shebaoka.office.access.models import Account, Notice, PortalSession, Uniform
from shebaoka.office.access.notice import in_force
from shebaoka.office.access.services import (
    activation_code_make,
    code_send,
    letter_code_make,
    password_change,
    password_choose,
    proof_give,
    recovery_begin,
    session_of,
    sign_in,
)
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import system

CLERK = "people.counter-clerk"


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == f"access.{code}")


def test_the_way_from_the_initial_value_to_the_summary(country: Country) -> None:
    person = holder(country)
    covered(country)
    first = begun()
    assert not Account.objects.exists()
    by_phone(first.pk)
    with telephone() as got:
        opened = password_choose(first.pk, new=GOOD, told=True)
    assert [phone for phone, _ in got] == [PHONE]
    assert GOOD not in got[0][1]
    session = session_of(opened.token)
    assert session is not None
    assert session.person == person
    assert session.masked_until is not None
    assert timedelta(hours=23) < session.masked_until - clock.now() <= timedelta(hours=24)
    notice = Notice.objects.get()
    assert (notice.version, notice.accepted) == (in_force()[0], True)
    assert Account.objects.get().state == State.CHANGED
    again = sign_in(number=NUMBER, password=GOOD)
    assert isinstance(again, Opened)
    masked = again.session.masked_until  # signing in again shows no more
    assert masked is not None
    assert abs(masked - session.masked_until) < timedelta(seconds=2)


def test_the_initial_value_is_kept_nowhere(country: Country) -> None:
    holder(country)
    covered(country)
    begun()
    assert not Account.objects.exists()
    made = Uniform.objects.get()
    assert (made.rule, made.covered, made.unserved) == ("id-last8", 1, 0)


def test_whom_the_rule_cannot_serve_is_counted(country: Country) -> None:
    holder(country)
    holder(
        country,
        number="DEU0C01X00T47",
        nationality="DEU",
        sex="2",
        birth=date(1980, 2, 3),
        document_type="08",
        document_number="C01X00T47",
    )
    covered(country)
    made = Uniform.objects.get()
    assert (made.covered, made.unserved) == (1, 1)


def test_who_is_enrolled_later_is_covered(country: Country) -> None:
    covered(country)
    holder(country)
    by_phone(begun().pk)


@pytest.mark.parametrize("known", [True, False])
def test_any_number_with_its_initial_value_gets_the_same_next_page(country: Country, *, known: bool) -> None:
    covered(country)
    if known:
        changed(country)
    else:
        holder(country, number=number(sequence=7))
    first = begun()
    with telephone() as got:
        code_send(first.pk)
    assert got == []
    with refused("proof-wrong"):
        proof_give(first.pk, proof=Proof.PHONE, answer="000000")


def test_a_person_without_initial_password_is_not_opened_by_it(country: Country) -> None:
    holder(country)
    first = begun()
    with telephone() as got:
        code_send(first.pk)
    assert got == []


def test_a_wrong_password_says_only_that(country: Country) -> None:
    holder(country)
    covered(country)
    with refused("sign-in-failed"):
        sign_in(number=NUMBER, password="12345679")
    with refused("sign-in-failed"):
        sign_in(number=number(sequence=9), password="12345679")


@pytest.mark.parametrize("new", [INITIAL, "11111111", "90307001", "1234", "70853964x"])
def test_a_weak_password_is_refused_with_its_rule(country: Country, new: str) -> None:
    holder(country)
    covered(country)
    first = begun()
    by_phone(first.pk)
    with refused("weak-password"):
        password_choose(first.pk, new=new, told=True)
    assert not Account.objects.exists()
    password_choose(first.pk, new=GOOD, told=True)


def test_without_the_notice_nothing_is_set(country: Country) -> None:
    holder(country)
    covered(country)
    first = begun()
    by_phone(first.pk)
    with refused("notice-unread"):
        password_choose(first.pk, new=GOOD, told=False)
    assert not Account.objects.exists()


def test_without_proof_no_password_is_set(country: Country) -> None:
    holder(country)
    covered(country)
    with refused("over"):
        password_choose(begun().pk, new=GOOD, told=True)


def test_a_proof_and_a_sign_in_serve_once(country: Country) -> None:
    _person, _opened = changed(country)
    first = recovery_begin(number=NUMBER)
    code = activation_code_make(country.actor("980100", CLERK), person=_person.pk)
    proof_give(first.pk, proof=Proof.COUNTER, answer=code.code)
    password_choose(first.pk, new=OTHER, told=True)
    with refused("over"):
        password_choose(first.pk, new="61942705", told=True)
    second = recovery_begin(number=NUMBER)
    with refused("proof-wrong"):
        proof_give(second.pk, proof=Proof.COUNTER, answer=code.code)


def test_the_letter_of_the_card_proves_too(country: Country) -> None:
    person = holder(country)
    covered(country)
    code = letter_code_make(country.actor("980100", CLERK), person=person.pk)
    first = begun()
    proof_give(first.pk, proof=Proof.LETTER, answer=code.code.lower().replace("-", " "))
    assert isinstance(password_choose(first.pk, new=GOOD, told=True), Opened)


def test_after_the_last_day_only_a_strong_proof_finishes(country: Country) -> None:
    person = holder(country)
    covered(country)
    letter = letter_code_make(country.actor("980100", CLERK), person=person.pk)
    with clock.at(clock.now() + timedelta(days=89)):
        assert not begun().strong_only
    with clock.at(clock.now() + timedelta(days=92)):
        first = begun()
        assert first.strong_only
        with telephone() as got:
            code_send(first.pk)
        assert got == []
        with refused("proof-wrong"):
            proof_give(first.pk, proof=Proof.LETTER, answer=letter.code)
        code = activation_code_make(system(country.organizations["980100"]), person=person.pk)
        proof_give(first.pk, proof=Proof.COUNTER, answer=code.code)
        opened = password_choose(first.pk, new=GOOD, told=True)
    assert opened.session.masked_until is None


def test_a_region_names_the_last_day_itself(country: Country) -> None:
    holder(country)
    covered(country, since=clock.today(), due=clock.today() + timedelta(days=3))
    with clock.at(clock.now() + timedelta(days=2)):
        assert not begun().strong_only
    with clock.at(clock.now() + timedelta(days=5)):
        assert begun().strong_only


def test_a_change_ends_every_other_session(country: Country) -> None:
    _, opened = changed(country)
    other = sign_in(number=NUMBER, password=GOOD)
    assert isinstance(other, Opened)
    with refused("sign-in-failed"):
        password_change(opened.session, present=OTHER, new=OTHER)
    password_change(opened.session, present=GOOD, new=OTHER)
    assert session_of(opened.token) is not None
    assert session_of(other.token) is None
    with refused("weak-password"):
        password_change(opened.session, present=OTHER, new=GOOD)


def test_a_session_ends_when_nobody_is_there(country: Country) -> None:
    _, opened = changed(country)
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert session_of(opened.token) is None
    assert session_of("x" * 43) is None
    assert opened.token not in repr(opened)
    assert PortalSession.objects.get().digest != opened.token
