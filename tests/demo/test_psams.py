"""PSAMs from vaults: which level holds what, and that a level cannot load for another."""

from pathlib import Path

import pytest

from shebaoka.codec.apdu import Command
from shebaoka.demo.hierarchy import World, carry_keys, create_world, hold_ceremonies
from shebaoka.demo.psams import PsamIssuer
from shebaoka.demo.story import EXTENSIONS, extension
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_entry
from shebaoka.terminal.errors import KeyMissingError, WrongRegionError
from shebaoka.terminal.factors import CardFactors
from shebaoka.terminal.psam_keys import PsamKeys

HISTORICAL = bytes.fromhex("00810102031234990100000007")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    extensions = {code: [extension(name)] for code, name in EXTENSIONS.items()}
    made = create_world(folder / "vaults", extensions)
    hold_ceremonies(made, folder / "ceremonies")
    carry_keys(made, folder / "carriers")
    return made


def card(city: str, algorithm: Algorithm) -> CardFactors:
    return CardFactors(algorithm, city, HISTORICAL)


@pytest.mark.parametrize("algorithm", [Algorithm.TDES, Algorithm.SM4])
@pytest.mark.parametrize("local", [False, True])
def test_psam_and_vault_compute_the_same(world: World, algorithm: Algorithm, local: bool) -> None:
    issuer = PsamIssuer(world, world.region("99"))
    psam = PsamKeys(InProcessReader((issuer.local(3) if local else issuer.full(3)).chip))
    assert psam.terminal_number() == "990100000003"
    factors = card("990100", algorithm)
    for name in ("IRK", "RKSSSE", "UKSSSE", "RK1DF01", "UK1DF03"):
        entry = key_entry(name)
        answer = psam.authentication(entry, factors, bytes(8), bytes(8))
        assert answer == _from_city_vault(world, name, factors), name
        level = "2x (city)" if local else {"nation": "6x (nation)", "province": "4x (province)"}[entry.scope]
        assert level in psam.origin(entry, factors)


def _from_city_vault(world: World, name: str, factors: CardFactors) -> bytes:
    from shebaoka.terminal.vault_keys import VaultKeys

    return VaultKeys(world.region("99").city).authentication(key_entry(name), factors, bytes(8), bytes(8))


def test_the_ministrys_vault_computes_the_same_as_the_citys(world: World) -> None:
    from shebaoka.terminal.vault_keys import VaultKeys

    factors = card("990100", Algorithm.SM4)
    root = VaultKeys(world.ministry).authentication(key_entry("IRK"), factors, bytes(8), bytes(8))
    assert root == _from_city_vault(world, "IRK", factors)


def test_national_keys_serve_the_other_province_and_local_ones_do_not(world: World) -> None:
    issuer = PsamIssuer(world, world.region("99"))
    abroad = card("980100", Algorithm.TDES)
    full, local = (
        PsamKeys(InProcessReader(issuer.full(4).chip)),
        PsamKeys(InProcessReader(issuer.local(5).chip)),
    )
    assert len(full.authentication(key_entry("IRK"), abroad, bytes(8), bytes(8))) == 8
    with pytest.raises(WrongRegionError):
        full.authentication(key_entry("UKSSSE"), abroad, bytes(8), bytes(8))
    with pytest.raises(WrongRegionError):
        local.authentication(key_entry("IRK"), abroad, bytes(8), bytes(8))


def test_keys_of_a_citys_own_file_are_in_its_psams_only(world: World) -> None:
    own = {entry.name: entry for entry in world.region("99").catalogue()}["UK1DF0A"]
    factors = card("990100", Algorithm.TDES)
    home = PsamKeys(InProcessReader(PsamIssuer(world, world.region("99")).full(6).chip))
    assert len(home.authentication(own, factors, bytes(8), bytes(8))) == 8
    other = PsamKeys(InProcessReader(PsamIssuer(world, world.region("98")).full(6).chip))
    with pytest.raises(KeyMissingError):
        other.authentication(own, factors, bytes(8), bytes(8))


def test_every_level_loads_its_own_keys_the_ministry_first(world: World) -> None:
    region = world.region("99")
    loadings = PsamIssuer(world, region).full(8).loadings
    assert [(one.body, one.loading_key) for one in loadings] == [
        (world.ministry.owner, "KID-01"),
        (region.province.owner, "KID-02"),
        (region.city.owner, "KID-03"),
    ]
    local = PsamIssuer(world, region).local(9).loadings
    assert [(one.body, one.loading_key) for one in local] == [(region.city.owner, "KID-03")]
    assert sum(one.keys for one in loadings) == local[0].keys > 0


def test_no_key_is_readable_and_the_tree_is_closed(world: World) -> None:
    reader = InProcessReader(PsamIssuer(world, world.region("98")).full(7).chip)
    reader.reset()
    reader.transmit(bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF"))
    reader.transmit(bytes.fromhex("00A4040006D15600000590"))
    for sfi in (0x11, 0x12, 0x13):
        answer = reader.transmit(Command(0x00, 0xB0, 0x80 | sfi, 0x00, le=16).encode())
        assert answer[:-2] == b""
        assert answer[-2:] != b"\x90\x00"


def test_vault_files_are_named_after_their_bodies(world: World, tmp_path: Path) -> None:
    create_world(tmp_path)
    assert (tmp_path / "ministry.vault").exists()
