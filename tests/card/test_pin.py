"""VERIFY, CHANGE PIN, PIN CHANGE/UNBLOCK."""

import pytest

from chip.build import AID, SSSE, VARIANTS, Algorithm, Loader, apdu, card, card_key
from shebaoka.crypto.formulas import encrypt_data, mac, session_key


def verify(pin: str) -> bytes:
    return apdu(0, 0x20, 0, 0, bytes.fromhex(pin))


def change(old: str, new: str) -> bytes:
    return apdu(0x80, 0x5E, 1, 0, bytes.fromhex(old + "FF" + new))


def reload_pin(loader: Loader, new: str | None, *, spoil: bool = False, empty: bool = False) -> bytes:
    """PIN CHANGE/UNBLOCK for a fresh challenge."""
    session = session_key(card_key("STK", loader.algorithm), loader.challenge())
    data = b"" if new is None else encrypt_data(session, bytes.fromhex(new))
    if empty:
        block = loader.algorithm.block_size
        data = session.encrypt(b"\x00\x80" + bytes(block - 2))
    head = bytes((0x84, 0x24, 0, int(bool(data)), len(data) + 4)) + data
    code = mac(session, head)
    return head + (code if not spoil else bytes((code[0] ^ 1,)) + code[1:])


@pytest.fixture(params=VARIANTS)
def loader(request: pytest.FixtureRequest) -> Loader:
    return card(request.param)


def test_verify_counts_down_locks_and_asks(loader: Loader) -> None:
    assert loader.sw("0020000000") == 0x63C6
    assert loader.sw(verify("123456")) == 0x9000
    assert [loader.sw(verify("999999")) for _ in range(6)] == [0x63C0 | n for n in range(5, -1, -1)]
    assert loader.sw(verify("123456")) == 0x6983
    assert loader.sw("0020000000") == 0x63C0
    assert loader.sw(change("123456", "654321")) == 0x6983


def test_a_right_pin_restores_the_counter_and_a_wrong_one_ends_the_right(loader: Loader) -> None:
    loader.sw(verify("999999"))
    loader.ok(verify("123456"))
    assert loader.sw("0020000000") == 0x63C6
    loader.select(AID)
    assert loader.sw("00B2012C04") == 0x9000
    loader.sw(verify("999999"))
    assert loader.sw("00B2012C04") == 0x6982


def test_the_verified_state_ends_with_reset_and_with_a_change(loader: Loader) -> None:
    loader.ok(verify("123456"))
    loader.select(AID)
    loader.chip.reset()
    loader.select(SSSE)
    loader.select(AID)
    assert loader.sw("00B2012C04") == 0x6982
    loader.ok(verify("123456"))
    loader.ok(change("123456", "1234"))
    assert loader.sw("00B2012C04") == 0x6982
    loader.ok(verify("1234"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("123456", "12345F", 0x9000),
        ("123456", "", 0x9000),
        ("123456", "6543210987654321", 0x9000),
        ("999999", "654321", 0x63C5),
        ("", "654321", 0x63C5),
        ("123456", "123F", 0x6A80),
        ("123456", "12", 0x6A80),
        ("123456", "1234AB", 0x6A80),
        ("123456", "12F456", 0x6A80),
        ("123456", "FF1234", 0x6A80),
        ("12345A", "654321", 0x6A80),
    ],
)
def test_change_pin(loader: Loader, old: str, new: str, expected: int) -> None:
    assert loader.sw(change(old, new)) == expected
    if expected == 0x9000 and new:
        assert loader.sw(verify(new)) == 0x9000
    elif expected == 0x9000:
        assert loader.sw("0020000000") == 0x9000
    else:
        assert loader.sw(verify("123456")) == 0x9000


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("805E010006123456654321", 0x6A80),
        ("805E000007123456FF654321", 0x6A86),
        ("805E01000212FF", 0x6700),
        ("805E0100" + "12" + "12" * 18, 0x6700),
    ],
)
def test_malformed_changes(loader: Loader, command: str, expected: int) -> None:
    assert loader.sw(command) == expected
    assert loader.sw("0020000000") == 0x63C6


def test_without_a_pin_everything_it_guards_is_open(loader: Loader) -> None:
    loader.ok(change("123456", ""))
    loader.select(AID)
    assert loader.sw("00B2012C04") == 0x9000
    assert loader.sw(verify("123456")) == 0x63C5
    assert loader.sw("00B2012C04") == 0x9000
    loader.ok(change("", "4321"))
    assert loader.sw("00B2012C04") == 0x6982
    loader.ok(verify("4321"))


def test_outside_a_ddf_with_a_pin_there_is_none(loader: Loader) -> None:
    loader.ok("00A40000")
    assert loader.sw("0020000000") == 0x9000
    assert loader.sw(verify("123456")) == 0x6A88
    assert loader.sw(change("", "1234")) == 0x6A81


@pytest.mark.parametrize("new", [None, "654321", "12345F", "1234567890123456"])
def test_reload_from_any_directory(loader: Loader, new: str | None) -> None:
    for _ in range(6):
        loader.sw(verify("999999"))
    loader.select(AID)
    loader.prove(0x06, "PUK")
    assert loader.sw(reload_pin(loader, new)) == 0x9000
    assert loader.sw("0020000000") == 0x63C6
    assert loader.sw(verify(new or "123456")) == 0x9000
    assert loader.sw(reload_pin(loader, new)) == 0x6982  # the right of PUK is used up


def test_reload_to_no_pin(loader: Loader) -> None:
    loader.prove(0x06, "PUK")
    assert loader.sw(reload_pin(loader, "00", empty=True)) == 0x9000
    assert loader.sw("0020000000") == 0x9000


def test_reload_needs_puk_and_challenge(loader: Loader) -> None:
    assert loader.sw(reload_pin(loader, "654321")) == 0x6982
    loader.prove(0x06, "PUK")
    good = reload_pin(loader, "654321")
    loader.chip.session.challenge = None
    assert loader.sw(good) == 0x6984


def test_reload_of_something_that_is_no_pin(loader: Loader) -> None:
    loader.prove(0x06, "PUK")
    assert loader.sw(reload_pin(loader, "1A34")) == 0x6A80
    assert loader.sw(verify("123456")) == 0x9000


def test_wrong_macs_lock_puk(loader: Loader) -> None:
    loader.prove(0x06, "PUK")
    for _ in range(3):
        assert loader.sw(reload_pin(loader, "654321", spoil=True)) == 0x6988
    assert loader.sw(reload_pin(loader, "654321")) == 0x6982
    assert loader.authenticate(0x06, card_key("PUK", loader.algorithm)) == 0x6983
    assert loader.sw(verify("123456")) == 0x9000


@pytest.mark.parametrize(("p2", "size"), [(0, 0x0C), (1, 4), (1, 0x10), (1, 5), (0, 0)])
def test_reload_lengths(loader: Loader, p2: int, size: int) -> None:
    loader.prove(0x06, "PUK")
    loader.challenge()
    assert loader.sw(bytes((0x84, 0x24, 0, p2, size)) + bytes(size)) == 0x6700
    assert loader.chip.session.rights == {0x06}


def test_an_eight_byte_pin_block_is_refused_under_sm4() -> None:
    loader = card(Algorithm.SM4)
    loader.prove(0x06, "PUK")
    loader.challenge()
    assert loader.sw(bytes((0x84, 0x24, 0, 1, 0x0C)) + bytes(0x0C)) == 0x6700
