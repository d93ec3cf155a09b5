"""The three carriers as applications on a chip, each with a command table of its own."""

import os
import time
from collections.abc import Callable
from typing import Final

from shebaoka.chip.application import Application
from shebaoka.chip.blank import initialize
from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Case, Entry
from shebaoka.chip.commands.authenticate import get_challenge
from shebaoka.chip.commands.binary import BINARY
from shebaoka.chip.commands.records import RECORDS
from shebaoka.chip.commands.select import SELECT
from shebaoka.chip.image import ImageError
from shebaoka.chip.profile import STRICT, Profile
from shebaoka.chip.store import Store
from shebaoka.chip.values import KIND
from shebaoka.psam.carrier.content import CONTENTS
from shebaoka.psam.carrier.handing import MASTER_CONTROL_COMMANDS, TRANSMISSION_COMMANDS
from shebaoka.psam.carrier.issue import ISSUE
from shebaoka.psam.carrier.pin import PIN
from shebaoka.psam.carrier.session import SESSION
from shebaoka.psam.carrier.state import MASTER_CONTROL, MOTHER, STATUS, TRANSMISSION
from shebaoka.spec.algorithm import Algorithm

_READING = tuple(entry for entry in (*BINARY, *RECORDS) if entry.name.startswith("READ"))
_COMMON = (
    *SELECT,
    *_READING,
    Entry("GET CHALLENGE", 0x00, 0x84, get_challenge, case=Case.OUT, source="Part 5 §6.5"),
    *STATUS,
    *ISSUE,
    *PIN,
)
APPLICATIONS: Final = {
    MASTER_CONTROL: Application(MASTER_CONTROL, (*_COMMON, *MASTER_CONTROL_COMMANDS)),
    MOTHER: Application(MOTHER, (*_COMMON, *SESSION, *CONTENTS)),
    TRANSMISSION: Application(TRANSMISSION, (*_COMMON, *SESSION, *TRANSMISSION_COMMANDS)),
}


def blank_carrier(
    store: Store,
    kind: str,
    *,
    historical: bytes,
    algorithm: Algorithm,
    transport_key: bytes,
    profile: Profile = STRICT,
    random: Callable[[int], bytes] = os.urandom,
    clock: Callable[[], float] = time.time,
) -> Chip:
    """A carrier from the factory in an empty store. ``kind``: ``master-control``, ``mother`` or
    ``transmission``; the rest as for other chips.

    Raises ValueError for a store in use, an unknown kind or a parameter of a wrong size.
    """
    if kind not in APPLICATIONS:
        raise ValueError(f"a carrier is one of {', '.join(APPLICATIONS)}, not {kind!r}")
    initialize(
        store,
        kind,
        historical=historical,
        algorithm=algorithm,
        transport_key=transport_key,
        profile=profile,
        interface="contact",
    )
    return Chip(store, APPLICATIONS[kind], random=random, clock=clock)


def open_carrier(
    store: Store,
    *,
    profile: Profile | None = None,
    random: Callable[[int], bytes] = os.urandom,
    clock: Callable[[], float] = time.time,
) -> Chip:
    """A carrier that exists. Raises ImageError when the store holds none."""
    stored = store.state.get(KIND)
    kind = stored.decode("ascii", "replace") if isinstance(stored, bytes) else ""
    if kind not in APPLICATIONS:
        raise ImageError("the image holds no key carrier")
    return Chip(store, APPLICATIONS[kind], profile=profile, random=random, clock=clock)
