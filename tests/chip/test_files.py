"""READ and UPDATE of transparent, linear and cyclic files."""

import pytest

from chip.build import AID, EF05, SSSE, VARIANTS, Algorithm, Loader, apdu, card, card_key, script_random
from shebaoka.crypto.formulas import mac, session_key


@pytest.fixture
def loader() -> Loader:
    return card(Algorithm.TDES)


@pytest.fixture
def df01(loader: Loader) -> Loader:
    loader.select(AID)
    loader.prove(0x83, "UK1DF01")
    return loader


def test_read_binary_follows_le_and_offset(df01: Loader) -> None:
    df01.ok(apdu(0, 0xD6, 0x96, 0x10, bytes(range(16))))
    assert df01.ok("00B0001004") == bytes(range(4))
    assert len(df01.ok("00B0000000")) == 256
    assert len(df01.ok("00B0010000")) == 0x28
    assert df01.sw("00B0012030") == 0x6C08
    assert df01.sw("00B0012800") == 0x6B00
    assert df01.sw("00B0E00010") == 0x6A86
    assert df01.sw("00B09D0010") == 0x6A82
    assert df01.sw("00B0850010") == 0x6981


def test_update_binary_stays_inside_the_file(df01: Loader) -> None:
    df01.ok("00A4020002EF16")
    before = df01.ok("00B0000000")
    assert df01.sw("00D6012802AABB") == 0x6B00
    assert df01.sw("00D6012702AABB") == 0x6700
    assert df01.sw("00D6000000") == 0x6700
    assert df01.ok("00B0000000") == before
    df01.ok("00D6012701AB")
    assert df01.ok("00B0012701") == b"\xab"


def test_no_current_file_and_wrong_structure(loader: Loader) -> None:
    assert loader.sw("00B0000010") == 0x6986
    assert loader.sw("00B2010412") == 0x6986
    loader.ok("00A4020002EF05")
    assert loader.sw("00B0000010") == 0x6981
    loader.ok("00A4020002EF0F")  # internal
    assert loader.sw("00B0000010") == 0x6981
    assert loader.sw("00B2010400") == 0x6981


def test_record_by_number_identifier_and_current(loader: Loader) -> None:
    loader.ok("00A4020002EF05")
    assert loader.ok("00B2010412") == EF05[0]
    assert loader.ok("00B203000600"[:10]) == EF05[2]  # identifier 03, becomes current
    assert loader.ok("00B2000406") == EF05[2]
    assert loader.sw("00B2080400") == 0x6A83
    assert loader.sw("00B2FF0400") == 0x6A86
    assert loader.sw("00B2010700") == 0x6A86
    assert loader.sw("00B20104 11".replace(" ", "")) == 0x6C12


def test_runs_of_records(loader: Loader) -> None:
    loader.ok("00A4020002EF05")
    everything = b"".join(EF05)
    assert loader.ok(bytes((0, 0xB2, 1, 5, len(everything)))) == everything
    assert loader.ok(bytes((0, 0xB2, 1, 6, len(everything)))) == b"".join(reversed(EF05))
    assert loader.sw("00B2060600") == 0x6C00 | len(EF05[5] + EF05[6])


def test_next_and_previous_instances(df01: Loader) -> None:
    df01.ok("00A4020002EF15")
    values = [df01.ok("00B2400203")[2] for _ in range(3)]
    assert values == [1, 2, 3]
    assert df01.sw("00B2400203") == 0x6A83
    assert df01.ok("00B2400303")[2] == 2
    assert df01.ok("00B2400303")[2] == 1
    assert df01.sw("00B2400303") == 0x6A83
    assert df01.ok("00B2400103")[2] == 3  # last
    assert df01.ok("00B2400003")[2] == 1  # first
    assert df01.ok("00B2000203")[2] == 2  # any next
    df01.ok("00A4020002EF15")
    assert df01.ok("00B2400303")[2] == 3  # previous without current: last


def test_linear_records_append_replace_and_stop_at_capacity(df01: Loader) -> None:
    df01.ok("00A4020002EF05")  # capacity 32, 9 used
    assert df01.sw(apdu(0, 0xDC, 4, 4, b"\x23\x01\x31")) == 0x6A83  # a gap
    df01.ok(apdu(0, 0xDC, 3, 4, b"\x23\x01\x31"))
    df01.ok(apdu(0, 0xDC, 0x24, 0, b"\x24\x02\x12\x34"))  # unknown identifier: appended
    df01.ok(apdu(0, 0xDC, 0x24, 0, b"\x24\x02\x56\x78"))  # known: replaced
    df01.ok(apdu(0, 0xDC, 0, 4, b"\x24\x02\x9a\xbc"))  # current
    df01.ok("0020000003123456")
    assert df01.ok("00B2040404") == b"\x24\x02\x9a\xbc"
    assert df01.sw("00B2050400") == 0x6A83
    full = b"\x25" + bytes((15,)) + bytes(15)
    assert df01.sw(apdu(0, 0xDC, 5, 4, full)) == 0x6A84
    df01.ok(apdu(0, 0xDC, 5, 4, b"\x25" + bytes((14,)) + bytes(14)))


