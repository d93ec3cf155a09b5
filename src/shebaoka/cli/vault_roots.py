"""Which roots a new vault gets."""

from collections.abc import Sequence
from pathlib import Path

from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import KeyEntry
from shebaoka.vault.catalogue import CARD_DIRECTORIES
from shebaoka.vault.hierarchy import set_up_city, set_up_ministry, set_up_province
from shebaoka.vault.model import Level, Vault

GENERATION = {Algorithm.TDES: "2.0", Algorithm.SM4: "3.0"}


def set_up(vault: Vault, suites: Sequence[Algorithm], extensions: Sequence[Path]) -> None:
    """The roots of the vault's level for each cipher suite, with the keys of extension files."""
    for suite in suites:
        entries = entries_of(suite, extensions)
        match vault.owner.level:
            case Level.NATION:
                set_up_ministry(vault, entries, suite)
            case Level.PROVINCE:
                set_up_province(vault, entries, suite)
            case _:
                layout = card_layout(GENERATION[suite], extensions, annex=True)
                own = [d.id for d in layout.directories if d.id not in CARD_DIRECTORIES]
                set_up_city(vault, entries, suite, (*CARD_DIRECTORIES, *own))


def entries_of(suite: Algorithm, extensions: Sequence[Path] = ()) -> tuple[KeyEntry, ...]:
    """Every key a body may need for cards of a cipher: with the annex applications and, for 3DES, the keys
    that only a 1.0 card has."""
    entries = key_catalogue(GENERATION[suite], extensions, annex=True)
    if suite is not Algorithm.TDES:
        return entries
    present = {entry.name for entry in entries}
    return (*entries, *(entry for entry in key_catalogue("1.0") if entry.name not in present))
