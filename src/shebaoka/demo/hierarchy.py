"""Keys at three levels for the two invented provinces: ministry, provinces, cities, each with a vault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shebaoka.demo.carriage import Journey, carry
from shebaoka.demo.ceremonies import HeldCeremony, file_name, hold_ceremony
from shebaoka.demo.regions import Province, provinces
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import CardLayout, KeyEntry
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


def hold_ceremonies(world: World, folder: Path) -> tuple[HeldCeremony, ...]:
    """Every body makes the roots of its own keys, for both ciphers, in a ceremony (R-24); transcripts
    in ``folder``."""
    return tuple(hold_ceremony(vault, folder) for vault in world.vaults())


def carry_keys(world: World, folder: Path) -> tuple[Journey, ...]:
    """Sub-keys go down one level at a time on carriers, whose images stay in ``folder``."""
    down = [(world.ministry, region.province) for region in world.regions]
    down += [(region.province, region.city) for region in world.regions]
    return tuple(carry(sender, receiver, folder) for sender, receiver in down)


@cache
def _layout(generation: str, extensions: tuple[Path, ...]) -> CardLayout:
    return card_layout(generation, extensions)


@cache
def _catalogue(generation: str, extensions: tuple[Path, ...]) -> tuple[KeyEntry, ...]:
    return key_catalogue(generation, extensions)


def _vault(folder: Path, body: Body) -> SoftwareVault:
    return SoftwareVault.create(folder / f"{file_name(body)}.vault", PASSPHRASE, body, work=14)
