"""PSAMs, batches and carriers follow the live version: of the keys they hold, and of the blanks' transport
keys."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from personalization.support import CITY_CODE
from rotation.regions import APPROVAL, CATALOGUE, NOON, SUITE, Regions, regions
from rotation.test_rotation import advanced, works
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.cli.psam_keys import load_keys
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.personalization.psam_versions import live_versions, versions_of
from shebaoka.personalization.psams import PsamOrder, make_psam
from shebaoka.psam.psam import blank_psam
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.vault.blanks import Blank, blank_key, bring_in
from shebaoka.vault.hierarchy import set_up_ministry
from shebaoka.vault.lifecycle import change_states, rotate
from shebaoka.vault.lives import StateError
from shebaoka.vault.model import MINISTRY, Level
from shebaoka.vault.software import SoftwareVault
from shebaoka.vault.states import KeyState

PARTS = [bytes(range(16)), bytes(range(100, 116))]


def ordered(own: Regions, number: int, **changes: object) -> Chip:
    """A PSAM made without a word of versions, and loaded by ministry and province."""
    order = PsamOrder.numbered(f"{CITY_CODE}{number:06}", date(2026, 1, 1), date(2036, 1, 1))
    order = replace(order, suites=(SUITE,), **changes)  # type: ignore[arg-type]
    chip = blank_psam(
        MemoryStore(), historical=order.historical, algorithm=SUITE, transport_key=TEST_TRANSPORT_KEY
    )
    reader = InProcessReader(chip)
    reader.reset()
    make_psam(reader, order, own.ministry, lambda suite: SoftwareCipher(suite, TEST_TRANSPORT_KEY))
    for vault in (own.ministry, own.province):
        load_keys(reader, vault, (), everything=False)
    return chip


def published(chip: Chip, level: Level) -> tuple[int, tuple[int, ...]]:
    reader = InProcessReader(chip)
    reader.reset()
    return versions_of(reader, SUITE, level)


def levels(chip: Chip) -> dict[int, int]:
    info = PsamKeys(InProcessReader(chip)).info()
    return {steps: level.authentication_version for steps, level in info.levels.items()}


def test_a_psam_serves_the_live_version_and_the_active_ones_before(tmp_path: Path) -> None:
    own, old_card, _ = advanced(tmp_path)
    psam, new_card = ordered(own, 2), own.card(2)
    assert published(psam, Level.NATION) == published(psam, Level.PROVINCE) == (2, (1,))
    for card in (old_card, new_card):
        assert works(card, psam)
    for vault in own.all:
        own.change(vault, 1, KeyState.RETIRED)
    later = ordered(own, 3)
    assert published(later, Level.NATION) == (2, ())
    assert works(new_card, later)


def test_before_the_first_rotation_version_1_is_published(tmp_path: Path) -> None:
    own = regions(tmp_path)
    own.rotate(own.ministry)  # made, and not in use
    psam = ordered(own, 1)
    assert published(psam, Level.NATION) == (1, ())
    assert works(own.card(1), psam)


def test_a_province_that_rotated_alone_publishes_its_own_version(tmp_path: Path) -> None:
    own = regions(tmp_path)
    early = ordered(own, 1)
    own.rotate(own.province)
    own.carry()
    for vault in (own.province, own.city):
        chosen = [key for key in vault.handles() if key.version == 2]
        change_states(vault, chosen, KeyState.ACTIVE, APPROVAL, NOON)
    psam, card = ordered(own, 2), own.card(2)
    assert levels(psam) == {3: 1, 2: 2, 1: 1}
    assert works(card, psam)
    state = dict(early.state)
    reader = InProcessReader(early)
    reader.reset()
    load_keys(reader, own.province, (), everything=False)  # has the keys of version 1: stays as it is
    assert dict(early.state) == state
    beside = ordered(own, 3, key_version=1, beside=(2,))
    assert levels(beside) == {3: 1, 2: 1, 1: 1}
    assert works(card, beside)


def test_the_groups_of_a_catalogue_are_one_set() -> None:
    vault = SoftwareVault.create(None, "", MINISTRY)
    for suite in (Algorithm.SM4, Algorithm.TDES):
        set_up_ministry(vault, CATALOGUE, suite)
    vault.save()
    assert live_versions(vault, SUITE) == (1, ())
    made = rotate(vault, SUITE, APPROVAL, NOON)
    assert {key.version for key in made} == {4}
    change_states(vault, made, KeyState.ACTIVE, APPROVAL, NOON)
    assert live_versions(vault, SUITE) == (4, (1,))
    assert live_versions(vault, Algorithm.TDES) == (1, ())
    again = rotate(vault, SUITE, APPROVAL, NOON)
    change_states(vault, again, KeyState.ACTIVE, APPROVAL, NOON)
    assert live_versions(vault, SUITE) == (5, (4, 1))
    change_states(vault, made, KeyState.SUSPENDED, APPROVAL, NOON)
    assert live_versions(vault, SUITE) == (5, (1,))


def test_versions_beside_need_one_that_is_named() -> None:
    with pytest.raises(PersonalizationError, match="beside a version that is named"):
        replace(PsamOrder.numbered("980100000001", date(2026, 1, 1), date(2036, 1, 1)), beside=(2,))


@pytest.mark.parametrize("blank", list(Blank))
def test_blanks_obey_the_live_transport_key(blank: Blank) -> None:
    vault = SoftwareVault.create(None, "", MINISTRY)
    bring_in(vault, blank, [SUITE], PARTS)
    (second,) = bring_in(vault, blank, [SUITE], [PARTS[0], bytes(15) + b"\1"], version=2)
    assert blank_key(vault, blank, SUITE).version == 1, "brought in, not yet in use"
    assert blank_key(vault, blank, SUITE, 2) == second
    change_states(vault, [second], KeyState.ACTIVE, APPROVAL, NOON)
    assert blank_key(vault, blank, SUITE).version == 2
    change_states(vault, [second], KeyState.SUSPENDED, APPROVAL, NOON)
    assert blank_key(vault, blank, SUITE).version == 1
    first = blank_key(vault, blank, SUITE)
    change_states(vault, [first], KeyState.RETIRED, APPROVAL, NOON)
    with pytest.raises(StateError, match=f"no active {first.name} for SM4"):
        blank_key(vault, blank, SUITE)
