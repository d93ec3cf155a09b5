"""The PSAM: key loading, session keys, CIPHER DATA, consumption."""

import pytest

from chip.build import (
    FACTORS,
    ORIGINAL,
    PSAM_AID,
    SECOND,
    SSSE,
    VARIANTS,
    Algorithm,
    Loader,
    apdu,
    card_key,
    level_root,
    material,
    psam,
    root,
    script_random,
)
from shebaoka.chip.errors import PowerLost
from shebaoka.crypto.ciphers import xor
from shebaoka.crypto.formulas import diversify, mac, session_key
from shebaoka.crypto.loading import loading_command
from shebaoka.crypto.medical import purchase_mac1, purchase_mac2, purchase_session
from shebaoka.crypto.padding import fold_authentication, pad_mac

CHALLENGE = bytes.fromhex("2122232425262728")
AMOUNTS = (1000, 500, 2000)
TIME = bytes.fromhex("20160103040506")


def factors(levels: int) -> bytes:
    """Card factor first."""
    return b"".join(reversed(FACTORS[3 - levels :]))


def deliver(loader: Loader, usage: int, identifier: int, data: bytes, session: bytes = CHALLENGE) -> int:
    session = session.ljust(loader.algorithm.block_size, b"\0")
    return loader.sw(apdu(0xBF, 0xDE, usage, identifier, data + session))


def create(loader: Loader, usage: int, identifier: int, value: bytes, file: int = 0x11) -> bytes:
    record = bytes((usage, identifier, 0, loader.algorithm.psam)) + bytes(4) + value
    return loading_command(loader.master, loader.challenge(4), bytes((0x84, 0xD4, 0, file)), record)


def change(loader: Loader, usage: int, identifier: int, value: bytes, file: int = 0x11) -> bytes:
    record = bytes((usage, identifier, 0)) + value
    return loading_command(loader.master, loader.challenge(4), bytes((0x84, 0xD4, 1, file)), record)


def prove_level(loader: Loader, number: int) -> None:
    assert loader.authenticate(number, root(f"KID-0{number}", loader.algorithm)) == 0x9000


def purchase(loader: Loader, levels: int, version: int = 1) -> bytes:
    data = bytes.fromhex("B1B2B3B40001") + b"".join(amount.to_bytes(4) for amount in AMOUNTS)
    tail = bytes((version, loader.algorithm.fci or 0))
    return apdu(0x80, 0x70, 1, 0, data + b"\x32" + TIME + tail + factors(levels))


@pytest.fixture(params=VARIANTS)
def loader(request: pytest.FixtureRequest) -> Loader:
    return psam(request.param)


@pytest.mark.parametrize("levels", [1, 2, 3])
@pytest.mark.parametrize("algorithm", VARIANTS)
def test_a_psam_of_any_level_serves_the_card(algorithm: Algorithm, levels: int) -> None:
    loader = psam(algorithm, levels)
    usage = levels << 5 | 8
    for count in range(4):
        expected = 0x9000 if count == levels else 0x6A80
        data = b"".join(reversed(FACTORS))[: 8 * count]
        assert deliver(loader, usage, 0x42, data) == expected
    for other in {1, 2, 3} - {levels}:
        assert deliver(loader, other << 5 | 8, 0x42, factors(other)) == 0x6A88
    deliver(loader, usage, 0x42, factors(levels))
    block = algorithm.block_size
    answer = loader.ok(apdu(0x80, 0xFA, 0, 0, ORIGINAL + bytes(block - 8)))
    session = session_key(card_key("UK1DF01", algorithm), CHALLENGE)
    assert fold_authentication(answer) == fold_authentication(session.encrypt(ORIGINAL + bytes(block - 8)))


