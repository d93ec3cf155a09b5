"""Which keys a body makes: definitions from the key catalogue, and the keys the issuer adds of its own.

Issuer keys (Part 10 §6.1.2): a master key per directory of the card (``MF-MK``, ``SSSE-MK``,
``DF01-MK``...) and ``ISSUER-MAC`` for the authentication code in the identification code, all of city
scope. The keys that administer PSAMs (``ADF-MK``, ``DDF-MK``, ``KID-01``..``KID-03``) are national; KID-01
stays at the ministry, KID-02 reaches the provinces, KID-03 and ADF-MK the cities, so that each body can
load the keys of its own level and no other."""

from collections.abc import Iterable

from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import KeyEntry, Scope
from shebaoka.vault.model import KeyDefinition, Level

SUITES = (Algorithm.TDES, Algorithm.SM4)
CARD_DIRECTORIES = ("MF", "SSSE", "DF01", "DF02", "DF03", "DF04", "DF07")
ISSUER_MAC = "ISSUER-MAC"
PSAM_ROOT = "PSAM-MK"
"""Master key of a whole PSAM (its MF); named apart from ``MF-MK``, the cards' own."""

CONTROL = "MCK"
TRANSPORT = "CARRIER-TK"
ISSUER = "CARRIER-MK"
"""Keys of the carriers themselves: control key, a body's roots of transport keys and of issuer keys."""

CONTROL_USAGE = "control"
TRANSPORT_USAGE = "transport"
MASTER = "master"
PSAM_ACCESS = "psam-access"
ISSUER_AUTHENTICATION = "issuer-authentication"

_PSAM_REACH = {
    PSAM_ROOT: (MASTER, Level.NATION),
    "ADF-MK": (MASTER, Level.CITY),
    "DDF-MK": (MASTER, Level.CITY),
    "KID-01": (PSAM_ACCESS, Level.NATION),
    "KID-02": (PSAM_ACCESS, Level.PROVINCE),
    "KID-03": (PSAM_ACCESS, Level.CITY),
}


def key_algorithm(entry: KeyEntry, suite: Algorithm) -> Algorithm:
    """The algorithm of a catalogue key in a key set: single DES for 8-byte keys of the 3DES set (decision
    K10)."""
    return Algorithm.DES if suite is Algorithm.TDES and entry.length == 8 else suite


def card_definitions(
    entries: Iterable[KeyEntry], suite: Algorithm, scope: Scope
) -> tuple[KeyDefinition, ...]:
    """All versions of the catalogue keys of one scope for the 3DES set (``TDES``) or the SM4 set."""
    return tuple(
        KeyDefinition(entry.name, entry.role, key_algorithm(entry, suite), version, entry.scope)
        for entry in entries
        if entry.scope is scope
        for version in range(1, entry.versions + 1)
    )


def issuer_definitions(
    suite: Algorithm, directories: Iterable[str] = CARD_DIRECTORIES
) -> tuple[KeyDefinition, ...]:
    """The city's own keys: a master key per directory of the card and the key of the authentication code."""
    masters = (KeyDefinition(master_name(id_), MASTER, suite, exportable=False) for id_ in directories)
    return (*masters, KeyDefinition(ISSUER_MAC, ISSUER_AUTHENTICATION, suite, exportable=False))


def psam_definitions(suite: Algorithm) -> tuple[KeyDefinition, ...]:
    """The national keys that administer PSAMs."""
    return tuple(
        KeyDefinition(name, usage, suite, scope=Scope.NATION, reach=reach)
        for name, (usage, reach) in _PSAM_REACH.items()
    )


def carrier_definitions(level: Level, suite: Algorithm) -> tuple[KeyDefinition, ...]:
    """What a body needs to issue carriers: its roots of transport and issuer keys, which never leave its
    vault but wrapped for a chip, and at the ministry the control key's root before them."""
    scope = Scope(level.value)
    own = tuple(
        KeyDefinition(name, usage, suite, scope=scope, reach=level, exportable=False)
        for name, usage in ((TRANSPORT, TRANSPORT_USAGE), (ISSUER, MASTER))
    )
    control = KeyDefinition(CONTROL, CONTROL_USAGE, suite, scope=Scope.NATION)
    return (control, *own) if level is Level.NATION else own


def master_name(directory: str) -> str:
    """Catalogue name of a directory's master key: ``SSSE-MK``."""
    return f"{directory}-MK"
