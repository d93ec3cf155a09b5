"""What a PSAM is about to hold, for the journal of cards (:mod:`shebaoka.vault.card_records`)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from shebaoka.personalization.psam_levels import psam_handles, steps_below
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import KeyEntry
from shebaoka.vault.contents import Card, Contents, KeyFact, fact_of
from shebaoka.vault.model import Body, KeyHandle, Level, Vault
from shebaoka.vault.register import sub_key

_OWN_KEYS = {
    "KID-01": Level.NATION,
    "KID-02": Level.PROVINCE,
    "KID-03": Level.CITY,
    "ADF-MK": Level.CITY,
    "DDF-MK": Level.CITY,
}
"""The keys that administer a PSAM, each as the level that uses it knows it. The master key of the whole PSAM
is its own alone and no key of the hierarchy below."""


def loaded_keys(
    vault: Vault,
    entries: Iterable[tuple[KeyEntry, Algorithm]],
    terminal: str,
    time: datetime,
    versions: Mapping[Algorithm, tuple[int, tuple[int, ...]]] | None = None,
) -> Contents:
    """The keys that a level loads for ``entries`` in their cipher suites. ``terminal``: 12 digits;
    ``versions``: published and further key versions of the PSAM. Raises VaultError for a key the vault
    lacks."""
    handles = (
        handle
        for entry, suite in entries
        for published, further in [(versions or {}).get(suite, (1, ()))]
        for version in (published, *further)
        for handle, _ in psam_handles(vault, entry, suite, version, beside=version in further)
    )
    return _contents(vault.owner, terminal, map(fact_of, handles), time)


def made_keys(ministry: Vault, suites: Sequence[Algorithm], terminal: str, time: datetime) -> Contents:
    """The keys that the ministry makes a PSAM of a city with, for each cipher suite."""
    facts = [
        _at(ministry, ministry.find(name, 1, suite), level, terminal[:6])
        for suite in suites
        for name, level in _OWN_KEYS.items()
    ]
    return _contents(ministry.owner, terminal, facts, time)


def wiped(owner: Body, terminal: str, time: datetime) -> Contents:
    """A PSAM whose keys ``owner`` erased."""
    return _contents(owner, terminal, (), time)


def _contents(sender: Body, terminal: str, keys: Iterable[KeyFact], time: datetime) -> Contents:
    code = terminal[:6]
    return Contents(Card.PSAM, terminal, sender, Body(Level.CITY, code, code), tuple(keys), time)


def _at(ministry: Vault, handle: KeyHandle, level: Level, city_code: str) -> KeyFact:
    """The national key as the province or city of the PSAM has it."""
    factors = steps_below(Level.NATION, city_code)
    for depth, (below, code) in enumerate(((Level.PROVINCE, city_code[:2]), (Level.CITY, city_code)), 1):
        if level.steps_left > below.steps_left:
            break
        cipher = ministry.cipher(ministry.find(handle.name, 1, handle.algorithm), *factors[:depth])
        kcv = cipher.encrypt(bytes(handle.algorithm.block_size))[:3].hex().upper()
        handle = sub_key(handle, Body(below, code, code), factors[depth - 1], kcv)
    return fact_of(handle)
