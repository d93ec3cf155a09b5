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
    """What happens to a card. It is about to be issued empty of application keys, filled (a PSAM: keys are
    added) or made empty again (erased, wiped), and then it is; or it refused, and is as it was
    (``ABANDONED``). Begun and not ended: interrupted, and what the card holds is not known."""

    ISSUING = "carrier-issuing"
    ISSUED = "carrier-issued"
    FILLING = "carrier-filling"
    FILLED = "carrier-filled"
    ERASING = "carrier-erasing"
    EMPTIED = "carrier-emptied"
    ABANDONED = "carrier-abandoned"


ENDS = {Act.ISSUED: Act.ISSUING, Act.FILLED: Act.FILLING, Act.EMPTIED: Act.ERASING}
"""What each act ends."""


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


class Holdings:
    """What each card holds, record after record. ``now``: by serial number; ``open``: what was begun with a
    card and not ended."""

    def __init__(self, records: Iterable[tuple[Act, Contents]] = ()) -> None:
        self.now: dict[str, Contents] = {}
        self.open: dict[str, Act] = {}
        self._before: dict[tuple[str, str], Contents | None] = {}
        for act, contents in records:
            self.take(act, contents)

    def take(self, act: Act, contents: Contents) -> None:
        """The next record. Between begin and end a card is told to hold what it may hold: a loss counts for
        all of it."""
        serial = contents.serial
        place = contents.sender.code, serial
        if act in ENDS.values():
            self.open[serial] = act
            self._before.setdefault(place, self.now.get(serial))
        else:
            self.open.pop(serial, None)
        if act is Act.ABANDONED:
            self._restore(contents, self._before.pop(place, self.now.get(serial)))
        elif act is not Act.ERASING:
            self.now[serial] = self.after(act, contents)
        if act in ENDS:
            self._before.pop(place, None)

    def after(self, act: Act, contents: Contents) -> Contents:
        """What the card holds when this is done."""
        before = self.now.get(contents.serial)
        if act in (Act.EMPTIED, Act.ERASING):
            return replace(before or contents, keys=(), reference="", time=contents.time)
        if contents.card is Card.PSAM and before is not None:
            keys = {key.id: key for key in (*before.keys, *contents.keys)}
            return replace(contents, keys=tuple(keys.values()))
        return contents

    def _restore(self, contents: Contents, before: Contents | None) -> None:
        """Without what was not brought on; a PSAM keeps what other bodies loaded meanwhile."""
        serial = contents.serial
        if contents.card is Card.PSAM and serial in self.now:
            kept = {key.id for key in before.keys} if before else set()
            gone = {key.id for key in contents.keys} - kept
            now = self.now[serial]
            keys = tuple(key for key in now.keys if key.id not in gone)
            before = replace(before or now, keys=keys) if before or keys else None
        if before is None:
            self.now.pop(serial, None)
        else:
            self.now[serial] = before


def held(records: Iterable[tuple[Act, Contents]]) -> dict[str, Contents]:
    """What each card holds after all ``records``, in their order, by serial number.

    Filling a carrier replaces what it held, filling a PSAM adds to it (every level loads its own); an
    emptied card stays in the answer, with no keys."""
    return Holdings(records).now
