"""Which key versions a PSAM serves: those of the vaults that fill it, the live one published (Part 9
§5.5-5.7).

A body's keys are born in one or several groups, the versions from 1 on, and are then rotated together in one
version number. So its sets are version 1, with the groups born beside it, and the number of each rotation;
the live set is the one with the highest number that is active."""

from collections.abc import Iterable, Iterator, Sequence

from shebaoka.codec.fci import parse_fci
from shebaoka.personalization.psam_levels import PURCHASE, enter, holds, psam_handles
from shebaoka.personalization.psam_wire import (
    INFORMATION,
    answer,
    application_name,
    published_version,
    select_application,
    send,
)
from shebaoka.reader.base import Reader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.model import KeyEntry
from shebaoka.vault.lifecycle import serving
from shebaoka.vault.model import Level, Vault
from shebaoka.vault.psam import usage_byte
from shebaoka.vault.rules import MAKER
from shebaoka.vault.states import Use

Versions = tuple[int, tuple[int, ...]]
"""The version published, and those that have an application of their own beside it."""

GENERATION = {Algorithm.TDES: "2.0", Algorithm.SM4: "3.0"}


def live_versions(vault: Vault, suite: Algorithm, entries: Iterable[KeyEntry] | None = None) -> Versions:
    """What a PSAM made now has to serve of a body's own keys: the live set is published, the active ones
    before it stand beside, for the cards that were made with them. ``entries``: default the catalogue."""
    if entries is None:
        entries = key_catalogue(GENERATION[suite], annex=True)
    sets = {
        handle.version
        for entry in _own(vault, entries)
        for handle in serving(vault, entry.name, suite, Use.PSAMS)
        if handle.version == 1 or handle.version > entry.versions
    }
    published, *further = sorted(sets, reverse=True) or [1]
    return published, tuple(further)


def versions_of(reader: Reader, suite: Algorithm, level: Level) -> Versions:
    """What the PSAM in the reader publishes for a level and has beside it, in one environment."""
    select_application(reader, suite)
    published = published_version(reader, level)
    name, found = application_name(), list[int]()
    while True:
        raw = answer(reader, b"\x00\xa4\x04\x02" + bytes((len(name),)) + name, "SELECT the next application")
        if raw[-2:] != b"\x90\x00":
            return published, tuple(found)
        own = parse_fci(raw[:-2]).name
        if len(own) != len(name) + 1 or own[-1] in found:
            return published, tuple(found)
        found.append(own[-1])


def publish_live(
    reader: Reader, vault: Vault, entries: Sequence[KeyEntry], suite: Algorithm, city_code: str
) -> Versions:
    """Before a level loads its first key: a PSAM that was ordered without the live version of its keys
    publishes it for this level, in the level's own information file. A PSAM that has keys of the level stays
    as it is. Gives what it serves then. Raises LoadError, PersonalizationError."""
    level = vault.owner.level
    published, beside = versions_of(reader, suite, level)
    live, _ = live_versions(vault, suite, entries)
    if live in (published, *beside):
        return published, beside
    enter(reader, vault, suite, city_code)
    for entry in _own(vault, entries):
        usage = usage_byte(level, entry.psam_type or 0)
        for _, identifier in psam_handles(vault, entry, suite, live):
            if holds(reader, usage, identifier, suite):
                return published, beside
    command = bytes((0x00, 0xD6, 0x80 | INFORMATION[level] & 0x1F, 0x01, 0x01, live))
    send(reader, command, f"UPDATE BINARY of the {level}'s key version")
    return live, beside


def _own(vault: Vault, entries: Iterable[KeyEntry]) -> Iterator[KeyEntry]:
    """The keys that the vault's body makes and PSAMs hold by version."""
    for entry in entries:
        if entry.psam_type not in (None, PURCHASE) and MAKER[entry.scope] is vault.owner.level:
            yield entry
