"""Token, library and mechanism table: logins, processes, threads, what objects look like from outside."""

import gc
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from shebaoka.crypto.ciphers import SoftwareCipher, UnsupportedAlgorithmError
from shebaoka.crypto.formulas import diversify, mac, session_key
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import KeyDefinition, Mode, VaultError
from shebaoka.vault.pkcs11.codes import CKA, CKO
from shebaoka.vault.pkcs11.table import Table, read_table
from shebaoka.vault.pkcs11.token import Token
from shebaoka.vault.pkcs11.vault import TokenVault
from vault.backends.benches import Libraries
from vault.pkcs11 import looking, softhsm
from vault.support import CITY, root_of

STUB = Path(__file__).parent / "stub"


def opened(libraries: Libraries, label: str = "suite") -> TokenVault:
    token = Token(libraries.softhsm(), label, softhsm.PIN)
    return TokenVault.create(token, read_table("softhsm"), CITY, None)


def test_the_pin_is_checked_every_time(libraries: Libraries) -> None:
    library = libraries.softhsm()
    with pytest.raises(VaultError, match=r"token pins: wrong PIN \(CKR_PIN_INCORRECT\); the token counts"):
        Token(library, "pins", "0000")
    first = Token(library, "pins", softhsm.PIN)
    for wrong in ("0000", "", softhsm.PIN + "1"):
        with pytest.raises(VaultError, match="token pins: wrong PIN"):
            Token(library, "pins", wrong)
    second = Token(library, "pins", softhsm.PIN)
    first.close()
    assert len(second.random(16)) == 16
    second.close()


def test_missing_libraries_and_tokens_are_one_line(tmp_path: Path, libraries: Libraries) -> None:
    text = tmp_path / "text.so"
    text.write_text("no library")
    for path, message in (
        (str(tmp_path / "no.so"), "cannot be loaded as a PKCS#11 library"),
        (str(text), "cannot be loaded as a PKCS#11 library"),
        ("libc.so.6", "cannot be loaded as a PKCS#11 library"),
        (libraries.softhsm(), "no token is labelled nobody; labels present: full, other, pins, suite"),
    ):
        with pytest.raises(VaultError, match=message) as caught:
            Token(path, "nobody", softhsm.PIN)
        assert "\n" not in str(caught.value)


def test_a_token_without_the_algorithm_refuses_it(libraries: Libraries) -> None:
    token = Token(libraries.softhsm(), "suite", softhsm.PIN)
    vault = TokenVault.create(token, read_table("vendor.toml", STUB), CITY, None)
    assert vault.algorithms == {Algorithm.TDES, Algorithm.DES}
    assert vault.modes == {Mode.BATCH, Mode.STRICT}
    with pytest.raises(UnsupportedAlgorithmError, match="token suite does not compute SM4"):
        vault.generate(KeyDefinition("UKX", "update", Algorithm.SM4))
    token.close()


def test_objects_seen_by_another_library(tmp_path: Path, libraries: Libraries) -> None:
    token = Token(libraries.softhsm(), "other", softhsm.PIN)
    vault = TokenVault.create(token, read_table("softhsm"), CITY, tmp_path / "register")
    vault.generate(KeyDefinition("LEAVES", "update", Algorithm.TDES))
    vault.generate(KeyDefinition("STAYS", "update", Algorithm.TDES, exportable=False))
    vault.save()
    done = subprocess.run(
        [sys.executable, looking.__file__, libraries.softhsm(), "other", softhsm.PIN],
        capture_output=True,
        text=True,
        check=True,
    )
    objects = json.loads(done.stdout)
    names = {name + use for name in ("LEAVES", "STAYS") for use in ("", " left", " right")}
    assert set(objects) == names | {"shebaoka register"}
    for label, found in objects.items():
        leaves = label.startswith("LEAVES")
        assert found == {
            "SENSITIVE": True,
            "PRIVATE": True,
            "ALWAYS_SENSITIVE": True,
            "EXTRACTABLE": leaves,
            "NEVER_EXTRACTABLE": not leaves,
            "VALUE": "AttributeSensitive",
        }
    token.close()


def test_derived_keys_are_destroyed_after_use(libraries: Libraries) -> None:
    vault = opened(libraries)
    token = vault._maker.token
    handle = vault.import_test_key(KeyDefinition("ROOT", "update", Algorithm.TDES), root_of("ROOT", 16))

    def objects() -> int:
        token.random(1)  # the next call removes what is unused
        return len(token.find({CKA.CLASS: CKO.SECRET_KEY, CKA.TOKEN: False}))

    before = objects()
    for _ in range(20):
        mac(session_key(vault.cipher(handle, bytes(8), bytes(8)), bytes(8)), b"message")
        vault.cipher(handle, bytes(8)).fold()
        vault.cipher(handle, bytes(8)).halves()
    gc.collect()
    assert objects() == before
    vault.close()


def test_threads_share_a_vault(libraries: Libraries) -> None:
    vault = opened(libraries)
    key = root_of("ROOT", 16)
    handle = vault.import_test_key(KeyDefinition("ROOT", "update", Algorithm.TDES), key)
    root = SoftwareCipher(Algorithm.TDES, key)
    wrong: list[int] = []

    def work(number: int) -> None:
        for round_ in range(30):
            factor = bytes((number, round_)) * 4
            data = bytes((number,)) * 64
            if vault.cipher(handle, factor).encrypt(data) != diversify(root, factor).encrypt(data):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    vault.close()


def test_a_forked_process_opens_the_vault_itself(libraries: Libraries) -> None:
    vault = opened(libraries)
    handle = vault.generate(KeyDefinition("UKX", "update", Algorithm.TDES))
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            vault.cipher(handle).encrypt(bytes(8))
        except VaultError as error:
            os.write(write, str(error).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read, "rb") as pipe:
        assert b"this process was forked; open the vault again in it" in pipe.read()
    assert len(vault.cipher(handle).encrypt(bytes(8))) == 8
    vault.close()


def test_tables(tmp_path: Path) -> None:
    standard = read_table("standard")
    assert standard.tdes is not None
    assert (standard.tdes.ecb, standard.tdes.derive) == (0x132, 0x1102)
    assert standard.strict
    assert standard.lacking(frozenset({0x131, 0x132, 0x1102, 0, 9})) == ["aes wrap (0x2109)"]
    assert not standard.limited(frozenset({0x132})).strict
    assert standard.limited(frozenset()).algorithms == set()
    for name in ("softhsm", "vendor-40", "vendor-a000"):
        assert isinstance(read_table(name), Table)
    with pytest.raises(VaultError, match=r"table nobody: .*shipped tables: softhsm, standard, vendor"):
        read_table("nobody")
    own = tmp_path / "own.toml"
    own.write_text('name = "own"\n[sm4]\nkey_type = 1\n')
    with pytest.raises(VaultError, match=r"own\.toml: Object missing required field `ecb` - at `\$.sm4`"):
        read_table("own.toml", tmp_path)
    own.write_text('name = "own"\n[sm4]\nkey_type = 0x80000005\necb = 0x80000029\n')
    assert read_table("own.toml", tmp_path).algorithms == {Algorithm.SM4}
