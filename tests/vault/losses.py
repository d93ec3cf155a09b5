"""A hierarchy with two provinces and five cities, what its carriers hold, and an oracle that finds the
exposed keys by deriving them, without looking at any id, parent or list."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from shebaoka.carriers.identity import Identity
from shebaoka.carriers.keys import TRANSPORT, set_up_carriers
from shebaoka.carriers.records import filled, issued
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.formulas import diversify
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.carried import seal_for
from shebaoka.vault.contents import Act, Contents, KeyFact, fact_of, held
from shebaoka.vault.hierarchy import (
    child_factor,
    hand_down,
    may_receive,
    set_up_city,
    set_up_ministry,
    set_up_province,
)
from shebaoka.vault.model import MINISTRY, Body, KeyHandle, Level
from shebaoka.vault.software import SoftwareVault
from vault.support import ENTRIES

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
PROVINCES = (Body(Level.PROVINCE, "98", "示例甲省"), Body(Level.PROVINCE, "99", "示例乙省"))
CITIES = tuple(Body(Level.CITY, code, code) for code in ("980100", "980200", "980300", "990100", "990200"))
BODIES = (MINISTRY, *PROVINCES, *CITIES)
CODES = tuple(body.code for body in BODIES)
PATTERN = bytes(range(16))


@dataclass(frozen=True)
class World:
    vaults: Mapping[str, SoftwareVault]
    suite: Algorithm

    @property
    def facts(self) -> tuple[KeyFact, ...]:
        return tuple(fact_of(handle) for vault in self.vaults.values() for handle in vault.handles())

    def facts_of(self, code: str) -> tuple[KeyFact, ...]:
        return tuple(fact for fact in self.facts if fact.owner == code)

    def above(self, body: Body) -> SoftwareVault:
        return self.vaults[body.code[:2] if body.level is Level.CITY else ""]

    @property
    def records(self) -> list[tuple[Act, Contents]]:
        """Three carriers for every province and city, made as an export makes them."""
        records = []
        for number, body in enumerate(BODIES[1:], 1):
            above = self.above(body)
            cards = [
                Identity(kind, serial(number, kind), above.owner, body, self.suite, date(2026, 1, 2))
                for kind in ("master-control", "mother", "transmission")
            ]
            records += [(Act.ISSUED, issued(above, card, NOW)) for card in cards]
            handles = [h for h in above.handles() if may_receive(h, body) and h.usage != "control"]
            reference = number.to_bytes(8)
            transport = above.cipher(above.find(TRANSPORT, 1, self.suite), reference)
            sealed = seal_for(above, handles, body, transport, reference)
            records += [(Act.FILLED, each) for each in filled((cards[1], cards[2]), sealed, NOW)]
        return records

    @property
    def contents(self) -> dict[str, Contents]:
        return held(self.records)


def serial(number: int, kind: str) -> str:
    digit = ("master-control", "mother", "transmission").index(kind)
    return f"99000000000000{number}{digit}"


def serial_of(code: str, kind: str) -> str:
    return serial(CODES.index(code), kind)


@cache
def world(suite: Algorithm) -> World:
    vaults = {body.code: SoftwareVault.create(None, "", body) for body in BODIES}
    set_up_ministry(vaults[""], ENTRIES, suite)
    for body in PROVINCES:
        set_up_province(vaults[body.code], ENTRIES, suite)
    for body in CITIES:
        set_up_city(vaults[body.code], ENTRIES, suite, ["MF", "SSSE"])
    for vault in vaults.values():
        set_up_carriers(vault, suite)
    for body in BODIES[1:]:
        own = World(vaults, suite)
        hand_down(own.above(body), vaults[body.code])
    return World(vaults, suite)


def exposed_by_derivation(own: World, lost: Iterable[KeyHandle | tuple[KeyHandle, Body]]) -> set[str]:
    """The ids of all keys in all vaults that can be computed from ``lost``, found by trying: every key of
    every vault against every lost key and every chain of factors. ``(handle, body)``: its sub-key."""
    found = set()
    fingerprints = {print_ for each in lost for cipher in _start(own, each) for print_ in _below(cipher)}
    for vault in own.vaults.values():
        for handle in vault.handles():
            if _fingerprint(vault.cipher(handle)) in fingerprints:
                found.add(handle.id)
    return found


def _start(own: World, lost: KeyHandle | tuple[KeyHandle, Body]) -> Iterator[BlockCipher]:
    if isinstance(lost, KeyHandle):
        yield own.vaults[lost.owner.code].cipher(lost)
    else:
        handle, body = lost
        yield own.vaults[handle.owner.code].cipher(handle, child_factor(body))


def _below(cipher: BlockCipher) -> Iterator[tuple[Algorithm, bytes]]:
    yield _fingerprint(cipher)
    for province in PROVINCES:
        yield _fingerprint(diversify(cipher, child_factor(province)))
    for city in CITIES:
        yield _fingerprint(diversify(cipher, child_factor(city)))
        for province in PROVINCES:
            yield _fingerprint(diversify(diversify(cipher, child_factor(province)), child_factor(city)))


def _fingerprint(cipher: BlockCipher) -> tuple[Algorithm, bytes]:
    return cipher.algorithm, cipher.encrypt(PATTERN)
