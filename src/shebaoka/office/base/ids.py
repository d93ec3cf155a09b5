"""Ids that need no coordination and sort by time (UUID version 7, RFC 9562)."""

import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """48 bits of milliseconds, 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    return UUID(int=value & ~(0b11 << 62) | 0b10 << 62)
