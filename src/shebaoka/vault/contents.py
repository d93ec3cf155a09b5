"""What a carrier or PSAM holds, told without secrets, so that it can still be told when the card is gone.

A :class:`KeyFact` is a key as lists name it; :class:`Contents` is what one card carries. Both have a plain
form for journals and JSON files; :func:`held` folds the records of a journal into what each card holds now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from shebaoka.vault.model import Body, KeyHandle, Level, VaultError


class Card(StrEnum):
    """What kind of card carries keys (M47 art. 23)."""

    MASTER_CONTROL = "master-control"
    MOTHER = "mother"
    TRANSMISSION = "transmission"
    PSAM = "psam"


class Act(StrEnum):
    """What happened to a card: it was issued empty of application keys, filled (a PSAM: keys were added), or
    made empty again (erased, wiped)."""

    ISSUED = "carrier-issued"
    FILLED = "carrier-filled"
    EMPTIED = "carrier-emptied"


class KeyFact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key without its bytes. ``id``: unique in the hierarchy; ``owner``: code of the body that has it,
    empty for the ministry; ``algorithm``: its label; ``parent``: id of the key above, empty for a root;
    ``kcv``: check value, six hex digits."""

    id: str
    owner: str
    level: Level
    name: str
    usage: str
    version: int
    algorithm: str
    parent: str
    kcv: str

    def __str__(self) -> str:
        return f"{self.name} v{self.version} {self.algorithm} of {self.owner or 'the ministry'}"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a card holds. ``serial``: 16 digits of a carrier, terminal number (12) of a PSAM; ``receiver``:
    the body it is for; ``reference``: of the export, hex, empty without; ``keys``: those on it, for a
    transmission card none; ``time``: when that was recorded."""

    card: Card
    serial: str
    sender: Body
    receiver: Body
    keys: tuple[KeyFact, ...]
    time: datetime
    reference: str = ""

    def __str__(self) -> str:
        if self.card is Card.PSAM:
            return f"PSAM {self.serial}"
        return f"{self.card} card {self.serial} of {self.receiver}"

    def data(self) -> dict[str, Any]:
        """The plain form, without the time: a journal record has one of its own."""
        return {
            "card": str(self.card),
            "serial": self.serial,
            "sender": msgspec.to_builtins(self.sender),
            "receiver": msgspec.to_builtins(self.receiver),
            "reference": self.reference,
            "keys": msgspec.to_builtins(self.keys),
        }

    @classmethod
    def of(cls, data: Mapping[str, Any], time: datetime) -> "Contents":
        """Inverse of :meth:`data`. Raises VaultError."""
        try:
            return msgspec.convert({**data, "time": time}, cls)
        except (msgspec.ValidationError, VaultError) as error:
            raise VaultError(f"this is no record of what a card carries: {error}") from None


def fact_of(handle: KeyHandle) -> KeyFact:
    """A key of a vault as lists name it."""
    return KeyFact(
        handle.id,
        handle.owner.code,
        handle.level,
        handle.name,
        handle.usage,
        handle.version,
        handle.algorithm.label,
        handle.parent,
        handle.kcv,
    )


def held(records: Iterable[tuple[Act, Contents]]) -> dict[str, Contents]:
    """What each card holds after all ``records``, in their order, by serial number.

    Filling a carrier replaces what it held, filling a PSAM adds to it (every level loads its own); an
    emptied card stays in the answer, with no keys."""
    now: dict[str, Contents] = {}
    for act, contents in records:
        before = now.get(contents.serial)
        if act is Act.EMPTIED:
            contents = replace(contents, keys=(), reference="")
        elif contents.card is Card.PSAM and before is not None:
            keys = {key.id: key for key in (*before.keys, *contents.keys)}
            contents = replace(contents, keys=tuple(keys.values()))
        now[contents.serial] = contents
    return now
