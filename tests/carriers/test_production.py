"""Test and production do not meet on carriers: production keys travel between production vaults only."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from carriers.support import PINS, World, blank, content, uses, vaults
from shebaoka.carriers.control import load_control_key
from shebaoka.carriers.export import export_keys
from shebaoka.carriers.importing import Pins, import_keys
from shebaoka.carriers.keys import set_up_carriers
from shebaoka.psam.carrier.state import MASTER_CONTROL, MOTHER, TRANSMISSION
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.hierarchy import hand_down, set_up_ministry
from shebaoka.vault.model import MINISTRY, Body, VaultError
from shebaoka.vault.pkcs11.table import read_table
from shebaoka.vault.pkcs11.token import Token
from shebaoka.vault.pkcs11.vault import TokenVault
from shebaoka.vault.software import SoftwareVault
from vault.backends.benches import Libraries
from vault.conftest import libraries  # noqa: F401 - a fixture
from vault.pkcs11 import softhsm
from vault.support import ENTRIES, PROVINCE

SM4 = Algorithm.SM4
KINDS = (MASTER_CONTROL, MOTHER, TRANSMISSION)
STUBS = Path(__file__).parents[1] / "vault" / "pkcs11" / "stub"


@pytest.fixture
def admitted(libraries: Libraries) -> Iterator[Callable[[Body], SoftwareVault]]:  # noqa: F811 - the fixture
    """Vaults as the gate lets them through: in a token, for production."""
    token = Token(libraries.vendor(), "vendor", softhsm.PIN)
    table = read_table("vendor.toml", STUBS)

    def made(body: Body) -> SoftwareVault:
        vault = TokenVault.create(token, table, body, None, production=True)
        return cast(SoftwareVault, vault)  # a World says so; it needs no more than any vault has

    yield made
    token.close()


@pytest.fixture
def production(admitted: Callable[[Body], SoftwareVault]) -> World:
    """A world of production up to the moment before the import."""
    own = World(SM4, admitted(MINISTRY), admitted(PROVINCE))
    set_up_ministry(own.ministry, ENTRIES, SM4)
    set_up_carriers(own.ministry, SM4)
    for kind in KINDS:
        own.chips[kind] = blank(kind, SM4)
        own.issue(kind, marked=False)
    own.export()
    return own


@pytest.fixture
def test() -> World:
    """The same of a test deployment."""
    own = World(SM4, *vaults(SM4))
    for kind in KINDS:
        own.chips[kind] = blank(kind, SM4)
        assert own.issue(kind, marked=False).test_only
    own.export()
    return own


def test_production_keys_travel_between_production_vaults(production: World) -> None:
    production.control()
    taken = production.take_in().handles
    assert {handle.name for handle in taken} >= {"STK", "UK3DF01"}
    assert not any(handle.test_only for handle in production.province.handles())


@pytest.mark.parametrize("way", ["test to production", "production to test"])
def test_carriers_are_refused_before_a_use_is_consumed(production: World, test: World, way: str) -> None:
    cards, vault = (test, production.province) if way.startswith("test") else (production, test.province)
    reason = (
        r"TEST_ONLY and refused in the production" if cards is test else r"is of production; .* refuses it"
    )
    before, held = content(cards), vault.handles()
    slots = {kind: cards.reader(kind) for kind in KINDS}
    pins = Pins(PINS[MOTHER], PINS[TRANSMISSION])
    for attempt in (
        lambda: load_control_key(vault, slots[MASTER_CONTROL], PINS[MASTER_CONTROL]),
        lambda: import_keys(vault, slots[MOTHER], slots[TRANSMISSION], pins),
    ):
        with pytest.raises(VaultError, match=reason):
            attempt()
    assert content(cards) == before
    assert [uses(cards, kind) for kind in KINDS] == [0, 0, 0]
    assert vault.handles() == held


def test_exporting_onto_cards_of_the_other_kind(production: World, test: World) -> None:
    for vault, cards in ((production.ministry, test), (test.ministry, production)):
        before = content(cards)
        with pytest.raises(VaultError, match="R-55"):
            export_keys(vault, cards.reader(MOTHER), cards.reader(TRANSMISSION), PROVINCE)
        assert content(cards) == before


def test_production_issues_no_test_carrier(production: World) -> None:
    production.chips[MOTHER] = blank(MOTHER, SM4)
    before = content(production)
    with pytest.raises(VaultError, match=r"mother card .* is TEST_ONLY and refused in the production vault"):
        production.issue(MOTHER, marked=True)
    assert content(production) == before


def test_packages_are_refused(production: World, test: World) -> None:
    for upper, lower in (
        (production.ministry, test.province),
        (test.ministry, production.province),
    ):
        held = lower.handles()
        with pytest.raises(VaultError, match="R-55"):
            hand_down(upper, lower)
        assert lower.handles() == held
