"""Social security numbers of citizens and others: kinds, the form they are kept in, made ones."""

import pytest

from shebaoka.domain.citizen_id import check_digit
from shebaoka.domain.person_number import Kind, foreign_number, settled, validate


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("11010519491231002X", Kind.CITIZEN),
        ("810000199001010019", Kind.RESIDENCE),
        ("DEU0C01X00T47", Kind.FOREIGN),
        ("USA110000000001", Kind.PERMANENT),
        ("91184019850102101" + check_digit("91184019850102101"), Kind.PERMANENT),
        ("98010119900307001" + check_digit("98010119900307001"), Kind.CITIZEN),
    ],
)
def test_kinds(number: str, kind: Kind) -> None:
    assert validate(number) is kind


@pytest.mark.parametrize("wrong", ["", "DE01", "deu0C01", "DEU", "DEU0" + "1" * 15, "110105194912310020"])
def test_wrong_numbers(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        validate(wrong)


def test_settled_is_18_places() -> None:
    assert settled("110105491231002") == "11010519491231002X"
    with pytest.raises(ValueError, match="996 to 999"):
        settled("110105491231996")


@pytest.mark.parametrize(
    ("country", "document", "reserved"),
    [("D", "1", "0"), ("DEU", "", "0"), ("DEU", "a-1", "0"), ("DEU", "1", "x")],
)
def test_a_foreign_number_is_made_of_good_parts_only(country: str, document: str, reserved: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        foreign_number(country, document, reserved)


def test_a_foreign_number_is_valid_and_fits() -> None:
    made = foreign_number("DNK", "12345678901234")
    assert len(made) == 18
    assert validate(made) is Kind.FOREIGN
