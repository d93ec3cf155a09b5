"""Challenge, external and internal authentication, scope of rights."""

import pytest

from chip.build import (
    AID,
    ORIGINAL,
    SSSE,
    VARIANTS,
    Algorithm,
    Entry,
    Loader,
    apdu,
    card,
    card_key,
    material,
)
from shebaoka.chip.keys import Role
from shebaoka.chip.profile import Profile
from shebaoka.crypto.formulas import authentication_data, session_key

WRONG = card_key("RKSSSE", Algorithm.SM4)


def proof(loader: Loader, name: str, challenge: bytes) -> bytes:
    auth = authentication_data(session_key(card_key(name, loader.algorithm), challenge), ORIGINAL)
    return apdu(0, 0x82, 0, 0x83, auth + ORIGINAL)


@pytest.mark.parametrize("algorithm", VARIANTS)
def test_tries_count_down_and_come_back(algorithm: Algorithm) -> None:
    loader = card(algorithm)
    loader.select(AID)
    assert [loader.authenticate(0x83, WRONG) for _ in range(2)] == [0x63C2, 0x63C1]
    loader.prove(0x83, "UK1DF01")
    assert [loader.authenticate(0x83, WRONG) for _ in range(3)] == [0x63C2, 0x63C1, 0x63C0]
    assert loader.authenticate(0x83, card_key("UK1DF01", algorithm)) == 0x6983
    loader.chip.reset()
    loader.select(AID)
    assert loader.authenticate(0x83, card_key("UK1DF01", algorithm)) == 0x6983


def test_the_counter_belongs_to_all_versions() -> None:
    loader = card(Algorithm.TDES)
    loader.select(AID)
    assert loader.authenticate(0x83, WRONG, 1) == 0x63C2
    assert loader.authenticate(0x83, WRONG, 2) == 0x63C1
    assert loader.authenticate(0x83, card_key("UK1DF013", Algorithm.TDES), 3) == 0x9000
    assert loader.authenticate(0x83, WRONG, 9) == 0x6A88
    assert loader.authenticate(0x83, WRONG, 1) == 0x63C2


def test_any_key_version_is_a_profile_switch() -> None:
    second = card_key("UK1DF012", Algorithm.TDES)
    for profile, expected in ((Profile(), 0x63C2), (Profile(any_key_version=True), 0x9000)):
        loader = card(Algorithm.TDES, profile=profile)
        loader.select(AID)
        assert loader.authenticate(0x83, second) == expected


def test_a_challenge_is_used_once_even_by_a_failure() -> None:
    loader = card(Algorithm.TDES)
    loader.select(AID)
    challenge = loader.challenge()
    good = proof(loader, "UK1DF01", challenge)
    assert loader.sw(good[:-16] + bytes(8) + ORIGINAL) == 0x63C2
    assert loader.sw(good) == 0x6984
    assert loader.authenticate(0x83, WRONG) == 0x63C1  # the second attempt did not count


def test_only_the_latest_challenge_counts() -> None:
    loader = card(Algorithm.TDES)
    loader.select(AID)
    first, second = loader.challenge(), loader.challenge()
    assert loader.sw(proof(loader, "UK1DF01", first)) == 0x63C2
    loader.challenge()
    assert loader.sw(proof(loader, "UK1DF01", second)) == 0x63C1


def test_a_challenge_ends_with_its_directory() -> None:
    loader = card(Algorithm.TDES)
    challenge = loader.challenge()
    loader.select(AID)
    assert loader.sw(proof(loader, "UK1DF01", challenge)) == 0x6984


@pytest.mark.parametrize("size", [4, 8, 16])
def test_challenge_sizes(size: int) -> None:
    loader = card(Algorithm.SM4)
    loader.select(AID)
    assert loader.sw(proof(loader, "UK1DF01", loader.challenge(size))) == 0x9000


def test_a_challenge_longer_than_the_block_is_no_reference() -> None:
    loader = card(Algorithm.TDES)
    loader.select(AID)
    loader.challenge(16)
    assert loader.sw(apdu(0, 0x82, 0, 0x83, bytes(16))) == 0x6984
    assert loader.authenticate(0x83, WRONG) == 0x63C2


@pytest.mark.parametrize(
    ("identifier", "expected"), [(0x8F, 0x6A88), (0x80, 0x6A88), (0x93, 0x6A86), (0x02, 0x6A88)]
)
def test_identifiers_that_are_no_key(identifier: int, expected: int) -> None:
    loader = card(Algorithm.TDES)
    loader.select(AID)
    assert loader.authenticate(identifier, WRONG) == expected


def test_a_local_key_is_not_found_in_the_ssse() -> None:
    assert card(Algorithm.TDES).authenticate(0x83, WRONG) == 0x6A88


def test_scope_of_rights() -> None:
    loader = card(Algorithm.TDES)
    rights = loader.chip.session.rights
    loader.prove(0x04, "UKSSSE")
    loader.select(AID)
    loader.prove(0x83, "UK1DF01")
    loader.prove(0x0A, "RKSSSE")  # global, proven inside a DF
    loader.ok("00A4020002EF07")
    loader.select(AID)  # the same DF
    assert rights == {0x04, 0x0A, 0x83}
    loader.select(AID[:-1] + b"\x03")
    assert rights == {0x04, 0x0A}
    loader.select(SSSE)
    assert rights == {0x04, 0x0A}
    loader.ok("00A40000")
    assert rights == set()


def test_a_failure_takes_the_right_of_that_key_away() -> None:
    loader = card(Algorithm.TDES)
    loader.select(AID)
    loader.prove(0x83, "UK1DF01")
    loader.prove(0x84, "UK2DF01")
    loader.authenticate(0x83, WRONG)
    assert loader.chip.session.rights == {0x84}


def test_block_keys_never_lock() -> None:
    loader = card(Algorithm.TDES)
    assert {loader.authenticate(0x05, WRONG) for _ in range(20)} == {0x63CF}
    assert loader.authenticate(0x05, card_key("BK", Algorithm.TDES)) == 0x9000


def test_block_keys_never_lock_even_with_a_try_limit() -> None:
    loader = card(Algorithm.TDES)
    assert loader.authenticate_master() == 0x9000
    value = material(card_key("BK", Algorithm.TDES))
    entry = Entry(Role.CARD_BLOCK, 0x07, value, Algorithm.TDES, limit=3)
    assert loader.write_keys(entry) == 0x9000
    assert {loader.authenticate(0x07, WRONG) for _ in range(5)} == {0x63C3}


@pytest.mark.parametrize("algorithm", VARIANTS)
def test_internal_authentication_in_every_directory_of_the_ssse(algorithm: Algorithm) -> None:
    loader = card(algorithm)
    data = bytes(range(8)) + ORIGINAL
    expected = authentication_data(session_key(card_key("IRK2", algorithm), data[:8]), ORIGINAL)
    for name in (SSSE, AID):
        loader.select(name)
        assert loader.ok(apdu(0, 0x88, 0, 0, data + b"\x02")) == expected
    assert loader.sw(apdu(0, 0x88, 0, 0, data + b"\x07")) == 0x6A88
    loader.ok("00A40000")
    assert loader.sw(apdu(0, 0x88, 0, 0, data)) == 0x6A88
