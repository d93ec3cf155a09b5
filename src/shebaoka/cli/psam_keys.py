"""Which keys a level loads into a PSAM, and what a PSAM says about itself."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from shebaoka.cli.vault_roots import GENERATION, entries_of
from shebaoka.personalization.errors import LoadError
from shebaoka.personalization.psam_contents import loaded_keys, wiped
from shebaoka.personalization.psam_levels import LOADING_KEYS, enter, load_level, wipe_psam
from shebaoka.personalization.psam_versions import publish_live, versions_of
from shebaoka.personalization.psam_wire import INFORMATION
from shebaoka.reader.base import Reader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.vault.card_records import Note, promised, unrecorded
from shebaoka.vault.contents import Act
from shebaoka.vault.model import KeyNotFoundError, Vault
from shebaoka.vault.rules import MAKER


def load_keys(
    reader: Reader,
    vault: Vault,
    extensions: tuple[Path, ...],
    *,
    everything: bool,
    note: Note = unrecorded,
) -> dict[Algorithm, int]:
    """Load the vault's own roots (``everything``: its sub-keys too) in each cipher suite it has; how many.
    ``note`` is told what the PSAM will hold, when it knows the level's loading key and before it holds
    anything, and when it does."""
    reader.reset()
    terminal = PsamKeys(reader).terminal_number()
    present = {(handle.name, suite) for handle in vault.handles() for suite in _suites(handle.algorithm)}
    wanted = {
        suite: [
            entry
            for entry in entries_of(suite, extensions)
            if (entry.name, suite) in present and (everything or MAKER[entry.scope] is vault.owner.level)
        ]
        for suite in GENERATION
    }
    own = [(entry, suite) for suite, entries in wanted.items() for entry in entries]
    held = {}
    for suite in {suite for _, suite in own}:
        mine = [entry for entry in wanted[suite] if MAKER[entry.scope] is vault.owner.level]
        held[suite] = publish_live(reader, vault, mine, suite, terminal[:6])
    contents = loaded_keys(vault, own, terminal, datetime.now(UTC), held)
    if own:
        for suite in held:
            enter(reader, vault, suite, terminal[:6])
        note(Act.FILLING, contents)
    loaded = {}
    for suite, entries in wanted.items():
        if entries:
            loaded[suite] = sum(
                load_level(reader, vault, entries, suite, terminal[:6], version=version)
                for version in (None, *held[suite][1])
            )
    if own:
        note(Act.FILLED, contents)
    return loaded


def wipe_keys(reader: Reader, vault: Vault, note: Note = unrecorded) -> str:
    """Erase every key of the PSAM with the level's loading key, in a suite the vault has; its terminal
    number."""
    reader.reset()
    terminal = PsamKeys(reader).terminal_number()
    loading = LOADING_KEYS[vault.owner.level]
    suites = {suite for h in vault.handles() if h.name == loading for suite in _suites(h.algorithm)}
    if not suites:
        raise KeyNotFoundError(f"the vault of {vault.owner} holds no {loading}")
    contents = wiped(vault.owner, terminal, datetime.now(UTC))
    with promised(note, Act.ERASING, contents):
        wipe_psam(reader, vault, next(suite for suite in GENERATION if suite in suites), terminal[:6])
    return terminal


def facts(reader: Reader) -> dict[str, str]:
    """What can be read without any key."""
    reader.reset()
    info = PsamKeys(reader).info()
    told = {
        "terminal number": info.terminal,
        "serial": info.serial,
        "issuer": f"{info.issuer:02X}",
        "sequence": "" if info.sequence is None else str(info.sequence),
    }
    for steps, level in info.levels.items():
        name = {3: "national", 2: "provincial", 1: "city"}[steps]
        told[name] = (
            f"medical key index {level.medical_index}, authentication key version "
            f"{level.authentication_version}, valid {level.valid_from}-{level.valid_until}"
        )
    return told | {"key versions": "; ".join(_versions(reader))}


def _versions(reader: Reader) -> Iterator[str]:
    """What each environment publishes for national, provincial and city keys, and has beside it."""
    for suite in GENERATION:
        try:
            of_levels = [versions_of(reader, suite, level) for level in INFORMATION]
        except LoadError:  # an environment that was not made
            continue
        beside = "".join(f", {version} beside" for version in of_levels[0][1])
        yield f"{suite.label} {'/'.join(str(published) for published, _ in of_levels)}{beside}"


def _suites(algorithm: Algorithm) -> tuple[Algorithm, ...]:
    return (Algorithm.SM4,) if algorithm is Algorithm.SM4 else (Algorithm.TDES,)
