"""CARD BLOCK and APPLICATION BLOCK."""

import pytest

from chip.build import AID, SSSE, VARIANTS, Loader, apdu, card, card_key
from shebaoka.crypto.formulas import mac, session_key

DF04 = AID[:-1] + b"\x03"


def command(loader: Loader, ins: int, p2: int, key: str, *, spoil: int = 0) -> bytes:
    head = bytes((0x84, ins, 0, p2, 4))
    code = mac(session_key(card_key(key, loader.algorithm), loader.challenge()), head)
    return head + bytes((code[0] ^ spoil,)) + code[1:]


@pytest.fixture(params=VARIANTS)
def loader(request: pytest.FixtureRequest) -> Loader:
    return card(request.param)


def test_a_blocked_card_answers_nothing_else(loader: Loader) -> None:
    assert loader.sw(command(loader, 0x16, 0, "STK")) == 0x6982
    loader.select(DF04)
    loader.prove(0x05, "BK")
    assert loader.sw(command(loader, 0x16, 0, "STK", spoil=1)) == 0x6988
    assert loader.sw(command(loader, 0x16, 0, "STK")) == 0x9000
    for text in ("", "00", "FFFFFFFF", "0084000008", apdu(0, 0xA4, 4, 0, SSSE).hex()):
        assert loader.sw(text) == 0x6A81
    assert loader.chip.reset()
    assert loader.sw(apdu(0, 0xA4, 4, 0, SSSE)) == 0x6A81


def test_a_blocked_application_lets_others_work(loader: Loader) -> None:
    loader.select(DF04)
    assert loader.sw(command(loader, 0x1E, 1, "STKDF04")) == 0x6982
    loader.prove(0x83, "LKDF04")
    assert loader.sw(command(loader, 0x1E, 1, "STKDF04", spoil=1)) == 0x6988
    assert loader.sw("841E00010400000000") == 0x6984
    assert loader.sw(command(loader, 0x1E, 1, "STKDF04")) == 0x9000
    for text in (
        "0084000008",
        "00B2014400",
        "841E00010400000000",
        "00C0000000",
        "B026000104",
        "00A4020002EF08",
    ):
        assert loader.sw(text) == 0x9303
    assert loader.sw("00FF000000") == 0x6D00
    assert loader.sw(apdu(0, 0xA4, 4, 0, AID)) == 0x9000
    assert loader.sw(apdu(0, 0xA4, 4, 0, DF04)) == 0x9303
    assert loader.chip.session.directory.name == DF04
    assert loader.sw("0084000008") == 0x9303
    loader.chip.reset()
    loader.select(SSSE)
    assert loader.sw("00A4000002DF04") == 0x9303


def test_without_lk_the_card_block_key_is_needed(loader: Loader) -> None:
    loader.select(AID)
    loader.prove(0x83, "UK1DF01")
    assert loader.sw(command(loader, 0x1E, 1, "STKDF01")) == 0x6982
    loader.prove(0x05, "BK")
    assert loader.sw(command(loader, 0x1E, 1, "STKDF01")) == 0x9000
    assert loader.sw(apdu(0, 0xA4, 4, 0, AID)) == 0x9303


def test_the_ssse_is_no_application(loader: Loader) -> None:
    loader.prove(0x05, "BK")
    assert loader.sw(command(loader, 0x1E, 1, "STK")) == 0x6985
    loader.ok("00A40000")
    assert loader.sw("841600000400000000") == 0x6A88
