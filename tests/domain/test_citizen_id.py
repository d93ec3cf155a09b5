from datetime import date

import pytest

from shebaoka.domain import citizen_id, person_number
from shebaoka.domain.citizen_id import (
    CitizenId,
    CitizenIdError,
    check_digit,
    parse,
    upgrade_15_to_18,
    validate,
)
from shebaoka.domain.person_number import Kind

PUBLISHED = [  # examples of GB 11643 and of public documents
    "11010519491231002X",
    "440524188001010014",
    "34052419800101001X",
    "110101199003071006",
    "810000199001010019",
    "32010219850615201X",
    "999999199001010016",
]


@pytest.mark.parametrize("number", PUBLISHED)
def test_valid(number: str) -> None:
    validate(number)
    assert check_digit(number[:17]) == number[17]


@pytest.mark.parametrize("number", PUBLISHED)
def test_any_other_last_character_is_refused(number: str) -> None:
    for wrong in set("0123456789X") - {number[17]}:
        with pytest.raises(CitizenIdError, match="check character"):
            validate(number[:17] + wrong)


@pytest.mark.parametrize("number", PUBLISHED[:4])
def test_every_wrong_digit_is_noticed(number: str) -> None:
    for place in (*range(6), 14, 15, 16):
        for digit in set("0123456789") - {number[place]}:
            with pytest.raises(CitizenIdError):
                validate(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", "18 characters, not 0"),
        ("110105194912310021X", "18 characters, not 19"),
        ("1101051949123100AX", "first 17 characters"),
        ("１10105194912310021", "first 17 characters"),
        ("110105194902300023", "birth date in the identity number does not exist"),
        ("11010519491231002x", "X is a capital letter"),
    ],
)
def test_reason_of_refusal_without_the_number(number: str, reason: str) -> None:
    with pytest.raises(CitizenIdError, match=reason) as caught:
        validate(number)
    assert not number or number not in str(caught.value)


def test_today_limits_the_birth_date() -> None:
    number = "999999199001010016"
    validate(number, date(1990, 1, 1))
    with pytest.raises(CitizenIdError, match="future"):
        validate(number, date(1989, 12, 31))
    validate("440524188001010014", date(2030, 1, 1))
    with pytest.raises(CitizenIdError, match="over 150 years"):
        validate("440524188001010014", date(2031, 1, 1))


def test_what_the_number_tells() -> None:
    assert parse("11010519491231002X") == CitizenId("110105", date(1949, 12, 31), "2")
    assert parse("34052419800101001X") == CitizenId("340524", date(1980, 1, 1), "1")


def test_upgrade() -> None:
    assert upgrade_15_to_18("110105491231002") == "11010519491231002X"
    for sequence in ("996", "999"):
        with pytest.raises(CitizenIdError, match="by hand"):
            upgrade_15_to_18("110105491231" + sequence)
    with pytest.raises(CitizenIdError, match="does not exist"):
        upgrade_15_to_18("110105491331002")
    for wrong in ("11010549123100", "11010549123100A"):
        with pytest.raises(CitizenIdError, match="15 digits"):
            upgrade_15_to_18(wrong)


def test_check_digit_needs_17_digits() -> None:
    with pytest.raises(CitizenIdError, match="over 17 digits"):
        check_digit("1101051949123100")


def test_social_security_number_of_citizens_and_foreigners() -> None:
    assert person_number.validate("999999199001010016") is Kind.CITIZEN
    assert person_number.validate("DEU0C01X00T47") is Kind.FOREIGN
    for wrong in ("DEU", "deu0123", "DEU0" + "1" * 15, "DE1234", "DEU0-1"):
        with pytest.raises(ValueError, match="three capital letters"):
            person_number.validate(wrong)
    with pytest.raises(citizen_id.CitizenIdError):
        person_number.validate("999999199001010017")
