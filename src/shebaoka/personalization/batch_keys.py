"""``keys.json`` of a batch: which keys its cards got, by name, version and check value, never a key.

With it and the return file a loss can be traced to cards years later, whatever the catalogue says then."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.returns import replaced
from shebaoka.personalization.state import SETTINGS, read_settings
from shebaoka.vault.catalogue import ISSUER_MAC, key_algorithm, master_name
from shebaoka.vault.contents import KeyFact, fact_of
from shebaoka.vault.model import KeyHandle

KEYS = "keys.json"

KeyName = tuple[str, int, str]
"""Name, version and algorithm label."""


def add_keys(directory: Path, handles: Iterable[KeyHandle]) -> None:
    """Adds the city keys that cards of the batch are made with; the file only ever grows, so that a batch
    resumed with other versions names both."""
    known = {fact.id: fact for fact in _read(directory / KEYS)}
    wanted = known | {handle.id: fact_of(handle) for handle in handles}
    if wanted != known:
        with replaced(directory / KEYS, "utf-8") as file:
            file.write(msgspec.json.format(msgspec.json.encode(list(wanted.values()))).decode() + "\n")


def keys_of_batch(directory: Path) -> frozenset[KeyName] | None:
    """The keys on the cards of a batch: those it noted, else those its product orders; None when the folder
    has neither (a return file that was moved). Raises PersonalizationError for a damaged file."""
    facts = _read(directory / KEYS)
    if facts:
        return frozenset((fact.name, fact.version, fact.algorithm) for fact in facts)
    if not (directory / SETTINGS).exists():
        return None
    settings = read_settings(directory)
    suite = settings.product.suite
    catalogue = {
        (entry.name, version, key_algorithm(entry, suite).label)
        for entry in settings.entries()
        for version in range(1, entry.versions + 1)
    }
    own = ("MF", *(each.id for each in settings.layout().directories))
    return frozenset(catalogue | {(name, 1, suite.label) for name in (*map(master_name, own), ISSUER_MAC)})


def _read(path: Path) -> list[KeyFact]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[KeyFact])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.MsgspecError) as error:
        raise PersonalizationError(f"{path}: cannot be read: {error}; restore it from its backup") from None
