"""The PSAM (终端安全存取模块): both environments on a chip (Part 9)."""

import os
import time
from collections.abc import Callable

from shebaoka.chip.application import Application
from shebaoka.chip.blank import initialize
from shebaoka.chip.chip import Chip
from shebaoka.chip.image import ImageError
from shebaoka.chip.issuer import ISSUER
from shebaoka.chip.profile import STRICT, Profile
from shebaoka.chip.store import Store
from shebaoka.chip.values import KIND
from shebaoka.psam.commands import PSAM_BASIC
from shebaoka.psam.keys import KEY_LOADING
from shebaoka.psam.purchase import PURCHASE
from shebaoka.psam.sequence import PSAM_DATA_OBJECTS
from shebaoka.psam.service import SERVICE
from shebaoka.psam.wipe import WIPE, unless_wiped
from shebaoka.spec.algorithm import Algorithm

_KEYING = tuple(map(unless_wiped, (*KEY_LOADING, *ISSUER, *WIPE)))
PSAM = Application("psam", (*PSAM_BASIC, *_KEYING, *SERVICE, *PURCHASE), PSAM_DATA_OBJECTS)


def blank_psam(
    store: Store,
    *,
    historical: bytes,
    algorithm: Algorithm,
    transport_key: bytes,
    profile: Profile = STRICT,
    random: Callable[[int], bytes] = os.urandom,
    clock: Callable[[], float] = time.time,
) -> Chip:
    """A PSAM from the factory in an empty store: 13 historical bytes, 16-byte transport key, 3DES or SM4.

    Raises ValueError for a store in use or a parameter of a wrong size.
    """
    initialize(
        store,
        "psam",
        historical=historical,
        algorithm=algorithm,
        transport_key=transport_key,
        profile=profile,
    )
    return Chip(store, PSAM, random=random, clock=clock)


def open_psam(
    store: Store,
    *,
    profile: Profile | None = None,
    random: Callable[[int], bytes] = os.urandom,
    clock: Callable[[], float] = time.time,
) -> Chip:
    """A PSAM that exists; ``profile`` overrides the stored one. Raises ImageError when it is no PSAM."""
    if store.state.get(KIND) != b"psam":
        raise ImageError("the image holds no PSAM")
    return Chip(store, PSAM, profile=profile, random=random, clock=clock)
