"""Saved and opened again; wrong secrets; what may be seen of a key."""

import copy
import pickle
import stat
import traceback
from collections.abc import Callable

import pytest

from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import MINISTRY, KeyDefinition, VaultError
from vault.backends.conftest import Case
from vault.support import root_of

DATA = bytes(range(32))


def test_saved_and_opened_again(case: Case) -> None:
    vault = case.vault()
    key = root_of("SECRETKEY", case.algorithm.key_size)
    handle, reference = (
        vault.import_test_key(case.definition("KEPT"), key),
        SoftwareCipher(case.algorithm, key),
    )
    born = vault.generate(case.definition("BORN"))
    expected = {kept: vault.cipher(kept).encrypt(DATA) for kept in (handle, born)}
    vault.save()
    again = case.backend.open(MINISTRY)
    assert again.owner == MINISTRY
    assert again.handles() == vault.handles() == (handle, born)
    for opened in (vault, again):
        for kept, answer in expected.items():
            assert opened.cipher(kept).encrypt(DATA) == answer
    assert again.cipher(handle).encrypt(DATA) == reference.encrypt(DATA)
    if case.algorithm is Algorithm.TDES:
        for left, right in zip(again.cipher(handle).halves(), reference.halves(), strict=True):
            assert left.encrypt(DATA) == right.encrypt(DATA)
    for path in case.backend.files():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for form in (key, key.hex().encode(), key.hex().upper().encode()):
            assert form not in path.read_bytes()


def test_unsaved_keys_are_not_there(case: Case) -> None:
    vault = case.vault()
    kept = vault.generate(case.definition("KEPT"))
    vault.save()
    vault.generate(case.definition("LOST"))
    assert case.backend.open(MINISTRY).handles() == (kept,)


def test_two_who_save_do_not_overwrite_each_other(case: Case) -> None:
    vault = case.vault()
    vault.save()
    other = case.backend.open(MINISTRY)
    first = vault.generate(case.definition("FIRST"))
    vault.save()
    other.generate(case.definition("SECOND"))
    before = {path: path.read_bytes() for path in case.backend.files()}
    with pytest.raises(VaultError, match="changed by another process; open it again"):
        other.save()
    assert {path: path.read_bytes() for path in case.backend.files()} == before
    assert case.backend.open(MINISTRY).handles() == (first,)
    vault.generate(case.definition("THIRD"))
    vault.save()
    assert len(case.backend.open(MINISTRY).handles()) == 2


def test_a_vault_is_not_overwritten(case: Case) -> None:
    vault = case.vault()
    vault.generate(case.definition("UKX"))
    vault.save()
    before = {path: path.read_bytes() for path in case.backend.files()}
    with pytest.raises(VaultError, match="exists already"):
        case.vault()
    assert {path: path.read_bytes() for path in case.backend.files()} == before


def test_a_wrong_secret_is_one_line(case: Case) -> None:
    vault = case.vault()
    vault.generate(case.definition("UKX"))
    vault.save()
    before = {path: path.read_bytes() for path in case.backend.files()}
    secret = "sword" + str(2024 * 2)  # not in the source line that a traceback shows
    with pytest.raises(VaultError, match=case.backend.secret_error) as caught:
        case.backend.open_wrongly(MINISTRY, secret)
    assert "\n" not in str(caught.value)
    assert secret not in "".join(traceback.format_exception(caught.value))
    assert {path: path.read_bytes() for path in case.backend.files()} == before
    assert len(case.backend.open(MINISTRY).handles()) == 1


def test_damaged_files_are_one_line(case: Case) -> None:
    vault = case.vault()
    vault.generate(case.definition("UKX"))
    vault.save()
    (path,) = (found for found in case.backend.files() if not found.name.startswith("."))
    good = path.read_bytes()
    middle = len(good) // 2
    for content in (
        b"",
        b"{}",
        good[:-3],
        good[:middle] + bytes((good[middle] ^ 1,)) + good[middle + 1 :],
        good.replace(b"nation", b"city", 1),
    ):
        if content == good:
            continue
        path.write_bytes(content)
        with pytest.raises(VaultError) as caught:
            case.backend.open(MINISTRY)
        assert "\n" not in str(caught.value)
        assert path.read_bytes() == content
    path.write_bytes(good)
    assert len(case.backend.open(MINISTRY).handles()) == 1
    path.unlink()
    with pytest.raises(VaultError, match="cannot be read"):
        case.backend.open(MINISTRY)


def test_nothing_shows_a_key(case: Case) -> None:
    vault = case.vault()
    size = case.algorithm.key_size
    key = root_of("SECRETKEY", size)
    handle = vault.import_test_key(case.definition("SECRETKEY"), key)
    cipher = vault.cipher(handle)
    derived = vault.cipher(handle, bytes(8))
    shown = [repr(vault), repr(handle), str(handle), repr(cipher), repr(derived), repr(vars(vault))]
    for secret in (vault, cipher, derived):
        for leak in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                leak(secret)
    attempts: list[Callable[[], object]] = [
        lambda: vault.import_test_key(case.definition("SECRETKEY"), key),
        lambda: vault.import_test_key(KeyDefinition("B", "update", case.algorithm), key + key),
        lambda: vault.generate_from_components(case.definition("C"), [key, key]),
    ]
    for attempt in attempts:
        with pytest.raises(VaultError) as caught:
            attempt()
        shown.append("".join(traceback.format_exception(caught.value)))
    for text in shown:
        for form in (key.hex(), key.hex().upper(), repr(key), "SECRETKE\\xa5", "SECRETKEY\\xa5"):
            assert form not in text
