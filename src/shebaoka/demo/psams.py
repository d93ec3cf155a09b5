"""PSAMs for the terminals of a city, in two makes: keys at the level of their roots, or all at city level."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.demo.hierarchy import Region, World
from shebaoka.personalization.psam_levels import LOADING_KEYS, load_level
from shebaoka.personalization.psams import PsamOrder, make_psam
from shebaoka.psam.psam import blank_psam
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import KeyEntry, Scope
from shebaoka.vault.catalogue import SUITES
from shebaoka.vault.model import Body, Level
from shebaoka.vault.rules import MAKER
from shebaoka.vault.software import SoftwareVault

TRANSPORT_KEY = b"TEST_ONLY-PSAM-T"


@dataclass(frozen=True)
class Loading:
    """A level put its keys into a PSAM: who, under which loading key, how many, over both ciphers."""

    body: Body
    loading_key: str
    keys: int


@dataclass(frozen=True)
class Psam:
    """A finished PSAM: its chip, its terminal number, who loaded it in which order."""

    chip: Chip
    terminal: str
    loadings: tuple[Loading, ...]


class PsamIssuer:
    """Issues PSAMs for the terminals of one city."""

    def __init__(self, world: World, region: Region) -> None:
        self._ministry, self._region = world.ministry, region
        self._vaults: dict[Level, SoftwareVault] = {
            Level.NATION: world.ministry,
            Level.PROVINCE: region.province,
            Level.CITY: region.city,
        }

    def full(self, number: int) -> Psam:
        """A PSAM with every key at the level of its root: national keys (6x) open cards of the whole country,
        provincial ones (4x) of the province, city ones (2x) of the city."""
        return self._issue(number, {MAKER[scope]: made for scope in Scope if (made := self._made_by(scope))})

    def local(self, number: int) -> Psam:
        """A PSAM with all keys at city level (2x): it serves cards of its city only."""
        return self._issue(number, {Level.CITY: self._region.catalogue()})

    def _made_by(self, scope: Scope) -> list[KeyEntry]:
        return [entry for entry in self._region.catalogue() if entry.scope is scope]

    def _issue(self, number: int, keys: dict[Level, Sequence[KeyEntry]]) -> Psam:
        city = self._region.data.city.code
        order = PsamOrder.numbered(f"{city}{number:06d}", date(2020, 1, 1), date(2099, 12, 31))
        chip = blank_psam(
            MemoryStore(),
            historical=order.historical,
            algorithm=SUITES[0],
            transport_key=TRANSPORT_KEY,
        )
        reader = InProcessReader(chip)
        reader.reset()
        make_psam(reader, order, self._ministry, _transport)
        loadings = []
        for level in sorted(keys, key=list(Level).index):  # the ministry first
            vault = self._vaults[level]
            count = sum(load_level(reader, vault, keys[level], suite, city) for suite in SUITES)
            loadings.append(Loading(vault.owner, LOADING_KEYS[level], count))
        reader.close()
        return Psam(chip, order.terminal, tuple(loadings))


def _transport(suite: Algorithm) -> SoftwareCipher:
    return SoftwareCipher(suite, TRANSPORT_KEY)
