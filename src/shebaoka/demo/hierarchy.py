"""Keys at three levels for the two invented provinces: ministry, provinces, cities, each with a vault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shebaoka.demo.regions import Province, provinces
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import CardLayout, KeyEntry
from shebaoka.vault.catalogue import SUITES
from shebaoka.vault.hierarchy import hand_down, set_up_city, set_up_ministry, set_up_province
from shebaoka.vault.model import MINISTRY, Body, Level
from shebaoka.vault.software import SoftwareVault

PASSPHRASE = "demo"  # noqa: S105 - the keys of a demonstration protect nobody


@dataclass(frozen=True)
class Region:
    """A province with its city: their data, their vaults, the city's own extension files."""

    data: Province
    province: SoftwareVault
    city: SoftwareVault
    extensions: tuple[Path, ...] = ()

    def catalogue(self, generation: str = "2.0") -> tuple[KeyEntry, ...]:
        """The card keys of the city, its own ones included."""
        return _catalogue(generation, self.extensions)

    def layout(self, generation: str = "2.0") -> CardLayout:
        """The card layout of the city, its own applications and files included."""
        return _layout(generation, self.extensions)

    def directories(self) -> tuple[str, ...]:
        """The directories that get master keys: the card itself, then those of the layout."""
        return ("MF", *(directory.id for directory in self.layout().directories))


@dataclass(frozen=True)
class World:
    """The ministry and its regions."""

    ministry: SoftwareVault
    regions: tuple[Region, ...]

    def vaults(self) -> tuple[SoftwareVault, ...]:
        """All vaults, from the top."""
        below = tuple(vault for region in self.regions for vault in (region.province, region.city))
        return (self.ministry, *below)

    def region(self, code: str) -> Region:
        """The region of a province code (``98``). Raises KeyError."""
        for region in self.regions:
            if region.data.code == code:
                return region
        raise KeyError(code)


def create_world(folder: Path, extensions: Mapping[str, Sequence[Path]] | None = None) -> World:
    """Empty vaults in ``folder``, sealed under the demonstration's passphrase. ``extensions``: the extension
    files of a city by its province's code."""
    folder.mkdir(parents=True, exist_ok=True)
    regions = []
    for data in provinces():
        own = tuple((extensions or {}).get(data.code, ()))
        province = _vault(folder, Body(Level.PROVINCE, data.code, data.name))
        city = _vault(folder, Body(Level.CITY, data.city.code, data.city.name))
        regions.append(Region(data, province, city, own))
    return World(_vault(folder, MINISTRY), tuple(regions))


def make_roots(world: World) -> None:
    """Every body makes the roots of its own keys, for both ciphers (R-24)."""
    for suite in SUITES:
        set_up_ministry(world.ministry, key_catalogue(), suite)
        for region in world.regions:
            set_up_province(region.province, key_catalogue(), suite)
            set_up_city(region.city, region.catalogue(), suite, region.directories())


def hand_down_keys(world: World) -> None:
    """Sub-keys go down one level at a time, sealed on the way; then every vault is saved."""
    for region in world.regions:
        hand_down(world.ministry, region.province)
        hand_down(region.province, region.city)
    for vault in world.vaults():
        vault.save()


@cache
def _layout(generation: str, extensions: tuple[Path, ...]) -> CardLayout:
    return card_layout(generation, extensions)


@cache
def _catalogue(generation: str, extensions: tuple[Path, ...]) -> tuple[KeyEntry, ...]:
    return key_catalogue(generation, extensions)


def _vault(folder: Path, body: Body) -> SoftwareVault:
    return SoftwareVault.create(folder / f"{body.code or 'ministry'}.vault", PASSPHRASE, body, work=14)