@pytest.mark.parametrize(
    ("p1", "p2", "data", "expected"),
    [
        (1, 4, "200231", 0x6A85),
        (1, 4, "20", 0x6A85),
        (1, 4, "21023131", 0x6A85),
        (0x20, 0, "21023131", 0x6A85),
        (1, 4, "", 0x6700),
        (1, 5, "20023131", 0x6A86),
        (0xFF, 4, "20023131", 0x6A86),
        (0, 4, "20023131", 0x6A83),
    ],
)
def test_refused_record_updates(df01: Loader, p1: int, p2: int, data: str, expected: int) -> None:
    df01.ok("00A4020002EF05")
    before = dict(df01.chip.state)
    assert df01.sw(apdu(0, 0xDC, p1, p2, bytes.fromhex(data))) == expected
    assert dict(df01.chip.state) == before


def test_a_file_has_at_most_254_records(loader: Loader) -> None:
    loader.prove(0x04, "UKSSSE")
    loader.ok("00A4020002EF1E")
    for number in range(1, 255):
        loader.ok(apdu(0, 0xDC, number, 4, b"\x61\x00"))
    assert loader.sw(apdu(0, 0xDC, 0x62, 0, b"\x62\x00")) == 0x6A84
    assert loader.ok("00B2FE0402") == b"\x61\x00"


def test_fixed_records_have_a_longest_size_and_a_most_number(df01: Loader) -> None:
    df01.ok("00A4020002EF06")
    assert df01.sw(apdu(0, 0xDC, 1, 4, b"\x90\x05" + bytes(5))) == 0x6A84
    df01.ok(apdu(0, 0xDC, 1, 4, b"\x90\x04" + bytes(4)))
    df01.ok(apdu(0, 0xDC, 2, 4, b"\x92\x01\x00"))
    assert df01.sw(apdu(0, 0xDC, 3, 4, b"\x93\x01\x00")) == 0x6A84


def test_cyclic_records_newest_first(loader: Loader) -> None:
    loader.select(AID[:-1] + b"\x01")
    loader.prove(0x85, "UK3DF02")
    for number in range(5):
        loader.ok(apdu(0, 0xDC, 0, 0x3B, bytes((number,)) * 3))
    assert [loader.ok(bytes((0, 0xB2, n, 0x3C, 3)))[0] for n in range(1, 5)] == [4, 3, 2, 1]
    assert loader.sw("00B2053C00") == 0x6A83
    assert loader.sw(apdu(0, 0xDC, 1, 0x3C, bytes(3))) == 0x6981
    assert loader.sw(apdu(0, 0xDC, 0, 0x3B, bytes(4))) == 0x6700


@pytest.mark.parametrize("algorithm", VARIANTS)
def test_secure_messaging(algorithm: Algorithm) -> None:
    loader = card(algorithm)
    loader.select(AID)
    loader.prove(0x84, "UK2DF01")
    key = card_key("STKDF01", algorithm)

    def secured(challenge: bytes, value: bytes) -> bytes:
        head = bytes((0x04, 0xDC, 1, 0x3C, len(value) + 4)) + value
        return head + mac(session_key(key, challenge), head)

    record = b"\x29\x01\x31"
    assert loader.sw(secured(bytes(8), record)) == 0x6984  # no challenge
    assert loader.sw(secured(loader.challenge(), record)) == 0x9000
    assert loader.sw("04DC013C03290131") == 0x6987
    good = secured(loader.challenge(), b"\x29\x01\x32")
    assert loader.sw(good[:-1] + bytes((good[-1] ^ 1,))) == 0x6988
    assert loader.sw(good) == 0x6984  # the challenge is used up
    loader.ok("0020000003123456")
    assert loader.ok("00B2013C03") == record


def test_secure_messaging_needs_the_write_right_first() -> None:
    loader = card(Algorithm.TDES)
    loader.select(AID)
    loader.challenge()
    assert loader.sw("04DC013C0729013100000000") == 0x6982
    assert loader.chip.session.challenge is not None


def test_a_short_random_source_is_noticed() -> None:
    loader = card(Algorithm.TDES)
    script_random(loader.chip, "0102")
    assert loader.sw("0084000008") == 0x6985
    assert loader.sw(apdu(0, 0xA4, 4, 0, SSSE)) == 0x9000
