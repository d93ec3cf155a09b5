"""PSAMs for the terminals of a city, in two makes: keys at the level of their roots, or all at city level."""

from collections.abc import Iterable
from datetime import date

from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.demo.hierarchy import Region, World
from shebaoka.personalization.psam_levels import load_level
from shebaoka.personalization.psams import PsamOrder, make_psam
from shebaoka.psam.psam import blank_psam
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import KeyEntry, Scope
from shebaoka.vault.catalogue import SUITES
from shebaoka.vault.model import Level
from shebaoka.vault.rules import MAKER
from shebaoka.vault.software import SoftwareVault

TRANSPORT_KEY = b"TEST_ONLY-PSAM-T"


class PsamIssuer:
    """Issues PSAMs for the terminals of one city."""

    def __init__(self, world: World, region: Region) -> None:
        self._ministry, self._region = world.ministry, region
        self._vaults: dict[Level, SoftwareVault] = {
            Level.NATION: world.ministry,
            Level.PROVINCE: region.province,
            Level.CITY: region.city,
        }

    def full(self, number: int) -> Chip:
        """A PSAM with every key at the level of its root: national keys (6x) open cards of the whole country,
        provincial ones (4x) of the province, city ones (2x) of the city."""
        return self._issue(number, {MAKER[scope]: self._made_by(scope) for scope in Scope})

    def local(self, number: int) -> Chip:
        """A PSAM with all keys at city level (2x): it serves cards of its city only."""
        return self._issue(number, {Level.CITY: self._region.catalogue()})

    def _made_by(self, scope: Scope) -> list[KeyEntry]:
        return [entry for entry in self._region.catalogue() if entry.scope is scope]

    def _issue(self, number: int, keys: dict[Level, Iterable[KeyEntry]]) -> Chip:
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
        for suite in SUITES:
            for level, entries in keys.items():
                load_level(reader, self._vaults[level], entries, suite, city)
        reader.close()
        return chip


def _transport(suite: Algorithm) -> SoftwareCipher:
    return SoftwareCipher(suite, TRANSPORT_KEY)
