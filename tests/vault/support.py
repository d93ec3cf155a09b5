"""Bodies, a small key catalogue and a hierarchy of vaults in memory."""

from dataclasses import dataclass

from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import KeyEntry, KeyRole, Scope, Text
from shebaoka.vault.hierarchy import hand_down, set_up_city, set_up_ministry, set_up_province
from shebaoka.vault.model import MINISTRY, Body, Level
from shebaoka.vault.software import SoftwareVault

PROVINCE = Body(Level.PROVINCE, "98", "示例甲省")
OTHER_PROVINCE = Body(Level.PROVINCE, "99", "示例乙省")
CITY = Body(Level.CITY, "980100", "示例甲市")


def entry(
    name: str, scope: Scope, *, length: int = 16, versions: int = 1, role: KeyRole = KeyRole.UPDATE
) -> KeyEntry:
    return KeyEntry(name, "DF01", role, Text(name, name), 0x83, length, versions, scope)


ENTRIES = (
    entry("STK", Scope.NATION, length=8, role=KeyRole.MAINTENANCE),
    entry("UK3DF01", Scope.NATION, versions=3),
    entry("UK1DF01", Scope.PROVINCE),
    entry("UKLOCAL", Scope.CITY),
)


def root_of(name: str, size: int) -> bytes:
    """The root of the conformance fixture: the name filled with A5."""
    return name.encode().ljust(size, b"\xa5")[:size]


@dataclass(frozen=True)
class Hierarchy:
    ministry: SoftwareVault
    province: SoftwareVault
    city: SoftwareVault


def hierarchy(suite: Algorithm = Algorithm.TDES) -> Hierarchy:
    ministry, province, city = (SoftwareVault.create(None, "", body) for body in (MINISTRY, PROVINCE, CITY))
    set_up_ministry(ministry, ENTRIES, suite)
    set_up_province(province, ENTRIES, suite)
    set_up_city(city, ENTRIES, suite, ["MF", "SSSE"])
    hand_down(ministry, province)
    hand_down(province, city)
    return Hierarchy(ministry, province, city)