@pytest.mark.parametrize("levels", [1, 2, 3])
@pytest.mark.parametrize("algorithm", VARIANTS)
def test_purchase_with_a_key_of_any_level(algorithm: Algorithm, levels: int) -> None:
    loader = psam(algorithm, levels)
    for wrong in {1, 2, 3} - {levels}:
        assert loader.sw(purchase(loader, wrong)) == 0x6A80
    assert loader.sw(purchase(loader, levels, version=2)) == 0x6A88
    session = purchase_session(card_key("DPK", algorithm), bytes.fromhex("B1B2B3B4"), 1, 5)
    mac1 = purchase_mac1(session, AMOUNTS, 0x32, bytes.fromhex("650100000001"), TIME)
    assert loader.ok(purchase(loader, levels)) == (5).to_bytes(4) + mac1
    assert loader.sw(apdu(0x80, 0x72, 0, 0, purchase_mac2(session, AMOUNTS))) == 0x9000
    assert loader.sw(apdu(0x80, 0x72, 0, 0, purchase_mac2(session, AMOUNTS))) == 0x6901
    loader.ok(purchase(loader, levels))
    assert loader.sw("807200000400000000") == 0x63CF
    assert loader.sw("807200000400000000") == 0x6901


def test_the_sequence_is_stored_before_it_is_answered(loader: Loader) -> None:
    seen = [loader.ok(purchase(loader, 1))[:4]]
    for phase in ("before", "during", "after"):
        loader.chip.tear_at(1, phase)
        with pytest.raises(PowerLost):
            loader.chip.transmit(purchase(loader, 1))
        loader.chip.reset()
        loader.select(SSSE)
        loader.select(PSAM_AID)
        seen.append(loader.ok(purchase(loader, 1))[:4])
    numbers = [int.from_bytes(number) for number in seen]
    assert numbers == sorted(set(numbers))
    assert loader.ok("00B0990004") == seen[-1]
    assert loader.sw("00D699000400000000") == 0x6982


def test_the_sequence_ends_and_is_set_only_by_the_issuer(loader: Loader) -> None:
    assert loader.sw("80DA9F0304FFFFFFFF") == 0x6982
    loader.authenticate_master()
    assert loader.sw("80DA9F0303FFFFFF") == 0x6A80
    loader.ok("80DA9F030400000002")
    assert loader.ok(purchase(loader, 1))[:4] == (3).to_bytes(4)
    loader.ok("8044000000")
    assert loader.sw("80DA9F030400000002") == 0x6A80  # never back
    assert loader.sw("80DA9F0304FFFFFFFF") == 0x9000
    assert loader.sw(purchase(loader, 1)) == 0x6985


def test_a_missing_terminal_number_or_wrong_algorithm(loader: Loader) -> None:
    command = bytearray(purchase(loader, 1))
    command[5 + 27] ^= 2
    assert loader.sw(bytes(command)) == 0x6A80
    loader.select(SECOND)
    assert loader.sw(purchase(loader, 1)) == 0x6A88


def test_mac_in_one_and_in_pieces(loader: Loader) -> None:
    block = loader.algorithm.block_size
    message = pad_mac(bytes.fromhex("841E000104") + bytes(range(40)), block)
    expected = mac(session_key(card_key("STK", loader.algorithm), CHALLENGE), message[:45])
    assert deliver(loader, 0x26, 0x09, factors(1)) == 0x9000
    if len(message) + block <= 64:
        assert loader.ok(apdu(0x80, 0xFA, 5, 0, bytes(block) + message)) == expected
    deliver(loader, 0x26, 0x09, factors(1))
    assert loader.ok(apdu(0x80, 0xFA, 7, 0, bytes(block) + message[:block])) == b""
    pieces = [message[start : start + block] for start in range(block, len(message), block)]
    for piece in pieces[:-1]:
        assert loader.ok(apdu(0x80, 0xFA, 3, 0, piece)) == b""
    assert loader.ok(apdu(0x80, 0xFA, 1, 0, pieces[-1])) == expected


