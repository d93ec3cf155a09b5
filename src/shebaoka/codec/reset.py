"""Answer to reset (ATR, 复位应答) and answer to select of type A (ATS): build, parse, accept.

A dual-interface card carries the same 13 historical bytes in both; they name the card and end in the third
diversification factor. Sources: Part 2 §8, Part 8 §5.1.3.
"""

from dataclasses import dataclass
from functools import reduce
from operator import xor

HISTORICAL_BYTES = 13
_MAX_CHARACTERS = 32  # after TS
_ATS_INTERFACE = bytes.fromhex("7880A002")  # T0: TA, TB, TC follow, frames of 256 bytes


class ResetError(ValueError):
    """An answer to reset that is malformed or that a terminal must refuse."""


@dataclass(frozen=True, slots=True)
class Atr:
    """A parsed ATR. ``interface`` maps ``TA1``, ``TD1`` ... to the bytes sent; ``tck`` is None if absent."""

    ts: int
    interface: dict[str, int]
    historical: bytes
    tck: int | None = None

    @property
    def protocols(self) -> tuple[int, ...]:
        """The T values offered, in order; T=0 when no TD byte is there."""
        offered = tuple(value & 0x0F for name, value in self.interface.items() if name.startswith("TD"))
        return offered or (0,)


def build_atr(historical: bytes, ta3: int | None = None) -> bytes:
    """``3B 6x 00 00`` ‖ historical bytes (0-15); with ``ta3`` (clock stop and classes, Part 2 T8)
    ``3B 8x 80 1F TA3`` ‖ historical ‖ TCK. Raises ResetError for other sizes.

    >>> build_atr(bytes.fromhex("00810102031234980100000001")).hex()
    '3b6d000000810102031234980100000001'
    """
    if len(historical) > 15:
        raise ResetError(f"an ATR holds at most 15 historical bytes, not {len(historical)}")
    if ta3 is None:
        return bytes((0x3B, 0x60 | len(historical), 0x00, 0x00)) + historical
    if not _ta3_allowed(ta3):
        raise ResetError(f"TA3 {ta3:02X} is not allowed (Part 2 T8)")
    body = bytes((0x80 | len(historical), 0x80, 0x1F, ta3)) + historical
    return b"\x3b" + body + bytes((reduce(xor, body),))


def build_ats(historical: bytes) -> bytes:
    """``TL 78 80 A0 02`` ‖ historical bytes (0-15). Raises ResetError for other sizes."""
    if len(historical) > 15:
        raise ResetError(f"an ATS holds at most 15 historical bytes, not {len(historical)}")
    return bytes((len(_ATS_INTERFACE) + 1 + len(historical),)) + _ATS_INTERFACE + historical


def parse_atr(raw: bytes) -> Atr:
    """The parts of an ATR, by the presence bits alone. Raises ResetError when bytes lack or are too many."""
    if len(raw) < 2 or len(raw) > 1 + _MAX_CHARACTERS:
        raise ResetError(f"an ATR has 2 to {1 + _MAX_CHARACTERS} bytes, not {len(raw)}")
    interface, offset, presence, level = {}, 2, raw[1] >> 4, 1
    while presence:
        names = [name for bit, name in enumerate("ABCD") if presence >> bit & 1]
        if offset + len(names) > len(raw):
            raise ResetError(f"the ATR ends before T{names[-1]}{level}")
        for name in names:
            interface[f"T{name}{level}"] = raw[offset]
            offset += 1
        presence = interface.get(f"TD{level}", 0) >> 4
        level += 1
    historical = raw[offset : offset + (raw[1] & 0x0F)]
    if len(historical) != raw[1] & 0x0F:
        raise ResetError(f"the ATR announces {raw[1] & 0x0F} historical bytes and has {len(historical)}")
    rest = raw[offset + len(historical) :]
    if len(rest) > 1:
        raise ResetError(f"{len(rest)} bytes follow the historical bytes, at most TCK may")
    return Atr(raw[0], interface, historical, rest[0] if rest else None)


def accept_atr(raw: bytes) -> Atr:
    """The ATR of a card that a terminal must take: TS 3B or 3F, TD1 with T=0 or 1, TD2 with T=1 or 15, TA3 in
    range under T=15, TCK right where it must be and absent under T=0 alone. Any TA1, TB1, TC1, TC2 passes:
    the terminal keeps F=372, D=1 unless it negotiates. Raises ResetError with the reason for refusing.
    """
    atr = parse_atr(raw)
    if atr.ts not in (0x3B, 0x3F):
        raise ResetError(f"TS {atr.ts:02X} is neither 3B nor 3F")
    _check_protocol(atr, "TD1", (0, 1))
    _check_protocol(atr, "TD2", (1, 15))
    ta3 = atr.interface.get("TA3")
    if ta3 is not None and 15 in atr.protocols and not _ta3_allowed(ta3):
        raise ResetError(f"TA3 {ta3:02X} is not allowed (Part 2 T8)")
    if set(atr.protocols) == {0}:
        if atr.tck is not None:
            raise ResetError("a check byte TCK follows although only T=0 is offered")
    elif atr.tck is None:
        raise ResetError("the check byte TCK is missing")
    elif reduce(xor, raw[1:]):
        raise ResetError(f"the check byte TCK {atr.tck:02X} is wrong")
    return atr


def parse_ats(raw: bytes) -> bytes:
    """The historical bytes of an ATS. Raises ResetError when the length byte or T0 do not fit."""
    if not raw or raw[0] != len(raw):
        raise ResetError(f"the ATS has {len(raw)} bytes and announces {raw[0] if raw else 'nothing'}")
    if len(raw) == 1:
        return b""
    start = 2 + (raw[1] >> 4 & 0x07).bit_count()
    if start > len(raw):
        raise ResetError("the ATS ends inside its interface bytes")
    return raw[start:]


def historical_bytes(raw: bytes) -> bytes:
    """The 13 historical bytes of an ATR or ATS, whichever ``raw`` is. Raises ResetError."""
    is_ats = raw[:1] == bytes((len(raw) & 0xFF,))
    historical = parse_ats(raw) if is_ats else accept_atr(raw).historical
    if len(historical) != HISTORICAL_BYTES:
        raise ResetError(f"the card has {len(historical)} historical bytes instead of {HISTORICAL_BYTES}")
    return historical


def _check_protocol(atr: Atr, name: str, allowed: tuple[int, ...]) -> None:
    value = atr.interface.get(name)
    if value is not None and value & 0x0F not in allowed:
        raise ResetError(f"{name} {value:02X} offers protocol T={value & 0x0F}")


def _ta3_allowed(ta3: int) -> bool:
    """Clock stop 0-2, class 1-3, other bits zero (Part 2 T8)."""
    return ta3 >> 6 <= 2 and 1 <= ta3 & 0x3F <= 3
