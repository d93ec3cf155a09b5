"""A chip as it leaves the factory: transport key and historical bytes, no structure (Part 10 §5.1)."""

import msgspec

from shebaoka.chip.profile import Profile
from shebaoka.chip.store import Store
from shebaoka.chip.values import (
    ALGORITHM,
    HISTORICAL,
    INTERFACE,
    INTERFACES,
    KIND,
    MASTER,
    PROFILE,
    TRANSPORT_KEY,
)
from shebaoka.spec.algorithm import Algorithm


def initialize(
    store: Store,
    kind: str,
    *,
    historical: bytes,
    algorithm: Algorithm,
    transport_key: bytes,
    profile: Profile,
    interface: str = "dual",
) -> None:
    """Write the blank state. Raises ValueError for a store in use or a parameter of a wrong size."""
    if store.state:
        raise ValueError("the store already holds a chip")
    if len(historical) != 13:
        raise ValueError(f"historical bytes are 13 bytes, not {len(historical)}")
    if algorithm not in (Algorithm.TDES, Algorithm.SM4):
        raise ValueError(f"a chip works with 3DES or SM4, not {algorithm.label}")
    if interface not in INTERFACES:
        raise ValueError(f"the interface of a chip is {', '.join(INTERFACES)}, not {interface!r}")
    if len(transport_key) != 16:
        raise ValueError(f"a transport key has 16 bytes, not {len(transport_key)}")
    store.commit(
        {
            KIND: kind.encode(),
            HISTORICAL: historical,
            ALGORITHM: algorithm.psam,
            TRANSPORT_KEY: transport_key,
            INTERFACE: interface.encode(),
            PROFILE: msgspec.json.encode(profile),
            (MASTER, 0, 0, 0): transport_key,
        }
    )
