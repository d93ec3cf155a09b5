"""Saving is all or nothing: with a full token, and when the process dies at any step."""

import subprocess
import sys
from pathlib import Path

import pytest

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import KeyDefinition, VaultError
from shebaoka.vault.pkcs11.codes import CKA
from shebaoka.vault.pkcs11.library import Attributes, TokenError
from shebaoka.vault.pkcs11.table import read_table
from shebaoka.vault.pkcs11.token import Token
from shebaoka.vault.pkcs11.vault import TokenVault
from vault.backends.benches import Libraries
from vault.pkcs11 import saving, softhsm
from vault.support import CITY

STEPS = 9


def create(libraries: Libraries, path: Path) -> TokenVault:
    token = Token(libraries.softhsm(), "full", softhsm.PIN)
    vault = TokenVault.create(token, read_table("softhsm"), CITY, path)
    vault.generate(KeyDefinition("OLD", "update", Algorithm.TDES))
    vault.save()
    return vault


def reopened(libraries: Libraries, path: Path) -> TokenVault:
    return TokenVault.open(Token(libraries.softhsm(), "full", softhsm.PIN), read_table("softhsm"), path)


def lasting(vault: TokenVault) -> int:
    return len(vault._maker.token.find({CKA.TOKEN: True}))


def test_killed_at_every_step(tmp_path: Path, libraries: Libraries) -> None:
    registers = [tmp_path / f"{step}.register" for step in range(STEPS)]
    vaults = [create(libraries, path) for path in registers]
    before = lasting(vaults[0])
    codes = [  # one after the other: SoftHSM refuses calls when many processes write to one token
        subprocess.run(
            [sys.executable, saving.__file__, libraries.softhsm(), "full", softhsm.PIN, str(path), str(step)],
            check=False,
        ).returncode
        for step, path in enumerate(registers)
    ]
    assert codes == sorted(codes, reverse=True), "dies, then comes to the end"
    assert set(codes) == {saving.DIED, 0}, "the steps are all counted"
    outcomes = []
    for path in registers:
        vault = reopened(libraries, path)
        names = [handle.name for handle in vault.handles()]
        outcomes.append("NEW" in names)
        assert names == (["OLD", "NEW"] if outcomes[-1] else ["OLD"])
        for handle in vault.handles():
            assert vault.cipher(handle).encrypt(bytes(8))[:3].hex().upper() == handle.kcv
            vault.cipher(handle).halves()
    assert outcomes == sorted(outcomes)  # not done, then done
    assert set(outcomes) == {False, True}
    assert lasting(vaults[0]) == before + 3 * sum(outcomes)  # nothing half made is left in the token


def test_a_token_that_fills_up(tmp_path: Path, libraries: Libraries, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "register"
    vault = create(libraries, path)
    before, content = lasting(vault), path.read_bytes()
    handle = vault.generate(KeyDefinition("NEW", "update", Algorithm.TDES))
    plain, room = Token.copy, [2]

    def full(self: Token, object_: int, attributes: Attributes) -> int:
        room[0] -= 1
        if room[0] < 0:
            raise TokenError("C_CopyObject", 0x31)
        return plain(self, object_, attributes)

    with monkeypatch.context() as patch:
        patch.setattr(Token, "copy", full)
        with pytest.raises(VaultError, match="CKR_DEVICE_MEMORY; the token is full"):
            vault.save()
    assert lasting(vault) == before
    assert path.read_bytes() == content
    assert [found.name for found in reopened(libraries, path).handles()] == ["OLD"]
    vault.save()
    assert [found.name for found in reopened(libraries, path).handles()] == ["OLD", "NEW"]
    assert vault.cipher(handle).encrypt(bytes(8))[:3].hex().upper() == handle.kcv


def test_another_token_and_a_lost_object(tmp_path: Path, libraries: Libraries) -> None:
    path = tmp_path / "register"
    vault = create(libraries, path)
    other = Token(libraries.softhsm(), "other", softhsm.PIN)
    with pytest.raises(VaultError, match="belongs to token full, not to other"):
        TokenVault.open(other, read_table("softhsm"), path)
    text = path.read_text("utf-8")
    path.write_text(text.replace('"token":"full"', '"token":"other"'), "utf-8")
    with pytest.raises(VaultError, match="register key: 0 such objects"):
        TokenVault.open(other, read_table("softhsm"), path)
    path.write_text(text.replace('"exportable":true', '"exportable":false'), "utf-8")
    with pytest.raises(VaultError, match="was changed by hand or damaged"):
        reopened(libraries, path)
    path.write_text(text, "utf-8")
    token = vault._maker.token
    token.destroy(*token.find({CKA.LABEL: b"OLD", CKA.TOKEN: True}))
    with pytest.raises(VaultError, match="key 980100:OLD:1:3DES: 0 such objects are in the token"):
        reopened(libraries, path)
