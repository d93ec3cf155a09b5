import pytest

from shebaoka.codec.reset import (
    ResetError,
    accept_atr,
    build_atr,
    build_ats,
    historical_bytes,
    parse_atr,
    parse_ats,
)

HISTORICAL = bytes.fromhex("00810102031234650100000001")


def test_a01_a02_contact() -> None:
    raw = build_atr(HISTORICAL)
    assert raw == bytes.fromhex("3B6D0000") + HISTORICAL
    atr = accept_atr(raw)
    assert (atr.ts, atr.interface, atr.historical, atr.tck) == (0x3B, {"TB1": 0, "TC1": 0}, HISTORICAL, None)
    assert atr.protocols == (0,)
    assert atr.historical[5:] == bytes.fromhex("1234650100000001")


def test_a03_contactless_carries_the_same_bytes() -> None:
    raw = build_ats(HISTORICAL)
    assert raw == bytes.fromhex("127880A002") + HISTORICAL
    assert parse_ats(raw) == HISTORICAL
    assert historical_bytes(raw) == historical_bytes(build_atr(HISTORICAL)) == HISTORICAL


def test_clock_stop_and_class_indicator() -> None:
    raw = build_atr(HISTORICAL, ta3=0x83)
    assert raw[:5] == bytes.fromhex("3B8D801F83")
    atr = accept_atr(raw)
    assert atr.interface == {"TD1": 0x80, "TD2": 0x1F, "TA3": 0x83}
    assert atr.protocols == (0, 15)
    with pytest.raises(ResetError, match="TCK"):
        accept_atr(raw[:-1])
    with pytest.raises(ResetError, match="TCK 00 is wrong"):
        accept_atr(raw[:-1] + b"\x00")
    with pytest.raises(ResetError, match="TA3 C1"):
        build_atr(HISTORICAL, ta3=0xC1)


def test_pcsc_reader_of_a_contactless_card() -> None:
    body = bytes.fromhex("8D8001") + HISTORICAL
    check = 0
    for byte in body:
        check ^= byte
    assert historical_bytes(b"\x3b" + body + bytes((check,))) == HISTORICAL


ACCEPTED = {
    "L18 TS 3F": "3F6D0000",
    "TA1 01": "3B7D010000",
    "TA1 11": "3B7D110000",
    "TA1 95, negotiable": "3B7D950000",
    "TB1 FF": "3B6DFF00",
    "TC1 missing": "3B2D00",
    "TC2 10": "3BED00004010",
}


@pytest.mark.parametrize("characters", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(characters: str) -> None:
    assert accept_atr(bytes.fromhex(characters) + HISTORICAL).historical == HISTORICAL


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("3A6D0000" + HISTORICAL.hex(), "TS 3A is neither 3B nor 3F"),
        ("3B6D0000" + HISTORICAL.hex() + "55", "TCK follows although only T=0"),
        ("3B8D0E" + HISTORICAL.hex() + "00", "TD1 0E offers protocol T=14"),
        ("3B8D8000" + HISTORICAL.hex(), "TD2 00 offers protocol T=0"),
        ("3B8D801FC1" + HISTORICAL.hex() + "00", "TA3 C1 is not allowed"),
        ("3B8D01" + HISTORICAL.hex(), "TCK is missing"),
        ("3B6D0000" + HISTORICAL.hex()[:-2], "announces 13 historical bytes and has 12"),
        ("3B6D00", "ends before TC1"),
        ("3B00" + "11" * 2, "2 bytes follow"),
        ("3B", "2 to 33 bytes"),
    ],
)
def test_refused_with_reason(raw: str, reason: str) -> None:
    with pytest.raises(ResetError, match=reason):
        accept_atr(bytes.fromhex(raw))


@pytest.mark.parametrize("raw", ["", "0278", "0578", "0378A0"])
def test_malformed_ats(raw: str) -> None:
    with pytest.raises(ResetError):
        parse_ats(bytes.fromhex(raw))


def test_another_number_of_historical_bytes() -> None:
    with pytest.raises(ResetError, match="4 historical bytes instead of 13"):
        historical_bytes(build_atr(b"1234"))
    assert parse_ats(b"\x01") == b""
    assert parse_atr(bytes.fromhex("3B00")).historical == b""
    for build in (build_atr, build_ats):
        with pytest.raises(ResetError, match="at most 15"):
            build(bytes(16))
