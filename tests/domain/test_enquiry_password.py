"""The initial enquiry password: vectors Q-1, Q-2 and the other places' phrasings."""

import pytest

from shebaoka.domain.citizen_id import upgrade_15_to_18
from shebaoka.domain.enquiry_password import NoInitialPasswordError, initial

X = "11010519491231002X"


@pytest.mark.parametrize(
    ("rule", "number", "value"),
    [
        ("id-last8", X, "12310020"),
        ("id-last8", "440524188001010014", "01010014"),
        ("id-last6", X, "310020"),
        ("birth-date", X, "19491231"),
        ("birth-date6", X, "491231"),
    ],
)
def test_the_value_is_computed_from_the_number(rule: str, number: str, value: str) -> None:
    assert initial(rule, number) == value  # type: ignore[arg-type]  # parametrized text


def test_a_fixed_value_needs_no_number() -> None:
    assert initial("fixed", "DEU0C01X00T47", "888888") == "888888"


def test_an_old_number_is_upgraded_first() -> None:
    old = "110105491231002"
    with pytest.raises(NoInitialPasswordError, match="15 digits"):
        initial("id-last8", old)
    assert initial("id-last8", upgrade_15_to_18(old)) == "12310020"


@pytest.mark.parametrize("number", ["DEU0C01X00T47", "110105194912310021", "", "1" * 18])
def test_the_rule_cannot_serve_other_numbers_and_does_not_repeat_them(number: str) -> None:
    with pytest.raises(NoInitialPasswordError) as refusal:
        initial("id-last8", number)
    assert not number or number not in str(refusal.value)


@pytest.mark.parametrize("rule", ["self-registered", "real-name"])
def test_places_without_initial_passwords_have_none(rule: str) -> None:
    with pytest.raises(NoInitialPasswordError, match="sets no initial"):
        initial(rule, X)  # type: ignore[arg-type]  # parametrized text