def test_the_initial_value_counts(loader: Loader) -> None:
    block = loader.algorithm.block_size
    deliver(loader, 0x26, 0x09, factors(1))
    iv, data = bytes(range(block)), bytes(block)
    with_iv = loader.ok(apdu(0x80, 0xFA, 5, 0, iv + data))
    deliver(loader, 0x26, 0x09, factors(1))
    assert with_iv == loader.ok(apdu(0x80, 0xFA, 5, 0, bytes(block) + xor(iv, data)))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((0,), 0x6901),  # ended
        ((2, 2, 0), 0x6901),
        ((5,), 0x6901),
        ((7, 3, 1), 0x6901),
        ((2, 2), 0x9000),
        ((7,), 0x6901),  # a MAC is under way: encrypting is refused
    ],
)
def test_life_of_the_temporary_key(loader: Loader, steps: tuple[int, ...], expected: int) -> None:
    block = loader.algorithm.block_size
    assert loader.sw(apdu(0x80, 0xFA, 0, 0, bytes(block))) == 0x6901
    deliver(loader, 0x28, 0x42, factors(1))
    for step in steps:
        assert loader.sw(apdu(0x80, 0xFA, step, 0, bytes(2 * block))) == 0x9000
    assert loader.sw(apdu(0x80, 0xFA, 0, 0, bytes(block))) == expected


@pytest.mark.parametrize("step", [1, 3])
def test_a_mac_begins_at_its_beginning(loader: Loader, step: int) -> None:
    deliver(loader, 0x28, 0x42, factors(1))
    assert loader.sw(apdu(0x80, 0xFA, step, 0, bytes(loader.algorithm.block_size))) == 0x6901


@pytest.mark.parametrize("other", ["00A4020002" + "0019", "00FF000000", "BFDE2842080000000000000000"])
def test_what_ends_the_temporary_key(loader: Loader, other: str) -> None:
    deliver(loader, 0x28, 0x42, factors(1))
    loader.send(other)
    assert loader.sw(apdu(0x80, 0xFA, 0, 0, bytes(loader.algorithm.block_size))) == 0x6901


def test_what_leaves_it_alone(loader: Loader) -> None:
    deliver(loader, 0x28, 0x42, factors(1))
    loader.ok("0084000008")
    loader.ok("00B0990004")
    assert loader.sw(apdu(0x80, 0xFA, 0, 0, bytes(loader.algorithm.block_size))) == 0x9000


def test_keys_do_only_what_their_type_allows(loader: Loader) -> None:
    block = loader.algorithm.block_size
    deliver(loader, 0x26, 0x09, factors(1))
    assert loader.sw(apdu(0x80, 0xFA, 0, 0, bytes(block))) == 0x6985
    assert deliver(loader, 0x22, 0x01, factors(1)) == 0x6985
    prove_level(loader, 1)
    assert loader.sw(create(loader, 0x27, 0x24, material(root("UK3DF01", loader.algorithm)))) == 0x9000
    assert deliver(loader, 0x27, 0x24, factors(1)) == 0x9000
    assert loader.sw(apdu(0x80, 0xFA, 5, 0, bytes(2 * block))) == 0x6985


@pytest.mark.parametrize("size", [0, 7, 8, 9, 16, 63, 64, 65, 72, 128, 136])
def test_lengths_of_cipher_data(loader: Loader, size: int) -> None:
    block = loader.algorithm.block_size
    most = 64 if block == 8 else 128
    deliver(loader, 0x28, 0x42, factors(1))
    valid = size and size % block == 0 and size <= most
    assert loader.sw(bytes((0x80, 0xFA, 0, 0, size)) + bytes(size)) == (0x9000 if valid else 0x6700)


@pytest.mark.parametrize("levels", [0, 1, 2, 3])
def test_lengths_of_delivery(loader: Loader, levels: int) -> None:
    size = loader.algorithm.block_size + 8 * levels
    for wrong in (size - 1, size + 1):
        if wrong >= 0:
            assert loader.sw(bytes((0xBF, 0xDE, 0x28, 0x42, wrong)) + bytes(wrong)) == 0x6700


