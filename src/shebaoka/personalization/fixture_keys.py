"""Keys of a fixture: roots by rule or explicit, diversified down to the level where they are stored.

TEST_ONLY: the roots are public strings. Real keys come from a vault and never appear here.
"""

from collections.abc import Iterable

from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.factors import card_factor, city_factor, province_factor
from shebaoka.crypto.formulas import diversification_input
from shebaoka.personalization.fixture_schema import FixtureError, Keys, KeyVersions
from shebaoka.personalization.plan import KeySlot
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import KeyEntry

TEST_TRANSPORT_KEY = b"TEST_ONLY-TRANSP"
"""Transport key (默认传输密钥) of blank chips made for fixtures."""


def root_by_rule(name: str, version: int, size: int) -> bytes:
    """TEST_ONLY national root: ASCII name (from version 2 with the digit) filled with A5 to ``size`` bytes.

    >>> root_by_rule("IRK", 2, 8).hex()
    '49524b32a5a5a5a5'
    """
    label = name if version == 1 else f"{name}{version}"
    return label.encode("ascii").ljust(size, b"\xa5")[:size]


class FixtureKeys:
    """Key values of one fixture. ``factors``: the diversification steps below the national root."""

    def __init__(self, keys: Keys, city_code: str, historical: bytes, source: str) -> None:
        self._keys, self._source = keys, source
        self._factors = (province_factor(city_code), city_factor(city_code), card_factor(historical))

    def versions(self, entry: KeyEntry) -> range:
        """Version numbers of a catalogue key: count by name, else by role, else the catalogue's."""
        counts = self._keys.versions
        return range(1, 1 + counts.get(entry.name, counts.get(entry.role.value, entry.versions)))

    def try_limit(self, name: str) -> int:
        """Try limit of a key."""
        return self._keys.limits.get(name, self._keys.limit)

    def card_key(self, slot: KeySlot, algorithm: Algorithm) -> bytes:
        """The key of the card: explicit, or the root diversified in three steps (Part 9 §7.3)."""
        explicit = self._explicit(self._keys.card, slot, algorithm, "card")
        return explicit if explicit is not None else self.level_key(slot, algorithm, 3)

    def level_key(self, slot: KeySlot, algorithm: Algorithm, steps: int) -> bytes:
        """The root after ``steps`` diversifications: 0 nation, 1 province, 2 city, 3 card."""
        key = self._root(slot, algorithm)
        for factor in self._factors[:steps]:
            key = SoftwareCipher(algorithm, key).encrypt(diversification_input(factor, algorithm))
        return key

    def _root(self, slot: KeySlot, algorithm: Algorithm) -> bytes:
        explicit = self._explicit(self._keys.roots, slot, algorithm, "roots")
        if explicit is not None:
            return explicit
        if self._keys.rule == "none":
            raise FixtureError(self._source, f"keys.roots.{slot.name}.{slot.version}", "missing, and no rule")
        return root_by_rule(slot.name, slot.version, algorithm.key_size)

    def _explicit(
        self, table: dict[str, KeyVersions], slot: KeySlot, algorithm: Algorithm, where: str
    ) -> bytes | None:
        text = table.get(slot.name, {}).get(str(slot.version))
        if text is None:
            return None
        return self.explicit_value(text, algorithm, f"keys.{where}.{slot.name}.{slot.version}")

    def explicit_value(self, text: str, algorithm: Algorithm, place: str) -> bytes:
        """An explicit key of ``algorithm``. Raises FixtureError for another length."""
        value = bytes.fromhex(text)
        if len(value) != algorithm.key_size:
            need = f"{algorithm.label} needs {algorithm.key_size} bytes, not {len(value)}"
            raise FixtureError(self._source, place, need)
        return value

    def check_names(self, known: set[str]) -> None:
        """Refuse names that are no key of the chip. Raises FixtureError."""
        keys = self._keys
        tables: dict[str, Iterable[str]] = {"versions": keys.versions, "limits": keys.limits}
        tables |= {"roots": keys.roots, "card": keys.card}
        for table, entries in tables.items():
            for name in entries:
                if name not in known:
                    raise FixtureError(
                        self._source, f"keys.{table}.{name}", "no key of this chip has this name"
                    )
