"""States, versions and minimum versions: the same for every back end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest

from shebaoka.spec.model import Scope
from shebaoka.vault.hierarchy import child_factor
from shebaoka.vault.lives import StateError
from shebaoka.vault.model import (
    MINISTRY,
    Body,
    KeyDefinition,
    KeyHandle,
    KeyNotFoundError,
    Level,
    Vault,
    VaultError,
)
from shebaoka.vault.pkcs11.vault import TokenVault
from shebaoka.vault.records import KeyRecord
from shebaoka.vault.states import PERMITTED, TRANSITIONS, KeyState, Use
from vault.backends.benches import SDF
from vault.backends.conftest import Case
from vault.support import PROVINCE

GENERATED, ACTIVE, SUSPENDED, RETIRED, DESTROYED = KeyState
T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
T1 = T0 + timedelta(days=40)
FACTORS = np.zeros((1, 8), np.uint8)
ROADS = {
    GENERATED: (),
    ACTIVE: (ACTIVE,),
    SUSPENDED: (ACTIVE, SUSPENDED),
    RETIRED: (ACTIVE, RETIRED),
}
"""How a key of the next version comes into each state."""


def second_version(case: Case, vault: Vault) -> tuple[KeyHandle, KeyHandle]:
    """Version 1, stored, and version 2, made later."""
    first = vault.generate(case.definition("UKX"))
    vault.save()
    second = vault.generate(case.definition("UKX", version=2))
    vault.save()
    return first, second


def lead(vault: Vault, handle: KeyHandle, state: KeyState) -> None:
    for step in ROADS[state]:
        vault.change_state(handle, step, T0)


def uses(case: Case, vault: Vault, handle: KeyHandle) -> dict[Use, Callable[[], object]]:
    """Something that each use is made of. No PSAM loading in strict mode and of keys born in an SDF
    device."""
    receiver = case.backend.create(PROVINCE)
    master = vault.cipher(handle) if vault.state(handle) not in (SUSPENDED,) else None
    found: dict[Use, Callable[[], object]] = {
        Use.HAND_DOWN: lambda: vault.hand_over(
            [handle], PROVINCE, child_factor(PROVINCE), receiver.reception()
        ),
        Use.CARDS: lambda: vault.card_key_blocks([handle], FACTORS, master),  # type: ignore[arg-type]
        Use.SERVE: lambda: vault.cipher(handle, bytes(8)).encrypt(bytes(16)),
    }
    if not case.strict and case.backend.name != SDF:
        found[Use.PSAMS] = lambda: vault.psam_loading(
            handle,
            0x67,
            0x24,
            master=master,  # type: ignore[arg-type]
            challenge=bytes(4),
            header=bytes.fromhex("84D40011"),
        )
    return found


def test_the_first_version_is_active_the_next_is_generated(case: Case) -> None:
    vault = case.vault()
    together = [vault.generate(case.definition("UKX", version=number)) for number in (1, 2)]
    vault.save()
    later = vault.generate(case.definition("UKX", version=3))
    other = vault.generate(case.definition("UKY"))
    expected = {**dict.fromkeys(together, ACTIVE), later: GENERATED, other: ACTIVE}
    assert {handle: vault.state(handle) for handle in expected} == expected
    vault.save()
    again = case.backend.open(MINISTRY)
    assert {handle: again.state(handle) for handle in expected} == expected


@pytest.mark.parametrize("state", ROADS)
def test_what_a_state_permits(case: Case, state: KeyState) -> None:
    vault = case.vault()
    _, key = second_version(case, vault)
    lead(vault, key, state)
    for use, attempt in uses(case, vault, key).items():
        allowed = use in PERMITTED[state] or (use is Use.SERVE and state is GENERATED)  # its check value
        if allowed:
            attempt()
        else:
            with pytest.raises(StateError, match=f"UKX v2 .* is {state}"):
                attempt()
        if use in PERMITTED[state]:
            vault.check(key, use)
        else:
            with pytest.raises(StateError, match=f"is {state} and may not {use}"):
                vault.check(key, use)


@pytest.mark.parametrize("state", ROADS)
def test_what_may_follow_a_state(case: Case, state: KeyState) -> None:
    vault = case.vault()
    _, key = second_version(case, vault)
    lead(vault, key, state)
    vault.save()
    for after in KeyState:
        if after in TRANSITIONS[state]:
            vault.change_state(key, after, T1)
            assert vault.state(key) is after
            assert vault.history(key)[-1].at == "2026-04-11T09:00:00Z"
            vault.discard()
        else:
            with pytest.raises(StateError, match=f"is {state}; after that comes .*, not {after}"):
                vault.change_state(key, after, T1)
        assert vault.state(key) is state
        assert vault.find("UKX", 2, case.suite) == key
        assert case.backend.open(MINISTRY).history(key) == vault.history(key)


def test_states_last_and_can_be_discarded(case: Case) -> None:
    vault = case.vault()
    first, second = second_version(case, vault)
    vault.change_state(second, ACTIVE, T0)
    vault.change_state(first, RETIRED, T1)
    assert case.backend.open(MINISTRY).state(first) is ACTIVE
    vault.save()
    again = case.backend.open(MINISTRY)
    assert [again.state(key) for key in (first, second)] == [RETIRED, ACTIVE]
    assert [change.state for change in again.history(second)] == [GENERATED, ACTIVE]
    before = {path: path.read_bytes() for path in case.backend.files()}
    again.raise_minimum("UKX", case.suite, 2, T1)
    again.change_state(first, DESTROYED, T1)
    again.discard()
    assert again.state(first) is RETIRED
    assert again.minimum("UKX", case.suite) == 1
    again.cipher(first).encrypt(bytes(16))
    assert {path: path.read_bytes() for path in case.backend.files()} == before


def test_versions_below_the_minimum_are_not_used(case: Case) -> None:
    vault = case.vault()
    first, second = second_version(case, vault)
    attempts = uses(case, vault, first)
    with pytest.raises(StateError, match=r"no active UKX .* has version 2 or above: activate the next"):
        vault.raise_minimum("UKX", case.suite, 2, T0)
    vault.change_state(second, ACTIVE, T0)
    vault.raise_minimum("UKX", case.suite, 2, T0)
    vault.save()
    with pytest.raises(StateError, match="is 2; it only rises"):
        vault.raise_minimum("UKX", case.suite, 2, T0)
    reason = f"UKX version 1 is below the minimum version 2 for {case.suite.label}"
    for attempt in attempts.values():
        with pytest.raises(StateError, match=reason):
            attempt()
    for use in Use:
        with pytest.raises(StateError, match=reason):
            vault.check(first, use)
        vault.check(second, use)
    again = case.backend.open(MINISTRY)
    assert again.minimum("UKX", case.suite) == 2
    assert again.minimum("UKY", case.suite) == 1
    with pytest.raises(StateError, match=reason):
        again.cipher(first)
    again.cipher(second).encrypt(bytes(16))


def test_a_destroyed_key_is_gone_and_never_comes_back(case: Case) -> None:
    vault = case.vault()
    first, second = second_version(case, vault)
    sealed = [stored(path, first) for path in case.backend.files()]
    objects = of_token(vault, first)
    vault.change_state(second, ACTIVE, T0)
    vault.change_state(first, RETIRED, T0)
    vault.save()
    vault.change_state(first, DESTROYED, T1)
    vault.save()
    for opened in (vault, case.backend.open(MINISTRY)):
        assert opened.handles() == (second,)
        assert opened.state(first) is DESTROYED
        (remains,) = opened.tombstones()
        assert (remains.id, remains.version, remains.kcv) == (first.id, 1, first.kcv)
        assert [change.state for change in remains.changes] == [ACTIVE, RETIRED, DESTROYED]
        with pytest.raises(KeyNotFoundError, match=r"destroyed 2026-04-11: the vault of .* no longer"):
            opened.find("UKX", 1, case.suite)
        with pytest.raises(KeyNotFoundError):
            opened.cipher(first)
        with pytest.raises(StateError, match="this version never comes back; make the next version"):
            opened.generate(case.definition("UKX"))
        with pytest.raises(StateError, match="never comes back"):
            opened.import_test_key(case.definition("UKX"), bytes(range(case.algorithm.key_size)))
        assert opened.handles() == (second,)
    for path, kept in zip(case.backend.files(), sealed, strict=True):
        assert kept is None or kept not in path.read_bytes()
    for object_ in objects:
        with pytest.raises(VaultError):
            vault._maker.token.bytes_of(object_, 0x102)  # type: ignore[attr-defined]


def test_a_destroyed_sub_key_is_not_imported_again(case: Case) -> None:
    upper, lower = case.vault(), case.vault(PROVINCE)
    key = upper.generate(case.definition("UKX"))

    def sent() -> bytes:
        return upper.hand_over([key], PROVINCE, child_factor(PROVINCE), lower.reception())

    (received,) = lower.take_over(sent())
    lower.save()
    lower.change_state(received, RETIRED, T0)
    lower.change_state(received, DESTROYED, T0)
    lower.save()
    package = sent()
    with pytest.raises(StateError, match="never comes back"):
        lower.take_over(package)
    assert lower.handles() == ()


def test_versions_below_the_minimum_do_not_come_in(case: Case) -> None:
    upper, lower = case.vault(), case.vault(PROVINCE)
    first, second = (upper.generate(case.definition("UKX", version=number)) for number in (1, 2))
    factor = child_factor(PROVINCE)
    (received,) = lower.take_over(upper.hand_over([second], PROVINCE, factor, lower.reception()))
    lower.save()
    lower.raise_minimum("UKX", case.suite, 2, T0)
    lower.save()
    package = upper.hand_over([first, second], PROVINCE, factor, lower.reception())
    with pytest.raises(StateError, match="version 1 is below the minimum"):
        lower.take_over(package)
    with pytest.raises(StateError, match="version 1 is below the minimum"):
        lower.import_test_key(case.definition("UKX"), bytes(range(case.algorithm.key_size)))
    assert lower.handles() == (received,)


def test_a_key_destroyed_before_it_was_stored(case: Case) -> None:
    vault = case.vault()
    vault.generate(case.definition("UKX"))
    vault.save()
    made = vault.generate(case.definition("UKX", version=2))
    vault.change_state(made, DESTROYED, T0)
    vault.save()
    again = case.backend.open(MINISTRY)
    assert [handle.version for handle in again.handles()] == [1]
    assert [dead.version for dead in again.tombstones()] == [2]
    with pytest.raises(StateError, match="never comes back"):
        again.generate(case.definition("UKX", version=2))


def test_keys_of_another_vault_and_set_are_left_alone(case: Case) -> None:
    vault = case.vault()
    first, second = second_version(case, vault)
    foreign = case.vault(Body(Level.PROVINCE, "99", "示例乙省")).generate(
        case.definition("UKX", Scope.PROVINCE)
    )
    with pytest.raises(KeyNotFoundError):
        vault.change_state(foreign, RETIRED, T0)
    with pytest.raises(KeyNotFoundError):
        vault.state(foreign)
    others = [each for each in vault.algorithms if each.block_size != case.algorithm.block_size]
    for algorithm in others:
        definition = KeyDefinition("UKX", "update", algorithm, 1, Scope.NATION)
        other = vault.import_test_key(definition, bytes(range(algorithm.key_size)))
        vault.change_state(second, ACTIVE, T0)
        vault.raise_minimum("UKX", case.suite, 2, T0)
        vault.check(other, Use.CARDS)
        vault.discard()
    assert first in vault.handles()


def stored(path: Path, handle: KeyHandle) -> bytes | None:
    """How a key lies in a file that is no secret: its wrapped form, in the file's own writing."""
    line = path.read_bytes().partition(b"\n")[0]
    try:
        content = msgspec.json.decode(line)
        keys = msgspec.convert(content["keys"], tuple[KeyRecord, ...])
    except (msgspec.MsgspecError, KeyError, TypeError):
        return None
    return next((msgspec.json.encode(key.key) for key in keys if key.id == handle.id), None)


def of_token(vault: Vault, handle: KeyHandle) -> tuple[int, ...]:
    return vault._register.material(handle).all if isinstance(vault, TokenVault) else ()
