"""What ``kinds.toml`` says of each kind of incident."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from shebaoka.office.base.catalogue import Words
from shebaoka.office.incidents.choices import DutyKind, IncidentKind, Level
from shebaoka.office.organizations.choices import Kind
from shebaoka.spec.loading import read_toml

_BY_BODY = {Kind.MINISTRY: Level.I, Kind.PROVINCE: Level.II}


class KindEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``level``: of the incident as long as nobody grades it otherwise; ``at_once``: what is done first;
    ``duties``: reports beside those every incident needs."""

    level: Literal["body", "I", "II", "III", "IV"]
    at_once: Words
    duties: tuple[DutyKind, ...] = ()

    def level_at(self, kind_of_body: str) -> Level:
        """The level at a body of that kind: its own keys' level, or the fixed one."""
        if self.level != "body":
            return Level[self.level]
        return _BY_BODY.get(Kind(kind_of_body), Level.III)


@cache
def kinds() -> dict[IncidentKind, KindEntry]:
    """All of them. Raises ValueError when one is missing or unknown."""
    found = msgspec.convert(read_toml(Path(__file__).with_name("kinds.toml")), dict[str, KindEntry])
    if set(found) != set(IncidentKind.values):
        raise ValueError(f"kinds.toml: {sorted(set(found) ^ set(IncidentKind.values))}")
    return {IncidentKind(name): entry for name, entry in found.items()}
