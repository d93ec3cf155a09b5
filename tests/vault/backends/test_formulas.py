"""What a key in a vault computes: known answers, and the same as the formulas in software."""

import numpy as np
import pytest

from crypto.known_answers import (
    ANSWERS,
    AUTHENTICATION,
    CHALLENGE,
    F1,
    F2,
    F3,
    INTERNAL_FACTOR,
    LOAD_AMOUNT,
    LOAD_RANDOM,
    LOAD_TIME,
    LOADING_CHALLENGE,
    ORIGINAL,
    PURCHASE_AMOUNTS,
    PURCHASE_RANDOM,
    PURCHASE_SEQUENCE,
    PURCHASE_TIME,
    SM_CHALLENGE,
    TERMINAL,
)
from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.crypto.formulas import (
    authentication_data,
    diversify,
    encrypt_data,
    mac,
    mac_command,
    session_key,
)
from shebaoka.crypto.medical import (
    load_mac1,
    load_mac2,
    load_session,
    load_tac,
    purchase_mac1,
    purchase_mac2,
    purchase_session,
    purchase_tac,
)
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Vault, VaultError
from vault.backends.conftest import Case, only

STEPS = (F1, F2, F3)
DATA = bytes(range(48))


whole = only(Algorithm.TDES, Algorithm.SM4)
"""Keys of 16 bytes, which most known answers are of."""
single = only(Algorithm.DES, Algorithm.SM4)
"""Keys that have 8 bytes in the 3DES set."""


def test_a_key_computes_as_in_software(case: Case) -> None:
    vault = case.vault()
    handle, reference = case.known(vault, "UK1DF01")
    cipher = vault.cipher(handle)
    assert cipher.algorithm is case.algorithm
    assert cipher.encrypt(DATA) == reference.encrypt(DATA)
    assert cipher.decrypt(DATA) == reference.decrypt(DATA)
    assert cipher.encrypt(DATA * 5000) == reference.encrypt(DATA * 5000)
    assert cipher.encrypt(b"") == b""
    for compute in (cipher.encrypt, cipher.decrypt):
        with pytest.raises(ValueError, match=r"not whole blocks|not a multiple of the block length"):
            compute(DATA[:7])


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_diversification(case: Case, steps: int) -> None:
    vault = case.vault()
    handle, reference = case.known(vault, "UK1DF01")
    cipher: BlockCipher = reference
    for factor in STEPS[:steps]:
        cipher = diversify(cipher, factor)
    own = vault.cipher(handle, *STEPS[:steps])
    assert own.encrypt(DATA) == cipher.encrypt(DATA)
    assert own.decrypt(DATA) == cipher.decrypt(DATA)
    for factor in (CHALLENGE, CHALLENGE[:4]):
        left, right = session_key(own, factor), session_key(cipher, factor)
        assert left.algorithm is right.algorithm
        assert left.encrypt(DATA) == right.encrypt(DATA)
        assert mac(left, DATA[:13]) == mac(right, DATA[:13])
    with pytest.raises(ValueError, match="a diversification factor has 8 bytes, not 7"):
        vault.cipher(handle, *STEPS[:steps], bytes(7))


def test_halves(case: Case) -> None:
    vault = case.vault()
    handle, reference = case.known(vault, "UK1DF01")
    if case.algorithm is not Algorithm.TDES:
        for split in (vault.cipher(handle).halves, vault.cipher(handle).fold):
            with pytest.raises(ValueError, match="halves"):
                split()
        return
    born = vault.generate(case.definition("BORN"))
    for handle_, own, other in (
        (handle, vault.cipher(handle), reference),
        (handle, vault.cipher(handle, F1), diversify(reference, F1)),
    ):
        for left, right in zip(own.halves(), other.halves(), strict=True):
            assert left.algorithm is Algorithm.DES
            assert left.encrypt(DATA) == right.encrypt(DATA), handle_
    left, right = vault.cipher(born).halves()
    block = bytes(8)
    assert vault.cipher(born).encrypt(block) == left.encrypt(right.decrypt(left.encrypt(block)))
    if case.backend.folds:
        assert vault.cipher(handle, F1).fold().encrypt(DATA) == diversify(reference, F1).fold().encrypt(DATA)
    else:
        with pytest.raises(VaultError, match='with ciphers = "batch"'):
            vault.cipher(handle, F1).fold()


@whole
@pytest.mark.parametrize("name", ["UK1DF01", "PUK", "BK"])
def test_authentication_data(case: Case, name: str) -> None:
    vault = case.vault()
    card_key = vault.cipher(case.known(vault, name)[0], *STEPS)
    proof = authentication_data(session_key(card_key, CHALLENGE), ORIGINAL)
    assert proof == AUTHENTICATION[name].of(case.algorithm)


@whole
def test_internal_authentication(case: Case) -> None:
    vault = case.vault()
    session = session_key(vault.cipher(case.known(vault, "IRK")[0], *STEPS), INTERNAL_FACTOR)
    assert authentication_data(session, ORIGINAL) == ANSWERS["INTERNAL AUTH"].of(case.algorithm)


