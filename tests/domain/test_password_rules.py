"""New enquiry passwords: each rule refuses what it is for, and says so."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shebaoka.domain.password_rules import Form, Person, Rule, common_digits, refusals

PERSON = Person("11010519491231002X", date(1949, 12, 31), "12310020")
GOOD = "70853962"
PHRASES = Form(passphrase=True)


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("1234567", Rule.FORM),
        ("708539621", Rule.FORM),
        ("７０８５３９６２", Rule.FORM),
        ("7085396a", Rule.FORM),
        ("12310020", Rule.INITIAL),
        ("80519724", Rule.SHARED),
        ("83112497", Rule.SHARED),  # day, month, year
        ("65124917", Rule.SHARED),
        ("83411234", Rule.RUN),
        ("83475432", Rule.RUN),
        ("83890162", Rule.RUN),
        ("83555529", Rule.RUN),
        ("47474747", Rule.REPEAT),
        ("47824782", Rule.REPEAT),
        ("44778822", Rule.REPEAT),
        ("27182818", Rule.COMMON),
    ],
)
def test_a_rule_refuses(password: str, rule: Rule) -> None:
    assert rule in refusals(password, PERSON)


def test_a_good_one_passes_unless_it_was_had_before() -> None:
    assert refusals(GOOD, PERSON) == ()
    assert refusals(GOOD, PERSON, earlier=lambda password: password == GOOD) == (Rule.EARLIER,)


def test_the_slow_comparison_is_not_made_for_what_is_refused_anyway() -> None:
    asked: list[str] = []

    def earlier(password: str) -> bool:
        asked.append(password)
        return False

    refusals("11111111", PERSON, earlier=earlier)
    assert asked == []


@pytest.mark.parametrize(
    ("phrase", "rules"),
    [
        ("骑着蓝色的自行车去海边看灯塔吧朋友", ()),
        ("blue bicycle by the lighthouse", ()),
        ("short phrase", (Rule.FORM,)),
        ("x" * 129, (Rule.FORM,)),
        ("tab\tand blue bicycle", (Rule.FORM,)),
        ("my number is 11010519491231002x", (Rule.SHARED,)),
        ("aaaaaaaaaaaaaaaa", (Rule.REPEAT,)),
        ("passwordpassword", (Rule.REPEAT,)),
        ("correct horse battery staple", (Rule.COMMON,)),
    ],
)
def test_a_passphrase_where_the_region_takes_one(phrase: str, rules: tuple[Rule, ...]) -> None:
    common = {"correct horse battery staple"}
    assert refusals(phrase, PERSON, PHRASES, common=common.__contains__) == rules
    assert refusals(phrase, PERSON) == (Rule.FORM,)


@given(st.integers(0, 10**8 - 1), st.integers(0, 14))
def test_four_digits_of_the_number_anywhere_are_refused(value: int, at: int) -> None:
    part = PERSON.number.replace("X", "0")[at : at + 4]
    password = f"{value:08d}"
    for place in range(5):
        assert Rule.SHARED in refusals(password[:place] + part + password[place + 4 :], PERSON)


def test_the_list_holds_only_what_no_other_rule_refuses() -> None:
    stranger = Person("DEU", date(7395, 10, 26))
    for entry in common_digits():
        assert len(entry) == 8
        assert refusals(entry, stranger) == (Rule.COMMON,), entry
