"""Which keys a script's selections mean, from the key catalogue of the body's level."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import Scope
from shebaoka.vault.catalogue import (
    CARD_DIRECTORIES,
    card_definitions,
    carrier_definitions,
    issuer_definitions,
    psam_definitions,
)
from shebaoka.vault.ceremony.script import CeremonyError, Script, Selection, Source
from shebaoka.vault.lifecycle import FIXED_USAGES
from shebaoka.vault.model import KeyDefinition, Level

_SUITES = {"3DES": Algorithm.TDES, "SM4": Algorithm.SM4}
_GENERATION = {Algorithm.TDES: "2.0", Algorithm.SM4: "3.0"}
_SCOPE = {Level.NATION: Scope.NATION, Level.PROVINCE: Scope.PROVINCE, Level.CITY: Scope.CITY}


class Planned(NamedTuple):
    """A key to be made, and from what."""

    definition: KeyDefinition
    source: Source


def planned_keys(script: Script) -> tuple[Planned, ...]:
    """The keys of a script in the order of its selections. Raises CeremonyError for an unknown suite, name or
    version, and for a selection that means nothing new."""
    taken: dict[tuple[str, int, Algorithm], Planned] = {}
    for selection in script.keys:
        found = [
            definition
            for definition in _wanted(script, selection)
            if (not selection.names or definition.name in selection.names)
            and (not selection.versions or definition.version in selection.versions)
            and _key(definition) not in taken
        ]
        _complete(selection, found)
        for definition in found:
            taken[_key(definition)] = Planned(definition, selection.source or script.source)
    return tuple(taken.values())


def _key(definition: KeyDefinition) -> tuple[str, int, Algorithm]:
    return definition.name, definition.version, definition.algorithm


def _wanted(script: Script, selection: Selection) -> Sequence[KeyDefinition]:
    """The keys of the level; for a rotation each that is rotated once, in the version that follows."""
    found = _level(script, selection)
    if selection.next is None:
        return found
    if selection.versions:
        raise CeremonyError("a selection has versions, or the next one of a rotation, not both")
    first = (each for each in found if each.version == 1 and each.usage not in FIXED_USAGES)
    return [replace(each, version=selection.next) for each in first]


def _level(script: Script, selection: Selection) -> Sequence[KeyDefinition]:
    suite = _SUITES.get(selection.suite)
    if suite is None:
        raise CeremonyError(f"keys of suite {selection.suite!r}: choose 3DES or SM4")
    extensions = [Path(name) for name in script.extensions]
    generation, level = _GENERATION[suite], script.body.level
    catalogue = card_definitions(key_catalogue(generation, extensions), suite, _SCOPE[level])
    if level is Level.NATION:
        return *catalogue, *psam_definitions(suite), *carrier_definitions(level, suite)
    if level is Level.PROVINCE:
        return *catalogue, *carrier_definitions(level, suite)
    layout = card_layout(generation, extensions)
    own = [directory.id for directory in layout.directories if directory.id not in CARD_DIRECTORIES]
    return *issuer_definitions(suite, (*CARD_DIRECTORIES, *own)), *catalogue


def _complete(selection: Selection, found: Sequence[KeyDefinition]) -> None:
    names = {definition.name for definition in found}
    missing = [name for name in selection.names if name not in names]
    if missing:
        raise CeremonyError(
            f"{missing[0]}: no {selection.suite} key of this body's level in the wanted version, "
            "or it is named twice"
        )
    if not found:
        raise CeremonyError(
            f"the selection of {selection.suite} keys means no key that is not chosen already"
        )
