"""The strings of the interface: what is taken, what is refused with which code."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driver.bench import CARD, CODE
from shebaoka.driver import strings
from shebaoka.driver.errors import CHARACTER, IDENTIFICATION_CODE, INPUT, LENGTH, DriverError
from shebaoka.driver.strings import FileItems
from shebaoka.terminal.factors import CardIdentity
from shebaoka.terminal.transactions import Amounts

ADDRESS = "SSSEEF05|01|07|$SSSEEF06|09|4E|$SSSEEF08|$3F00EF06|08|$DF01EF05|20|$"


def code_of(error: "pytest.ExceptionInfo[DriverError]") -> int:
    return error.value.code


def test_files_by_address() -> None:
    assert strings.files(ADDRESS) == (
        FileItems("SSSE", 0xEF05, (1, 7)),
        FileItems("SSSE", 0xEF06, (9, 0x4E)),
        FileItems("SSSE", 0xEF08, ()),
        FileItems("SSSE", 0xEF06, (8,)),
        FileItems("DF01", 0xEF05, (0x20,)),
    )
    assert strings.files("SSSEEF05|01") == strings.files("SSSEEF05|01|$")
    assert strings.file_values(strings.files(ADDRESS)[0], ["a", ""]) == "SSSEEF05|a||$"


@pytest.mark.parametrize(
    "address",
    ["", "$", "EF05|01|$", "SSSEEF05|1|$", "SSSEEF05|0G|$", "SSSEEF05||$", "DF1EF05|01|$", "$$", "x" * 99],
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(DriverError) as error:
        strings.files(address)
    assert code_of(error) == INPUT


def test_written_values_have_the_skeleton_of_the_address() -> None:
    wanted = strings.files("SSSEEF05|01|07|$SSSEEF08|$")
    assert strings.written_values("SSSEEF05|a||$SSSEEF08|00FF|$", wanted) == (("a", ""), ("00FF",))
    for other in (
        "SSSEEF05|a|$SSSEEF08|00|$",
        "SSSEEF06|a|b|$SSSEEF08|00|$",
        "SSSEEF05|a|b|$",
        "SSSEEF05|a|b|$SSSEEF08|$",
    ):
        with pytest.raises(DriverError) as error:
            strings.written_values(other, wanted)
        assert code_of(error) == INPUT


def test_card_information() -> None:
    assert strings.card_info(CARD) == strings.card_info(CARD.lower().replace("a00000011", "A00000011")[:-1])
    assert strings.card_info(CARD) == CardIdentity(CODE, "A00000011")
    for text, code in (
        ("", INPUT),
        (f"{CODE}|", INPUT),
        (f"{CODE[:-1]}|A00000011|", IDENTIFICATION_CODE),
        (f"{CODE[:-1]}G|A00000011|", IDENTIFICATION_CODE),
        (f"{CODE}|A0000001|", INPUT),
        (f"{CODE}|A00000011|x|", INPUT),
    ):
        with pytest.raises(DriverError) as error:
            strings.card_info(text)
        assert code_of(error) == code


def test_payments_in_yuan() -> None:
    time = "20250601123015"
    assert strings.payment(f"0.1|0.2|{time}|") == (Amounts(0, 10, 20), time)
    assert strings.payment(f"1|2.05|30.5|{time}|") == (Amounts(100, 205, 3050), time)
    for text in (
        "",
        f"1|{time}|",
        f"1|2|3|4|{time}|",
        f"1.234|2|{time}|",
        f"-1|2|{time}|",
        "1|2|2025060112301|",
        f"１|2|{time}|",
    ):
        with pytest.raises(DriverError):
            strings.payment(text)


def test_hexadecimal_digits() -> None:
    assert strings.octets("00fF", 2, "x") == b"\x00\xff"
    for text, code in (("00", LENGTH), ("00F G"[:4], CHARACTER), ("+0-0", CHARACTER)):
        with pytest.raises(DriverError) as error:
            strings.octets(text, 2, "x")
        assert code_of(error) == code


def test_a_value_with_a_separator_goes_into_no_string() -> None:
    for value in ("a|b", "a$"):
        with pytest.raises(DriverError) as error:
            strings.join(["x", value])
        assert code_of(error) == CHARACTER


@given(st.text(alphabet=st.sampled_from("SEDF0150|$x漢\x00"), max_size=60))
def test_any_text_is_taken_or_refused(text: str) -> None:
    for parse in (strings.files, strings.card_info, strings.payment):
        with contextlib.suppress(DriverError):
            parse(text)
