from datetime import date

import pytest

from shebaoka.domain import card_number, identification_code, institution
from shebaoka.domain.dates import format_date, parse_date
from shebaoka.domain.identification_code import IdentificationCode, IdentificationCodeError
from shebaoka.domain.institution import Institution, InstitutionError
from shebaoka.domain.region import check_region, city_of, province_of
from shebaoka.domain.validity import Validity, last_day, validity


@pytest.mark.parametrize(
    ("serial", "check"),
    [("D2143569", "X"), ("A0000001", "1"), ("X0000001", "9"), ("A0000066", "0")],
    ids=["V2 App A example", "M05", "X as a letter", "M06 sum 30+24+12 is a multiple of 11"],
)
def test_card_number(serial: str, check: str) -> None:
    assert card_number.check_character(serial) == check
    assert card_number.card_number(serial) == serial + check
    assert card_number.check(serial + check)


def test_m07_wrong_check_character_is_told_not_raised() -> None:
    assert not card_number.check("A00000012")
    for other in ("", "A0000001", "A00000011X", "00000001X", "a00000011"):
        assert not card_number.check(other)


@pytest.mark.parametrize("serial", ["A000001", "A00000011", "A000000-", "A000000a", "A000000１"])
def test_malformed_serial(serial: str) -> None:
    with pytest.raises(card_number.CardNumberError, match="eight digits or capital letters"):
        card_number.card_number(serial)


def test_card_number_begins_with_a_letter() -> None:
    with pytest.raises(card_number.CardNumberError, match="begins with a capital letter"):
        card_number.card_number("10000001")


def test_hyphen_is_only_printed() -> None:
    assert card_number.to_print("D2143569X") == "D2143569-X"
    assert card_number.from_print("D2143569-X") == card_number.from_print("D2143569X") == "D2143569X"


CODE = bytes.fromhex("650100D15600000500000001FFFFFFFF")


def test_identification_code() -> None:
    code = identification_code.build("650100", 1)
    assert code.encode() == CODE
    assert identification_code.parse(CODE) == code == IdentificationCode("650100", "00000001")
    assert code.issue_code == CODE[:12]


def test_k84_authentication_code_is_four_bytes_of_a_mac_over_twelve() -> None:
    seen = []

    def mac(data: bytes) -> bytes:
        seen.append(data)
        return bytes.fromhex("0102030405060708")

    code = identification_code.build("650100", 1, mac)
    assert seen == [CODE[:12]]
    assert code.encode() == CODE[:12] + bytes.fromhex("01020304")
    assert identification_code.parse(code.encode()) == code


def test_malformed_identification_codes() -> None:
    with pytest.raises(IdentificationCodeError, match="16 bytes, not 15"):
        identification_code.parse(CODE[:15])
    with pytest.raises(IdentificationCodeError, match="are D156000006, not D156000005"):
        identification_code.parse(CODE.replace(b"\xd1\x56\x00\x00\x05", b"\xd1\x56\x00\x00\x06"))
    with pytest.raises(IdentificationCodeError, match="six digits"):
        identification_code.parse(b"\x65\x01\x0a" + CODE[3:])
    with pytest.raises(IdentificationCodeError, match="eight digits"):
        identification_code.parse(CODE[:8] + b"\x0a" + CODE[9:])
    with pytest.raises(IdentificationCodeError, match="100000000 does not fit"):
        identification_code.build("650100", 100_000_000)
    with pytest.raises(IdentificationCodeError, match="4 bytes, not 3"):
        identification_code.build("650100", 1, lambda data: data[:3])


def test_m09_institution_number() -> None:
    number = Institution("650100", "650100", 1)
    assert number.encode() == bytes.fromhex("915600000265010065010001")
    assert institution.parse(number.digits) == number
    assert Institution("110000", "110100", 2).digits == "915600000211000011010002"  # example of V2 §8.1.1.4


def test_malformed_institution_numbers() -> None:
    with pytest.raises(InstitutionError, match="24 digits"):
        institution.parse("9156")
    with pytest.raises(InstitutionError, match="begins with 9156000002, not 9156000003"):
        institution.parse("915600000365010065010001")
    with pytest.raises(InstitutionError, match="six digits"):
        Institution("65010", "650100", 1)
    with pytest.raises(InstitutionError, match="100 does not fit into two digits"):
        Institution("650100", "650100", 100)


def test_regions() -> None:
    assert (province_of("650102"), city_of("650102")) == ("650000", "650100")
    for wrong in ("6501", "65010A", "６50100"):
        with pytest.raises(ValueError, match="six digits"):
            check_region(wrong)


def test_dates() -> None:
    assert parse_date("20240229") == date(2024, 2, 29)
    assert format_date(date(850, 1, 2)) == "08500102"
    for wrong in ("20230229", "2023-1-1", "2023010", "00000101"):
        with pytest.raises(ValueError, match="eight digits"):
            parse_date(wrong)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("20191231", Validity.NOT_YET),
        ("20200101", Validity.VALID),
        ("20300101", Validity.VALID),
        ("20300102", Validity.EXPIRED),
    ],
)
def test_validity(day: str, state: Validity) -> None:
    assert validity("20200101", "20300101", parse_date(day)) is state


def test_missing_dates_do_not_limit() -> None:
    assert validity("", "", date(1900, 1, 1)) is Validity.VALID
    assert validity("", "20300101", date(2031, 1, 1)) is Validity.EXPIRED
    with pytest.raises(ValueError, match="eight digits"):
        validity("20201301", "", date(2020, 1, 1))


@pytest.mark.parametrize(
    ("issued", "years", "last"),
    [("20200101", 10, "20291231"), ("20200229", 1, "20210228"), ("20200229", 4, "20240228")],
)
def test_last_day(issued: str, years: int, last: str) -> None:
    assert last_day(issued, years) == last
    with pytest.raises(ValueError, match="at least one year"):
        last_day(issued, 0)
