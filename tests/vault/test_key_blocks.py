"""Vault keys through TR-31 key blocks: to another HSM, to the body below, from another system."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from shebaoka.crypto.tr31.block import wrap
from shebaoka.crypto.tr31.header import Header, parse_header
from shebaoka.crypto.tr31.protection import AesKey
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.model import Scope
from shebaoka.vault.block_records import OURS, seal_block
from shebaoka.vault.block_usages import KEY_BLOCK_PROTECTION, LETTERS, block_usage
from shebaoka.vault.cipher import check_value
from shebaoka.vault.hierarchy import child_factor
from shebaoka.vault.key_blocks import export_block, import_block
from shebaoka.vault.model import MINISTRY, Body, HierarchyError, KeyDefinition, KeyHandle, Level, VaultError
from shebaoka.vault.records import KeyRecord, record_of
from shebaoka.vault.software import SoftwareVault
from vault.support import CITY, OTHER_PROVINCE, PROVINCE, hierarchy, root_of

TDES, DES, SM4 = Algorithm.TDES, Algorithm.DES, Algorithm.SM4
AES = AesKey(root_of("AES-KBPK", 32))
KEY = root_of("SECRETKEY", 16)
PARTS = tuple(sha256(name).digest()[:16] for name in (b"one", b"two"))


def empty(owner: Body) -> SoftwareVault:
    return SoftwareVault.create(None, "", owner)


def local(algorithm: Algorithm = TDES, name: str = "UKLOCAL", version: int = 1) -> KeyDefinition:
    return KeyDefinition(name, "update", algorithm, version)


def protected(owner: Body, algorithm: Algorithm) -> tuple[SoftwareVault, KeyHandle]:
    """An empty vault with the protection key both sides made from the same components."""
    vault, scope = empty(owner), Scope(owner.level.value)
    definition = KeyDefinition("KBPK-01", KEY_BLOCK_PROTECTION, algorithm, scope=scope, exportable=False)
    return vault, vault.generate_from_components(definition, PARTS)


@pytest.mark.parametrize("algorithm", [TDES, DES, SM4])
def test_a_root_to_another_hsm_of_its_body(algorithm: Algorithm) -> None:
    ours, theirs = empty(CITY), empty(CITY)
    key = ours.generate(local(algorithm, version=2))
    block = export_block(ours, key, AES)
    header, _ = parse_header(block)
    assert (header.version, header.usage, header.algorithm, header.mode) == (
        "D",
        "E6",
        LETTERS[algorithm],
        "X",
    )
    assert (header.key_version, header.exportability) == ("02", "E")
    assert header.optional["KC"] == "00" + key.kcv
    assert import_block(theirs, block + "\n", AES) == key
    assert theirs.handles() == (key,)
    assert import_block(theirs, block, AES) == key  # a second time nothing happens
    assert theirs.handles() == (key,)
    zero = bytes(algorithm.block_size)
    assert theirs.cipher(key).encrypt(zero) == ours.cipher(key).encrypt(zero)


@pytest.mark.parametrize("algorithm", [TDES, SM4])
def test_a_protection_key_in_the_vault(algorithm: Algorithm) -> None:
    (ours, kbpk), (theirs, same) = protected(CITY, algorithm), protected(CITY, algorithm)
    key = ours.generate(local(algorithm))
    block = export_block(ours, key, kbpk)
    assert block[0] == ("B" if algorithm is TDES else "4")
    assert import_block(theirs, block, same) == key


@pytest.mark.parametrize("suite", [TDES, SM4])
def test_sub_keys_to_the_body_below(suite: Algorithm) -> None:
    made = hierarchy(suite)
    province, city = empty(PROVINCE), empty(CITY)
    for name in ("STK", "UK3DF01"):
        block = export_block(made.ministry, made.ministry.find(name, 1, suite), AES, PROVINCE)
        assert import_block(province, block, AES) == made.province.find(name, 1, suite)
        block = export_block(province, province.find(name, 1, suite), AES, CITY)
        assert import_block(city, block, AES) == made.city.find(name, 1, suite)
    handle = city.find("STK", 1, suite)
    zero = bytes(handle.algorithm.block_size)
    assert city.cipher(handle).encrypt(zero) == made.city.cipher(handle).encrypt(zero)


def test_test_only_stays_test_only() -> None:
    ours, theirs = empty(CITY), empty(CITY)
    key = ours.import_test_key(local(SM4), KEY)
    block = export_block(ours, key, AES)
    assert import_block(theirs, block, AES) == key
    assert key.test_only
    assert KEY.hex().upper() not in block


def test_a_key_of_production_does_not_come_into_a_test_vault() -> None:
    ours, theirs = empty(CITY), empty(CITY)
    made = ours.generate(local())
    record = record_of(replace(made, test_only=False), ours._secret(made).reveal())
    for definition in (None, local()):
        with pytest.raises(VaultError, match=r"UKLOCAL v1 is of production; .* refuses it \(R-55\)"):
            import_block(theirs, seal_block(record, AES), AES, definition)
    assert theirs.handles() == ()


def test_what_is_not_exported() -> None:
    (ours, kbpk) = protected(CITY, TDES)
    key = ours.generate(local())
    master = ours.generate(KeyDefinition("MF-MK", "master", TDES, exportable=False))
    strong = ours.generate(local(SM4))
    before = ours.handles()
    cases: list[tuple[KeyHandle, KeyHandle | AesKey, Body | None, str]] = [
        (master, AES, None, "is not exportable"),
        (kbpk, AES, None, "is not exportable"),
        (key, master, None, r"usage master; it does not protect key blocks \(K-17\)"),
        (strong, kbpk, None, "protection key: a key of 80 bits strength"),
        (key, AES, PROVINCE, "not a body just below"),
        (key, AES, CITY, "not a body just below"),
    ]
    for handle, under, to, reason in cases:
        with pytest.raises(VaultError, match=reason):
            export_block(ours, handle, under, to)
    high = ours.generate(local(version=100))
    with pytest.raises(VaultError, match="a key block numbers versions 1-99"):
        export_block(ours, high, AES)
    assert ours.handles() == (*before, high)


def test_where_a_key_may_not_go() -> None:
    made = hierarchy()
    root = made.ministry.find("UK3DF01")
    sub_key = export_block(made.ministry, root, AES, PROVINCE)
    city_key = export_block(made.province, made.province.find("UK3DF01"), AES, CITY)
    own = made.province.generate(KeyDefinition("UKP", "update", TDES, scope=Scope.PROVINCE))
    for block, owner, reason in [
        (export_block(made.ministry, root, AES), PROVINCE, "is a key of 人力资源和社会保障部"),
        (sub_key, OTHER_PROVINCE, r"is a key of 示例甲省 \(98\), not of 示例乙省 \(99\)"),
        (sub_key, CITY, "is a key of 示例甲省"),
        (city_key, PROVINCE, "is a key of 示例甲市"),
        (export_block(made.province, own, AES), OTHER_PROVINCE, "is a key of 示例甲省"),
    ]:
        vault = empty(owner)
        with pytest.raises(HierarchyError, match=reason):
            import_block(vault, block, AES)
        assert vault.handles() == ()


def record(**changes: Any) -> KeyRecord:
    """A sub-key as the ministry would hand it to PROVINCE, with something wrong about it."""
    values: dict[str, Any] = {
        "id": "98:STK:1:3DES",
        "owner": PROVINCE,
        "level": Level.PROVINCE,
        "name": "STK",
        "usage": "maintenance",
        "version": 1,
        "algorithm": "TDES",
        "scope": Scope.NATION,
        "reach": Level.CITY,
        "parent": "nation:STK:1:3DES",
        "factor": child_factor(PROVINCE).hex().upper(),
        "kcv": check_value(TDES, KEY),
        "exportable": True,
        "test_only": True,
        "key": KEY,
    }
    return KeyRecord(**values | changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"parent": "99:STK:1:3DES"}, "does not come from the body just above"),
        ({"parent": "nation:STK:2:3DES"}, "does not come from the body just above"),
        ({"factor": "00" * 8}, "does not come from the body just above"),
        ({"parent": ""}, "only the ministry makes it"),
        ({"level": Level.CITY}, "is a city key, not one of 示例甲省"),
        ({"kcv": "000000"}, "optional block KC: the check value is not that of the key"),
    ],
)
def test_sub_keys_that_do_not_come_from_above(changes: dict[str, Any], reason: str) -> None:
    vault = empty(PROVINCE)
    with pytest.raises(VaultError, match=reason):
        import_block(vault, seal_block(record(**changes), AES), AES)
    assert vault.handles() == ()
    assert import_block(vault, seal_block(record(), AES), AES).parent == "nation:STK:1:3DES"


def test_the_ministry_takes_no_sub_key() -> None:
    vault = empty(MINISTRY)
    block = seal_block(record(owner=MINISTRY, level=Level.NATION), AES)
    with pytest.raises(HierarchyError, match="stands at the top and has only roots"):
        import_block(vault, block, AES)


def test_another_value_is_here_already() -> None:
    ours, theirs = empty(CITY), empty(CITY)
    key, other = ours.generate(local()), theirs.generate(local())
    with pytest.raises(VaultError, match="is here already with another value; retire it first"):
        import_block(theirs, export_block(ours, key, AES), AES)
    assert theirs.handles() == (other,)


def test_damaged_descriptions() -> None:
    vault = empty(CITY)
    for text in ("", "{}", "[", '{"owner":{"level":"city","code":"1","name":""}}', "\\u0000"):
        header = Header("D", "E6", "T", "X", "01", optional={OURS: text})
        with pytest.raises(VaultError, match="optional block 10: it is no description of a key"):
            import_block(vault, wrap(AES, header, KEY), AES)
    block = seal_block(record(), AES)
    said = parse_header(block)[0].optional[OURS]
    assert json.loads(said)["owner"]["name"] == PROVINCE.name
    for changed, field in [
        (Header("D", "E2", "T", "X", "00", optional={OURS: said}), "key version number"),
        (Header("D", "E2", "T", "X", "c1", optional={OURS: said}), "key version number"),
        (Header("D", "P0", "T", "E", "01", optional={OURS: said}), "key usage"),
        (Header("D", "E2", "A", "X", "01", optional={OURS: said}), "algorithm"),
    ]:
        with pytest.raises(VaultError, match=field):
            import_block(empty(PROVINCE), wrap(AES, changed, KEY), AES)
    assert vault.handles() == ()


def test_a_block_of_another_system() -> None:
    vault = empty(CITY)
    block = wrap(AES, Header("D", "E6", "T", "N", "00", "N", {"KS": "00604B120F9292800000"}), KEY)
    with pytest.raises(VaultError, match="does not say which key it holds; name the key"):
        import_block(vault, block, AES)
    for definition, field in [
        (local(SM4), "algorithm: it holds a 3DES key; UKLOCAL is SM4"),
        (KeyDefinition("UKLOCAL", "tac", TDES), "key usage: E6 is not that of UKLOCAL, which is E0"),
        (KeyDefinition("STK", "update", TDES, scope=Scope.NATION), "only the ministry makes it"),
    ]:
        with pytest.raises(VaultError, match=field):
            import_block(vault, block, AES, definition)
    assert vault.handles() == ()
    key = import_block(vault, block, AES, local())
    assert (key.kcv, key.exportable, key.test_only) == (check_value(TDES, KEY), False, True)
    for header, field in [
        (Header("D", "E6", "T", "X", "03"), "key version number: 03 is not version 1"),
        (Header("D", "E6", "T", "0", "01"), "mode of use: 0 is not that of UK2"),
    ]:
        with pytest.raises(VaultError, match=field):
            import_block(vault, wrap(AES, header, KEY), AES, local(name="UK2"))


def test_every_usage_of_the_catalogue_has_its_standard_one() -> None:
    for entry in key_catalogue("2.0"):
        assert block_usage(entry.role).usage.startswith("E")
    assert block_usage("something else") == ("00", "0")
