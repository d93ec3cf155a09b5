"""Ids that need no coordination and sort by time (UUID version 7, RFC 9562)."""

import secrets
import time
from collections.abc import Iterator
from uuid import UUID


def new_id() -> UUID:
    """48 bits of milliseconds, 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    return UUID(int=value & ~(0b11 << 62) | 0b10 << 62)


def new_ids(at_once: int = 1000) -> Iterator[str]:
    """Such ids as texts, without end, for lists of many million rows: randomness is drawn for many."""
    while True:
        head = f"{time.time_ns() // 1_000_000:012x}"
        head = f"{head[:8]}-{head[8:]}-7"
        tails = secrets.token_hex(10 * at_once)
        for start in range(0, len(tails), 20):
            tail = tails[start : start + 20]
            yield f"{head}{tail[:3]}-{'89ab'[int(tail[3], 16) & 3]}{tail[4:7]}-{tail[7:19]}"
