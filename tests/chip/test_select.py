"""SELECT, GET RESPONSE and the transport rules around them."""

import pytest

from chip.build import AID, HISTORICAL, SSSE, VARIANTS, Algorithm, apdu, card
from shebaoka.chip.profile import FIELD, Profile


def test_reset_gives_atr_and_ats_with_the_same_historical_bytes() -> None:
    chip = card(Algorithm.TDES).chip
    assert chip.reset() == bytes.fromhex("3B6D0000") + HISTORICAL
    assert chip.ats() == bytes.fromhex("127880A002") + HISTORICAL


@pytest.mark.parametrize("algorithm", VARIANTS)
def test_fci_of_ddf_and_adf(algorithm: Algorithm) -> None:
    loader = card(algorithm)
    fci = f"6F1C840F{SSSE.hex()}A50988011E9F0C038601{algorithm.fci:02X}"
    assert loader.select(SSSE) == bytes.fromhex(fci)
    assert loader.select(AID) == bytes.fromhex("6F088406D15600000500")


def test_selection_by_identifier() -> None:
    loader = card(Algorithm.TDES)
    assert loader.sw("00A4000002DF01") == 0x9000
    assert loader.chip.session.directory.name == AID
    assert loader.sw("00A4000002DF04") == 0x9000  # a sibling
    assert loader.sw("00A4000002DD01") == 0x9000  # the DDF
    assert loader.sw("00A40000023F00") == 0x9000
    assert loader.chip.session.directory is loader.chip.tree.mf
    assert loader.sw("00A4000002DF09") == 0x6A82


def test_an_adf_name_works_from_the_mf() -> None:
    loader = card(Algorithm.TDES)
    loader.ok("00A40000")
    assert loader.select(AID)


def test_ef_by_p1_00_is_a_profile_switch() -> None:
    assert card(Algorithm.TDES).sw("00A4000002EF05") == 0x9000
    assert card(Algorithm.TDES, profile=Profile(select_ef_p1_00=False)).sw("00A4000002EF05") == 0x6A82


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("00A4040004D1560000", 0x6700),
        ("00A404001101020304050607080910111213141516 17", 0x6700),
        ("00A4000001EF", 0x6700),
        ("00A4020001EF", 0x6700),
        ("00A4020202EF05", 0x6A86),
        ("00A4040106D15600000500", 0x6A86),
        ("00A4040006D15600000599", 0x6A82),
    ],
)
def test_refused_selections_keep_the_place(command: str, expected: int) -> None:
    loader = card(Algorithm.TDES)
    loader.select(AID)
    loader.ok("00A4020002EF07")
    assert loader.sw(command) == expected
    assert loader.chip.session.directory.name == AID
    assert loader.chip.session.file is not None


def test_partial_names_reach_every_directory_once() -> None:
    loader = card(Algorithm.TDES)
    found = [loader.ok(apdu(0, 0xA4, 4, 0, AID[:5]))]
    while (answer := loader.send(apdu(0, 0xA4, 4, 2, AID[:5])))[1] == 0x9000:
        found.append(answer[0])
    assert answer[1] == 0x6A82
    assert [fci[-1] for fci in found] == [0, 1, 3]
    assert (
        card(Algorithm.TDES, profile=Profile(partial_name=False)).sw(apdu(0, 0xA4, 4, 0, AID[:5])) == 0x6A82
    )


def test_get_response_rules() -> None:
    chip = card(Algorithm.TDES).chip
    select = apdu(0, 0xA4, 4, 0, SSSE)
    assert chip.transmit(select) == bytes.fromhex("611E")
    assert chip.transmit(bytes.fromhex("00C0000000")) == bytes.fromhex("6C1E")
    assert chip.transmit(bytes.fromhex("00C000001F")) == bytes.fromhex("6C1E")
    head = chip.transmit(bytes.fromhex("00C0000010"))
    assert head[-2:] == bytes.fromhex("610E")
    tail = chip.transmit(bytes.fromhex("00C000000E"))
    assert (head[:-2] + tail)[:2] == bytes.fromhex("6F1C")
    assert chip.transmit(bytes.fromhex("00C0000001")) == bytes.fromhex("6F00")


def test_another_command_discards_the_waiting_answer() -> None:
    chip = card(Algorithm.TDES).chip
    chip.transmit(apdu(0, 0xA4, 4, 0, SSSE))
    chip.transmit(bytes.fromhex("0084000008"))
    assert chip.transmit(bytes.fromhex("00C000001E")) == bytes.fromhex("6F00")


def test_case_4_with_le() -> None:
    chip = card(Algorithm.TDES).chip
    auth = "0088000010" + "00" * 16
    assert chip.transmit(bytes.fromhex(auth + "00"))[-2:] == b"\x90\x00"
    assert len(chip.transmit(bytes.fromhex(auth + "08"))) == 10
    assert chip.transmit(bytes.fromhex(auth + "04")) == bytes.fromhex("6108")
    assert len(card(Algorithm.TDES, profile=FIELD).chip.transmit(bytes.fromhex(auth + "04"))) == 6
    at_once = card(Algorithm.TDES, profile=Profile(t0_case4_61xx=False)).chip
    assert len(at_once.transmit(bytes.fromhex(auth))) == 10


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("", 0x6700),
        ("00A404", 0x6700),
        ("FFA40000", 0x6E00),
        ("80B0000000", 0x6E00),
        ("00FF000000", 0x6D00),
        ("0084000108", 0x6A86),
        ("00840000", 0x6700),
        ("008400000800", 0x6700),
        ("0020000003123456 00", 0x6700),
        ("002000000412", 0x6700),
        ("00A4020002EF", 0x6700),
    ],
)
def test_malformed_commands(command: str, expected: int) -> None:
    assert card(Algorithm.TDES).sw(command) == expected


def test_lenient_le() -> None:
    loader = card(Algorithm.TDES, profile=FIELD)
    assert loader.sw("002000000312345600") == 0x9000
    loader.select(SSSE)
    assert loader.sw("00B2012C00") == 0x9000
    assert loader.ok("00B2012C02") == bytes.fromhex("0110")