@single
def test_secure_messaging(case: Case) -> None:
    vault = case.vault()
    session = session_key(vault.cipher(case.known(vault, "STK")[0], *STEPS), SM_CHALLENGE)
    assert mac_command(session, bytes.fromhex("84160000")) == ANSWERS["CARD BLOCK"].of(case.suite)
    data = encrypt_data(session, bytes.fromhex("654321"))
    command = mac_command(session, bytes.fromhex("84240001"), data)
    assert command == ANSWERS["PIN reload to 654321"].of(case.suite)


@whole
def test_medical_transactions(case: Case) -> None:
    vault = case.vault()
    dlk, dpk, dtk = (vault.cipher(case.known(vault, name)[0], *STEPS) for name in ("DLK", "DPK", "DTK"))
    loading = load_session(dlk, LOAD_RANDOM, 1)
    found = {
        "load MAC1": load_mac1(loading, 0, LOAD_AMOUNT, 0x31, TERMINAL),
        "load MAC2": load_mac2(loading, LOAD_AMOUNT, 0x31, TERMINAL, LOAD_TIME),
    }
    buying = purchase_session(dpk, PURCHASE_RANDOM, 1, PURCHASE_SEQUENCE)
    found["purchase MAC1"] = purchase_mac1(buying, PURCHASE_AMOUNTS, 0x32, TERMINAL, PURCHASE_TIME)
    found["purchase MAC2"] = purchase_mac2(buying, PURCHASE_AMOUNTS)
    if case.backend.folds or case.algorithm is Algorithm.SM4:
        found["load TAC with balance after"] = load_tac(
            dtk, LOAD_AMOUNT, 1, LOAD_AMOUNT, 0x31, TERMINAL, LOAD_TIME
        )
        found["purchase TAC"] = purchase_tac(
            dtk, PURCHASE_AMOUNTS, 0x32, TERMINAL, PURCHASE_SEQUENCE, PURCHASE_TIME
        )
    assert found == {name: ANSWERS[name].of(case.algorithm) for name in found}


def masters(case: Case, vault: Vault) -> list[tuple[BlockCipher, SoftwareCipher]]:
    """Master keys that wrap: one of the vault and, unless keys stay inside, one in software."""
    key = bytes(range(0x40, 0x50))
    inside = vault.import_test_key(case.definition("MASTER"), key[: case.algorithm.key_size])
    reference = SoftwareCipher(case.algorithm, key[: case.algorithm.key_size])
    outside = SoftwareCipher(case.suite, key)
    found: list[tuple[BlockCipher, SoftwareCipher]] = [(vault.cipher(inside), reference)]
    return found if case.strict else [*found, (outside, outside)]


def plain(reference: BlockCipher, factors: tuple[bytes, ...], algorithm: Algorithm, key: bytes) -> bytes:
    """The 16-byte block of the diversified key in the clear."""
    for factor in factors:
        inverse = bytes(byte ^ 0xFF for byte in factor)
        key = reference.encrypt(factor if algorithm is Algorithm.DES else factor + inverse)
        reference = SoftwareCipher(algorithm, key)
    return key if len(key) == 16 else key + key


def test_wrapped_keys_are_the_keys(case: Case) -> None:
    vault = case.vault()
    handle, reference = case.known(vault, "UK1DF01")
    root = b"UK1DF01".ljust(16, b"\xa5")[: case.algorithm.key_size]
    for master, same in masters(case, vault):
        for factors in ((), STEPS[:1], STEPS[:2], STEPS):
            block = vault.wrap_for_chip(handle, factors, master)
            assert len(block) == 16
            assert case.same(same.decrypt(block), plain(reference, factors, case.algorithm, root))
        with pytest.raises(VaultError, match="a diversification factor has 8 bytes, not 9"):
            vault.wrap_for_chip(handle, [bytes(9)], master)


def test_bulk_blocks_equal_single_ones(case: Case) -> None:
    vault = case.vault()
    handles = [case.known(vault, name)[0] for name in ("UK1DF01", "BK", "PUK")]
    factors = np.random.default_rng(7).integers(0, 256, (9, 8), dtype=np.uint8)
    for master, _ in masters(case, vault):
        blocks = vault.card_key_blocks(handles, factors, master)
        assert blocks.shape == (9, 3, 16)
        for row, factor in enumerate(factors):
            for column, handle in enumerate(handles):
                block = vault.wrap_for_chip(handle, [factor.tobytes()], master)
                assert blocks[row, column].tobytes() == block
        with pytest.raises(VaultError, match="N x 8 bytes"):
            vault.card_key_blocks(handles, np.zeros((9, 7), np.uint8), master)
        break


@whole
def test_psam_loading(case: Case) -> None:
    vault = case.vault()
    master, key = (case.known(vault, name)[0] for name in ("ADF-MK", "UK3DF01"))
    for name, mode in (("CREATE", 0), ("CHANGE", 1)):
        header = bytes((0x84, 0xD4, mode, 0x11))
        command = vault.psam_loading(
            key, 0x27, 0x24, master=vault.cipher(master), challenge=LOADING_CHALLENGE, header=header
        )
        assert command == ANSWERS[f"PSAM {name} KEY"].of(case.algorithm)
    with pytest.raises(VaultError, match="CREATE KEY or CHANGE KEY only"):
        vault.psam_loading(
            key, 0x27, 0x24, master=vault.cipher(master), challenge=LOADING_CHALLENGE, header=bytes(4)
        )
