import copy
import pickle
import stat
import traceback
from pathlib import Path

import numpy as np
import pytest

from shebaoka.crypto.ciphers import SoftwareCipher, UnsupportedAlgorithmError
from shebaoka.crypto.formulas import diversify
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.cipher import check_value
from shebaoka.vault.model import KeyDefinition, VaultError
from shebaoka.vault.software import SoftwareVault
from vault.support import CITY, hierarchy, root_of

KEY = root_of("SECRETKEY", 16)
DEFINITION = KeyDefinition("SECRETKEY", "update", Algorithm.TDES)
WORK = 4  # a cheap scrypt, tests only


def made(path: Path) -> SoftwareVault:
    vault = SoftwareVault.create(path, "open sesame", CITY, work=WORK)
    vault.import_test_key(DEFINITION, KEY)
    vault.generate(KeyDefinition("UKLOCAL", "update", Algorithm.SM4))
    vault.save()
    return vault


def test_save_and_open(tmp_path: Path) -> None:
    path = tmp_path / "city.vault"
    vault = made(path)
    again = SoftwareVault.open(path, "open sesame")
    assert again.handles() == vault.handles()
    assert again.owner == CITY
    for handle in vault.handles():
        block = bytes(handle.algorithm.block_size)
        assert again.cipher(handle).encrypt(block) == vault.cipher(handle).encrypt(block)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
    assert KEY not in path.read_bytes()
    assert KEY.hex().encode() not in path.read_bytes()


def test_wrong_passphrase_and_damage_give_one_line(tmp_path: Path) -> None:
    path = tmp_path / "city.vault"
    made(path)
    good = path.read_bytes()
    with pytest.raises(VaultError, match=r"city\.vault: wrong passphrase, or the file is damaged") as caught:
        SoftwareVault.open(path, "other")
    assert "\n" not in str(caught.value)
    assert "other" not in str(caught.value)
    head, body = good.split(b"\n", 1)
    broken = {
        "empty": b"",
        "magic": b"PK\x03\x04" + good,
        "parameters": head[:-1] + b"\n" + body,
        "work": head.replace(b"scrypt 4 ", b"scrypt 31 ") + b"\n" + body,
        "other work": head.replace(b"scrypt 4 ", b"scrypt 5 ") + b"\n" + body,
        "version": head.replace(b"VAULT 1 ", b"VAULT 2 ") + b"\n" + body,
        "short": good[:-1],
        "flipped": good[:-1] + bytes((good[-1] ^ 1,)),
        "no body": head + b"\n",
    }
    for content in broken.values():
        path.write_bytes(content)
        with pytest.raises(VaultError, match=r"city\.vault: "):
            SoftwareVault.open(path, "open sesame")
        assert path.read_bytes() == content
    with pytest.raises(VaultError, match="cannot be read"):
        SoftwareVault.open(tmp_path / "absent", "x")


def test_a_vault_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "city.vault"
    made(path)
    before = path.read_bytes()
    with pytest.raises(VaultError, match="exists already"):
        SoftwareVault.create(path, "x", CITY, work=WORK)
    with pytest.raises(VaultError, match="needs a passphrase"):
        SoftwareVault.create(tmp_path / "new", "", CITY, work=WORK)
    assert path.read_bytes() == before
    assert not (tmp_path / "new").exists()


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "city.vault"
    vault = made(path)
    before = path.read_bytes()
    vault.generate(KeyDefinition("ANOTHER", "update", Algorithm.TDES))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(VaultError, match="cannot be written: No space left"):
        vault.save()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_shows_a_key() -> None:
    vault = SoftwareVault.create(None, "", CITY)
    handle = vault.import_test_key(DEFINITION, KEY)
    cipher = vault.cipher(handle)
    shown = [repr(vault), repr(handle), str(handle), repr(cipher), repr(cipher.halves()), repr(vars(vault))]
    for secret in (vault, cipher, cipher.fold(), cipher.derive(bytes(16), Algorithm.TDES)):
        for leak in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                leak(secret)
    with pytest.raises(VaultError) as caught:
        vault.import_test_key(DEFINITION, KEY)
    shown.append("".join(traceback.format_exception(caught.value)))
    with pytest.raises(VaultError, match="16 bytes, not 8") as caught:
        vault.import_test_key(KeyDefinition("B", "update", Algorithm.TDES), KEY[:8])
    shown.append("".join(traceback.format_exception(caught.value)))
    for text in shown:
        for form in (KEY.hex(), KEY.hex().upper(), repr(KEY), "SECRETKEY\\xa5"):
            assert form not in text
    assert handle.kcv == check_value(Algorithm.TDES, KEY)
    assert handle.test_only


