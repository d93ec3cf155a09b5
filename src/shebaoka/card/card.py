"""The holder's card: the social security applications on a chip (Part 5, Part 7)."""

import os
import time
from collections.abc import Callable

from shebaoka.card.blocking import BLOCKING
from shebaoka.card.medical import MEDICAL, MEDICAL_DATA_OBJECTS
from shebaoka.card.pin import PIN
from shebaoka.chip.application import Application
from shebaoka.chip.blank import initialize
from shebaoka.chip.chip import Chip
from shebaoka.chip.commands import BASIC
from shebaoka.chip.image import ImageError
from shebaoka.chip.issuer import ISSUER
from shebaoka.chip.profile import STRICT, Profile
from shebaoka.chip.store import Store
from shebaoka.chip.values import KIND
from shebaoka.spec.algorithm import Algorithm

CARD = Application("card", (*BASIC, *PIN, *BLOCKING, *MEDICAL, *ISSUER), MEDICAL_DATA_OBJECTS)


def blank_card(
    store: Store,
    *,
    historical: bytes,
    algorithm: Algorithm,
    transport_key: bytes,
    profile: Profile = STRICT,
    interface: str = "dual",
    random: Callable[[int], bytes] = os.urandom,
    clock: Callable[[], float] = time.time,
) -> Chip:
    """A card from the factory in an empty store: 13 historical bytes, 16-byte transport key, 3DES or SM4;
    ``interface`` contact, contactless or dual.

    Raises ValueError for a store in use or a parameter of a wrong size.
    """
    initialize(
        store,
        "card",
        historical=historical,
        algorithm=algorithm,
        transport_key=transport_key,
        profile=profile,
        interface=interface,
    )
    return Chip(store, CARD, random=random, clock=clock)


def open_card(
    store: Store,
    *,
    profile: Profile | None = None,
    random: Callable[[int], bytes] = os.urandom,
    clock: Callable[[], float] = time.time,
) -> Chip:
    """A card that exists; ``profile`` overrides the stored one. Raises ImageError when it is no card."""
    if store.state.get(KIND) != b"card":
        raise ImageError("the image holds no card")
    return Chip(store, CARD, profile=profile, random=random, clock=clock)