def test_key_loading(loader: Loader) -> None:
    new = material(root("UK3DF01", loader.algorithm))
    assert loader.sw(create(loader, 0x27, 0x24, new)) == 0x6982
    prove_level(loader, 2)
    assert loader.sw(create(loader, 0x27, 0x24, new)) == 0x6982
    assert loader.sw(create(loader, 0x27, 0x24, new, file=0x12)) == 0x9000
    assert deliver(loader, 0x27, 0x24, factors(1)) == 0x9000
    answer = loader.ok(apdu(0x80, 0xFA, 0, 0, bytes(loader.algorithm.block_size)))
    key = diversify(root("UK3DF01", loader.algorithm), FACTORS[2])
    assert answer == session_key(key, CHALLENGE).encrypt(bytes(loader.algorithm.block_size))
    assert loader.sw(create(loader, 0x27, 0x24, new, file=0x12)) == 0x6A80
    assert loader.sw(change(loader, 0x27, 0x25, new, file=0x12)) == 0x6A88
    prove_level(loader, 1)
    assert loader.sw(change(loader, 0x27, 0x24, new, file=0x11)) == 0x6A88  # another level's key
    other = material(root("UK4DF01", loader.algorithm))
    assert loader.sw(change(loader, 0x27, 0x24, other, file=0x12)) == 0x9000
    deliver(loader, 0x27, 0x24, factors(1))
    assert loader.ok(apdu(0x80, 0xFA, 0, 0, bytes(loader.algorithm.block_size))) != answer


def test_key_loading_is_authenticated(loader: Loader) -> None:
    prove_level(loader, 1)
    new = material(root("UK3DF01", loader.algorithm))
    good = create(loader, 0x27, 0x24, new)
    before = dict(loader.chip.state)
    assert loader.sw(good[:-1] + bytes((good[-1] ^ 1,))) == 0x6988
    assert loader.sw(good) == 0x6984
    assert loader.sw(good[:3] + b"\x19" + good[4:]) == 0x6A82
    for usage in (0xE7, 0x25):
        assert loader.sw(create(loader, usage, 0x24, new)) == 0x6A80
    wrong = loading_command(
        loader.master, loader.challenge(4), b"\x84\xd4\x00\x11", b"\x27\x24\x01\x00" + bytes(20)
    )
    assert loader.sw(wrong) == 0x6A80
    assert dict(loader.chip.state) == before


def test_a_right_of_a_level_ends_with_the_application(loader: Loader) -> None:
    prove_level(loader, 1)
    assert loader.sw("00D69A000A01012020010120300101") == 0x9000
    loader.select(SSSE)
    loader.select(PSAM_AID)
    assert loader.sw("00D69A000A01012020010120300101") == 0x6982


def test_single_des_keys_can_be_loaded() -> None:
    loader = psam(Algorithm.TDES)
    prove_level(loader, 1)
    stk = level_root("STKDF01", Algorithm.TDES, 1)
    record = bytes((0x26, 0x20, 0, 1)) + bytes(4) + material(stk)[:8]
    head = bytes((0x84, 0xD4, 0, 0x11))
    assert loader.sw(loading_command(loader.master, loader.challenge(4), head, record)) == 0x9000
    deliver(loader, 0x26, 0x20, factors(1))
    session = session_key(card_key("STKDF01", Algorithm.TDES), CHALLENGE)
    assert loader.ok(apdu(0x80, 0xFA, 5, 0, bytes(8) + pad_mac(b"abc", 8))) == mac(session, b"abc")


def test_environments_files_and_challenges() -> None:
    loader = psam(Algorithm.TDES)
    assert loader.sw("0084000010") == 0x6700
    assert psam(Algorithm.SM4).sw("0084000010") == 0x9000
    assert loader.sw("BFEC00000165") == 0x9000
    assert loader.sw("BFEC0000016A") == 0x6A80
    assert loader.select(SECOND)
    assert loader.sw(apdu(0, 0xA4, 4, 0, PSAM_AID)) == 0x6A82
    loader.select(SSSE)
    assert loader.ok("00B0960006").hex() == "650100000001"
    assert loader.sw("00D6960001FF") == 0x6982
    assert loader.sw("0088000010" + "00" * 16) == 0x6D00


def test_level_control_keys_lock() -> None:
    loader = psam(Algorithm.TDES)
    wrong = root("BK", Algorithm.TDES)
    assert [loader.authenticate(1, wrong) for _ in range(3)] == [0x63C2, 0x63C1, 0x63C0]
    assert loader.authenticate(1, root("KID-01", Algorithm.TDES)) == 0x6983
    script_random(loader.chip, "5152535455565758")
    assert loader.authenticate(2, root("KID-02", Algorithm.TDES)) == 0x9000