def test_cipher_diversifies_and_computes_like_software() -> None:
    vault = SoftwareVault.create(None, "", CITY)
    handle = vault.import_test_key(DEFINITION, KEY)
    factor = bytes(range(8))
    own, reference = vault.cipher(handle, factor), diversify(SoftwareCipher(Algorithm.TDES, KEY), factor)
    data = bytes(range(32))
    assert own.algorithm is Algorithm.TDES
    assert own.encrypt(data) == reference.encrypt(data)
    assert own.decrypt(data) == reference.decrypt(data)
    assert own.fold().encrypt(data) == reference.fold().encrypt(data)
    assert [half.encrypt(data) for half in own.halves()] == [
        half.encrypt(data) for half in reference.halves()
    ]


def test_a_handle_of_another_vault_is_refused() -> None:
    handle = SoftwareVault.create(None, "", CITY).generate(DEFINITION)
    other = SoftwareVault.create(None, "", CITY)
    other.generate(DEFINITION)
    for vault in (other, SoftwareVault.create(None, "", CITY)):
        with pytest.raises(VaultError, match="is not in the vault"):
            vault.cipher(handle)


def test_duplicates_and_unpublished_algorithms_are_refused() -> None:
    vault = SoftwareVault.create(None, "", CITY)
    vault.generate(DEFINITION)
    same_set = KeyDefinition("SECRETKEY", "update", Algorithm.DES)
    for definition in (DEFINITION, same_set):
        with pytest.raises(VaultError, match="exists already"):
            vault.generate(definition)
    with pytest.raises(UnsupportedAlgorithmError, match="SSF33 is not published"):
        vault.generate(KeyDefinition("X", "update", Algorithm.SSF33))
    assert len(vault.handles()) == 1


@pytest.mark.parametrize("suite", [Algorithm.TDES, Algorithm.SM4])
def test_bulk_blocks_equal_single_ones(suite: Algorithm) -> None:
    vault = hierarchy(suite).city
    handles = [vault.find(name, 1, suite) for name in ("STK", "UK3DF01", "SSSE-MK")]
    factors = np.arange(40, dtype=np.uint8).reshape(5, 8)
    for master in (SoftwareCipher(suite, bytes(range(16))), SoftwareCipher(Algorithm.SM4, KEY)):
        blocks = vault.card_key_blocks(handles, factors, master)
        assert blocks.shape == (5, 3, 16)
        for row, factor in enumerate(factors):
            for column, handle in enumerate(handles):
                single = vault.wrap_for_chip(handle, [factor.tobytes()], master)
                assert blocks[row, column].tobytes() == single
    with pytest.raises(VaultError, match="N x 8 bytes"):
        vault.card_key_blocks(handles, np.zeros((5, 7), np.uint8), SoftwareCipher(Algorithm.SM4, KEY))


def test_two_who_save_do_not_overwrite_each_other(tmp_path: Path) -> None:
    path = tmp_path / "city.vault"
    made(path)
    first, second = (SoftwareVault.open(path, "open sesame") for _ in range(2))
    first.generate(KeyDefinition("FIRST", "update", Algorithm.SM4))
    first.save()
    content = path.read_bytes()
    second.generate(KeyDefinition("SECOND", "update", Algorithm.SM4))
    with pytest.raises(VaultError, match="changed by another process; open it again"):
        second.save()
    assert path.read_bytes() == content
    first.generate(KeyDefinition("THIRD", "update", Algorithm.SM4))
    first.save()
    assert len(SoftwareVault.open(path, "open sesame").handles()) == 4
