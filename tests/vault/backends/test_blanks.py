"""Transport keys of blanks in every back end: from the maker's components, computing, never leaving."""

import numpy as np
import pytest

from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.formulas import diversify
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.blanks import NAMES, Blank, blank_cipher, blank_key, bring_in
from shebaoka.vault.model import KeyNotFoundError, VaultError
from vault.backends.conftest import Case, only
from vault.support import CITY

PARTS = [
    bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"),
    bytes.fromhex("5A1F00C3D2E4B596877869A5B4C3D2E1"),
]
KEY = bytes(a ^ b for a, b in zip(*PARTS, strict=True))
BOTH = (Algorithm.TDES, Algorithm.SM4)


@only(*BOTH)
def test_it_comes_in_and_wraps_card_keys(case: Case) -> None:
    vault = case.vault(CITY)
    (handle,) = bring_in(vault, Blank.CARD, [case.suite], PARTS)
    again = case.backend.open(CITY)
    assert blank_key(again, Blank.CARD, case.suite) == handle
    assert not handle.exportable
    same, root = SoftwareCipher(case.suite, KEY), SoftwareCipher(case.suite, PARTS[1])
    master = blank_cipher(again, Blank.CARD, case.suite)
    assert master.encrypt(bytes(16)) == same.encrypt(bytes(16))
    card_root = again.import_test_key(case.definition("UKX"), PARTS[1])
    factors = np.arange(16, dtype=np.uint8).reshape(2, 8)
    blocks = again.card_key_blocks([card_root], factors, master)
    for row, factor in enumerate(factors):
        key = same.decrypt(blocks[row, 0].tobytes())
        expected = diversify(root, factor.tobytes()).encrypt(bytes(16))
        assert SoftwareCipher(case.suite, key).encrypt(bytes(16)) == expected
    other = SoftwareCipher(case.suite, bytes(range(16)))
    with pytest.raises(VaultError):
        again.hand_over([handle], CITY, bytes(8), again.reception())
    if case.backend.name.startswith(("vendor", "SoftHSM")):
        with pytest.raises(VaultError):
            again.wrap_for_chip(handle, [], other)


@only(*BOTH)
@pytest.mark.parametrize("wrong", ["value", "again", "size"])
def test_what_is_wrong_leaves_nothing(case: Case, wrong: str) -> None:
    vault = case.vault(CITY)
    vault.save()
    if wrong == "again":
        bring_in(vault, Blank.CARD, [case.suite], PARTS)
    held = vault.handles()
    files = {path: path.read_bytes() for path in case.backend.files()}
    parts = [PARTS[0], PARTS[1][:8]] if wrong == "size" else PARTS
    with pytest.raises(VaultError) as caught:
        bring_in(vault, Blank.CARD, [case.suite], parts, kcv="000000" if wrong == "value" else None)
    assert not any(part.hex() in str(caught.value).lower() for part in PARTS)
    assert vault.handles() == held
    assert {path: path.read_bytes() for path in case.backend.files()} == files


@only(*BOTH)
def test_without_one_it_says_how_it_comes_in(case: Case) -> None:
    vault = case.vault(CITY)
    for blank, name in NAMES.items():
        with pytest.raises(KeyNotFoundError, match=f"no {name} .*`shebaoka keys blanks {blank}`"):
            blank_cipher(vault, blank, case.suite)
