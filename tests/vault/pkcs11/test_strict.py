"""Strict mode: keys are derived and wrapped inside; what a token cannot do is refused, not done otherwise."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.formulas import diversification_input
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.model import KeyDefinition, Mode, VaultError
from shebaoka.vault.pkcs11.codes import CKA, CKK, CKO
from shebaoka.vault.pkcs11.library import Library
from shebaoka.vault.pkcs11.modes import Modes
from shebaoka.vault.pkcs11.table import read_table
from shebaoka.vault.pkcs11.token import Token
from shebaoka.vault.pkcs11.vault import TokenVault
from shebaoka.vault.software import SoftwareVault
from vault.backends.benches import Libraries
from vault.pkcs11 import softhsm
from vault.support import CITY, PROVINCE, root_of

STUB = Path(__file__).parent / "stub"
FACTORS = np.random.default_rng(3).integers(0, 256, (5, 8), dtype=np.uint8)


@pytest.fixture
def strict(libraries: Libraries) -> Iterator[TokenVault]:
    """A city's vault in the vendor token, all strict."""
    token = Token(libraries.vendor(), "vendor", softhsm.PIN)
    table = read_table("vendor.toml", STUB)
    yield TokenVault.create(token, table, CITY, None, Modes.all(Mode.STRICT))
    token.close()


@pytest.fixture
def soft(libraries: Libraries) -> Iterator[TokenVault]:
    """A city's vault in SoftHSM, all strict."""
    token = Token(libraries.softhsm(), "suite", softhsm.PIN)
    yield TokenVault.create(token, read_table("softhsm"), CITY, None, Modes.all(Mode.STRICT))
    token.close()


def key(vault: TokenVault, name: str, algorithm: Algorithm = Algorithm.TDES) -> Any:
    return vault.import_test_key(KeyDefinition(name, "update", algorithm), root_of(name, algorithm.key_size))


@pytest.mark.parametrize("algorithm", [Algorithm.TDES, Algorithm.DES, Algorithm.SM4])
def test_no_key_is_encrypted_into_this_process(
    strict: TokenVault, algorithm: Algorithm, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, master = key(strict, "ROOT", algorithm), strict.cipher(key(strict, "MASTER", algorithm))
    calls: list[str] = []
    plain = Library.call

    def watched(self: Library, name: str, *arguments: Any) -> None:
        calls.append(name)
        plain(self, name, *arguments)

    monkeypatch.setattr(Library, "call", watched)
    strict.card_key_blocks([root], FACTORS, master)
    strict.wrap_for_chip(root, [FACTORS[0].tobytes()], master)
    assert calls == ["C_DeriveKey", "C_WrapKey", "C_DestroyObject"] * 6


def test_keys_for_a_personalization_machine(soft: TokenVault) -> None:
    shared = bytes(range(32))
    token = soft._maker.token
    token.create(
        {
            CKA.CLASS: CKO.SECRET_KEY,
            CKA.KEY_TYPE: CKK.AES,
            CKA.TOKEN: False,
            CKA.LABEL: b"machine 7",
            CKA.SENSITIVE: True,
            CKA.EXTRACTABLE: False,
            CKA.WRAP: True,
            CKA.VALUE: shared,
        }
    )
    handles = [key(soft, "UK1DF01"), key(soft, "STK", Algorithm.DES)]
    blocks = soft.machine_key_blocks(handles, FACTORS, "machine 7")
    assert blocks.shape == (5, 2, 32)
    for row, factor in enumerate(FACTORS):
        for column, (name, algorithm) in enumerate((("UK1DF01", Algorithm.TDES), ("STK", Algorithm.DES))):
            found = aes_key_unwrap(shared, blocks[row, column].tobytes())
            root = SoftwareCipher(algorithm, root_of(name, algorithm.key_size))
            expected = root.encrypt(diversification_input(factor.tobytes(), algorithm))
            whole = expected + expected[:8] if algorithm is Algorithm.TDES else expected * 3
            assert [byte & 0xFE for byte in found] == [byte & 0xFE for byte in whole]  # parity is the token's
    with pytest.raises(VaultError, match="AES key machine 8 of the personalization machine: 0 such objects"):
        soft.machine_key_blocks(handles, FACTORS, "machine 8")


def test_sm4_keys_for_a_machine_do_not_mix(strict: TokenVault) -> None:
    with pytest.raises(VaultError, match=r"in blocks of their own|0 such objects"):
        strict.machine_key_blocks([key(strict, "A"), key(strict, "B", Algorithm.SM4)], FACTORS, "machine 9")


def test_what_a_token_cannot_do_strictly_is_refused(soft: TokenVault) -> None:
    root, master = key(soft, "ROOT"), soft.cipher(key(soft, "MASTER"))
    before = soft.handles()
    with pytest.raises(VaultError, match=r'wraps no keys in ECB under 3DES; set cards = "batch"'):
        soft.card_key_blocks([root], FACTORS, master)
    with pytest.raises(VaultError, match="the chip's master key is not a key of this vault"):
        soft.wrap_for_chip(root, [bytes(8)], SoftwareCipher(Algorithm.TDES, bytes(range(16))))
    vault = TokenVault(soft._maker, CITY, None, Modes(psam=Mode.STRICT))
    handle = key(vault, "K")
    with pytest.raises(VaultError, match=r'set psam = "batch"'):
        vault.psam_loading(handle, 0x27, 0x24, master=master, challenge=bytes(4), header=b"\x84\xd4\x00\x11")
    with pytest.raises(VaultError, match=r'ciphers = "batch"'):
        soft.cipher(root, bytes(8)).fold()
    assert soft.handles() == before


def test_strict_hands_over_to_tokens_only(libraries: Libraries) -> None:
    token = Token(libraries.softhsm(), "suite", softhsm.PIN)
    province = TokenVault.create(token, read_table("softhsm"), PROVINCE, None, Modes.all(Mode.STRICT))
    handle = province.generate(KeyDefinition("UKX", "update", Algorithm.TDES, scope=Scope.PROVINCE))
    city = SoftwareVault.create(None, "", CITY)
    with pytest.raises(VaultError, match="from token to token only: let 示例甲市"):
        province.hand_over([handle], CITY, bytes(8), city.reception())
    assert city.handles() == ()
    token.close()


def test_a_key_that_may_not_leave_does_not(strict: TokenVault, soft: TokenVault) -> None:
    for vault, algorithm in ((strict, Algorithm.SM4), (strict, Algorithm.TDES), (soft, Algorithm.TDES)):
        batch = TokenVault(vault._maker, CITY, None, Modes())
        stays = batch.generate(KeyDefinition("STAYS", "update", algorithm, exportable=False))
        master = SoftwareCipher(algorithm, bytes(range(16)))
        with pytest.raises(VaultError, match="CKR_KEY_UNEXTRACTABLE; the key never leaves the token"):
            batch.wrap_for_chip(stays, [], master)
        with pytest.raises(VaultError, match="CKR_KEY_UNEXTRACTABLE; the key never leaves the token"):
            batch.psam_loading(
                stays, 0x27, 0x24, master=master, challenge=bytes(4), header=b"\x84\xd4\x00\x11"
            )
