"""Which keys a vault makes, keeps and finds: the same for every back end."""

from collections.abc import Callable

import pytest

from shebaoka.crypto.ciphers import UnsupportedAlgorithmError
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.cipher import check_value
from shebaoka.vault.model import (
    MINISTRY,
    HierarchyError,
    KeyDefinition,
    KeyNotFoundError,
    Kind,
    Mode,
    VaultError,
)
from vault.backends.benches import ALGORITHMS
from vault.backends.conftest import Case
from vault.support import CITY, PROVINCE, root_of


def test_a_back_end_says_what_it_can_do(case: Case) -> None:
    vault = case.vault()
    assert vault.algorithms == set(ALGORITHMS[case.backend.name])
    assert Mode.BATCH in vault.modes
    assert not case.strict or Mode.STRICT in vault.modes


def test_each_body_makes_only_its_own_kind(case: Case) -> None:
    for body, own in ((MINISTRY, Scope.NATION), (PROVINCE, Scope.PROVINCE), (CITY, Scope.CITY)):
        vault = case.vault(body)
        parts = [root_of("part one", case.algorithm.key_size), root_of("part two", case.algorithm.key_size)]
        for scope in set(Scope) - {own}:
            definition = case.definition("UKX", scope)
            with pytest.raises(HierarchyError, match=rf"UKX is a key of scope {scope}.*R-24"):
                vault.generate(definition)
            with pytest.raises(HierarchyError, match=r"R-24"):
                vault.generate_from_components(definition, parts)
            assert vault.handles() == ()
        handle = vault.generate(case.definition("UKX", own))
        assert (handle.kind, handle.owner, handle.level) == (Kind.ROOT, body, body.level)


def test_generated_keys_are_found_and_differ(case: Case) -> None:
    vault = case.vault()
    handles = [vault.generate(case.definition("UKX", version=number)) for number in (1, 2, 3)]
    assert vault.handles() == tuple(handles)
    assert [vault.find("UKX", number, case.suite) for number in (1, 2, 3)] == handles
    assert len({handle.kcv for handle in handles}) == 3
    for handle in handles:
        block = bytes(case.algorithm.block_size)
        assert vault.cipher(handle).encrypt(block)[:3].hex().upper() == handle.kcv
        assert handle.test_only
    with pytest.raises(KeyNotFoundError, match=f"holds no UKX version 4 for {case.suite.label}"):
        vault.find("UKX", 4, case.suite)


def test_what_is_there_or_malformed_is_refused(case: Case) -> None:
    vault = case.vault()
    kept = vault.generate(case.definition("UKX"))
    key = root_of("UKX", case.algorithm.key_size)
    attempts: list[Callable[[], object]] = [
        lambda: vault.generate(case.definition("UKX")),
        lambda: vault.import_test_key(case.definition("UKX"), key),
        lambda: vault.generate_from_components(case.definition("UKX"), [key, key[::-1]]),
    ]
    for attempt in attempts:
        with pytest.raises(VaultError, match="exists already; make the next version"):
            attempt()
    with pytest.raises(VaultError, match=f"has {case.algorithm.key_size} bytes, not 15"):
        vault.import_test_key(case.definition("UKY"), bytes(15))
    with pytest.raises(VaultError, match="versions count from 1"):
        vault.generate(case.definition("UKY", version=0))
    with pytest.raises(UnsupportedAlgorithmError, match="SSF33 is not published"):
        vault.generate(KeyDefinition("UKY", "update", Algorithm.SSF33, scope=Scope.NATION))
    for algorithm in {Algorithm.TDES, Algorithm.DES, Algorithm.SM4} - vault.algorithms:
        with pytest.raises(UnsupportedAlgorithmError, match=f"does not compute {algorithm.label}"):
            vault.generate(KeyDefinition("UKY", "update", algorithm, scope=Scope.NATION))
    assert vault.handles() == (kept,)
    assert vault.cipher(kept).encrypt(bytes(16))[:3].hex().upper() == kept.kcv


def test_a_handle_of_another_vault_is_refused(case: Case) -> None:
    vault = case.vault()
    vault.generate(case.definition("UKX"))
    foreign = case.vault(PROVINCE).generate(case.definition("UKX", Scope.PROVINCE))
    with pytest.raises(KeyNotFoundError, match="is not in the vault"):
        vault.cipher(foreign)
    with pytest.raises(KeyNotFoundError, match="is not in the vault"):
        vault.wrap_for_chip(foreign, [bytes(8)], vault.cipher(vault.handles()[0]))


def test_a_key_from_components(case: Case) -> None:
    vault = case.vault()
    size = case.algorithm.key_size
    parts = [vault.random(size) for _ in range(3)]
    assert len(set(parts)) == 3
    key = bytes(a ^ b ^ c for a, b, c in zip(*parts, strict=True))
    handle = vault.generate_from_components(case.definition("UKX"), parts)
    assert handle.kcv == check_value(case.algorithm, key)
    assert handle.test_only
    for wrong, reason in (
        (parts[:1], "at least 2 components"),
        ([parts[0], parts[0]], "two components are the same"),
        ([parts[0], parts[1][:-1]], "component 2"),
    ):
        with pytest.raises(VaultError, match=reason) as caught:
            vault.generate_from_components(case.definition("UKY"), wrong)
        assert parts[0].hex() not in str(caught.value).lower()
    assert vault.handles() == (handle,)


def test_what_is_not_saved_can_be_discarded(case: Case) -> None:
    vault = case.vault()
    kept = vault.generate(case.definition("UKX"))
    vault.save()
    vault.generate(case.definition("UKY"))
    vault.discard()
    assert vault.handles() == (kept,)
    assert vault.cipher(kept).encrypt(bytes(16))[:3].hex().upper() == kept.kcv
    assert case.backend.open(MINISTRY).handles() == (kept,)
    assert vault.generate(case.definition("UKY")).name == "UKY"
