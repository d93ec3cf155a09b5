"""Sub-keys from vault to vault: between two of a back end and between any two of different ones."""

import itertools

import pytest

from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.crypto.factors import city_factor, province_factor
from shebaoka.crypto.formulas import diversify
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.hierarchy import hand_down
from shebaoka.vault.model import MINISTRY, HierarchyError, KeyDefinition, Kind, Vault, VaultError
from vault.backends.benches import DES, SDF, SM4, SOFTHSM, SOFTWARE, TDES, VENDOR, VENDOR_STRICT
from vault.backends.conftest import Case, Make
from vault.support import CITY, OTHER_PROVINCE, PROVINCE, root_of

DATA = bytes(range(32))
FACTOR = bytes.fromhex("1234650100000001")

PAIRS = [
    *((SOFTWARE, SOFTHSM, algorithm) for algorithm in (TDES, DES)),
    *((SOFTHSM, SOFTWARE, algorithm) for algorithm in (TDES, DES)),
    *(pair for pair in itertools.permutations((SOFTWARE, VENDOR, SDF, SM4), 3) if pair[2] is SM4),
    (VENDOR_STRICT, SOFTHSM, TDES),  # strict hands over to tokens only
    (VENDOR_STRICT, VENDOR, SM4),
    (SOFTHSM, VENDOR_STRICT, DES),
    (SDF, VENDOR_STRICT, SM4),
]


def chain(upper: Vault, lower: Vault, algorithm: Algorithm) -> None:
    """A root of the ministry goes to the province and computes there as the formula says."""
    key = root_of("UK1DF01", algorithm.key_size)
    definition = KeyDefinition("UK1DF01", "update", algorithm, scope=Scope.NATION)
    root = upper.import_test_key(definition, key)
    born = upper.generate(KeyDefinition("BORN", "update", algorithm, scope=Scope.NATION))
    taken, child = hand_down(upper, lower)
    reference: BlockCipher = diversify(SoftwareCipher(algorithm, key), province_factor("980000"))
    assert (taken.kind, taken.parent, taken.owner) == (Kind.SUB_KEY, root.id, PROVINCE)
    assert taken.test_only
    assert child.test_only
    block = bytes(algorithm.block_size)
    assert taken.kcv == reference.encrypt(block)[:3].hex().upper()
    assert lower.cipher(taken).encrypt(DATA) == reference.encrypt(DATA)
    assert lower.cipher(taken, FACTOR).encrypt(DATA) == diversify(reference, FACTOR).encrypt(DATA)
    assert lower.cipher(child).encrypt(DATA) == upper.cipher(born, province_factor("980000")).encrypt(DATA)
    if algorithm is Algorithm.TDES:
        for left, right in zip(lower.cipher(taken).halves(), reference.halves(), strict=True):
            assert left.encrypt(DATA) == right.encrypt(DATA)


@pytest.mark.parametrize(
    ("upper", "lower", "algorithm"),
    PAIRS,
    ids=lambda value: str(getattr(value, "label", value)).replace(" ", "-"),
)
def test_between_different_back_ends(make: Make, upper: str, lower: str, algorithm: Algorithm) -> None:
    chain(make(upper).create(MINISTRY), make(lower).create(PROVINCE), algorithm)


def test_down_three_levels_and_saved(case: Case) -> None:
    ministry, province, city = (case.vault(body) for body in (MINISTRY, PROVINCE, CITY))
    chain(ministry, province, case.algorithm)
    local = province.generate(case.definition("UKLOCAL", Scope.PROVINCE))
    hand_down(province, city)
    hand_down(province, city)  # again: nothing changes
    assert [handle.name for handle in city.handles()] == ["UK1DF01", "BORN", "UKLOCAL"]
    city.save()
    again = case.backend.open(CITY)
    assert again.handles() == city.handles()
    steps = (province_factor("980000"), city_factor("980100"), FACTOR)
    for name in ("UK1DF01", "BORN"):
        top = ministry.cipher(ministry.find(name, 1, case.suite), *steps)
        assert again.cipher(again.find(name, 1, case.suite), FACTOR).encrypt(DATA) == top.encrypt(DATA)
    assert again.find("UKLOCAL", 1, case.suite).parent == local.id


def test_packages_serve_one_receiver_once(case: Case) -> None:
    ministry, province = case.vault(MINISTRY), case.vault(PROVINCE)
    handle = case.known(ministry, "UK1DF01")[0]
    factor = province_factor("980000")
    reception = province.reception()
    package = ministry.hand_over([handle], PROVINCE, factor, reception)
    for damaged in (package[:-1] + bytes((package[-1] ^ 1,)), package[:40], b""):
        with pytest.raises(VaultError, match="damaged or was sealed to another reception"):
            province.take_over(damaged)
    other = ministry.hand_over([handle], OTHER_PROVINCE, factor, reception)
    with pytest.raises(VaultError, match="the key package is for"):
        province.take_over(other)
    assert province.handles() == ()
    assert [taken.name for taken in province.take_over(package)] == ["UK1DF01"]
    with pytest.raises(VaultError, match="no reception open"):
        province.take_over(package)
    province.reception()
    with pytest.raises(VaultError, match="damaged or was sealed to another reception"):
        province.take_over(package)
    for wrong in (b"", bytes(31), reception[:32] + b"\x01rsa"):
        with pytest.raises(VaultError, match="reception"):
            ministry.hand_over([handle], PROVINCE, factor, wrong)
    assert len(ministry.handles()) == 1
    assert len(province.handles()) == 1


def test_no_step_is_skipped_and_no_value_replaced(case: Case) -> None:
    ministry, province, city = (case.vault(body) for body in (MINISTRY, PROVINCE, CITY))
    handle = case.known(ministry, "UK1DF01")[0]
    with pytest.raises(HierarchyError, match="not a body just below"):
        ministry.hand_over([handle], CITY, city_factor("980100"), city.reception())
    stays = ministry.generate(
        KeyDefinition("STAYS", "update", case.algorithm, scope=Scope.NATION, exportable=False)
    )
    with pytest.raises(VaultError, match="is not exportable"):
        ministry.hand_over([stays], PROVINCE, bytes(8), province.reception())
    with pytest.raises(VaultError, match="8 bytes, not 3"):
        ministry.hand_over([handle], PROVINCE, bytes(3), province.reception())
    province.generate(case.definition("UK1DF01", Scope.PROVINCE))
    before = province.handles()
    with pytest.raises(VaultError, match="here already with another value"):
        hand_down(ministry, province, [handle])
    assert province.handles() == before
    assert city.handles() == ()
