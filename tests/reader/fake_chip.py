"""A chip with the manners of a real one and none of its files: enough to test the ways to reach it."""

import os
import time
from collections.abc import Callable
from datetime import datetime

from shebaoka.chip.errors import PowerLost

HISTORICAL = bytes.fromhex("0081010203 1234 6501 00000001")
ATR = bytes.fromhex("3B6D0000") + HISTORICAL
ATS = bytes.fromhex("127880A002") + HISTORICAL


class FakeChip:
    """Answers GET CHALLENGE, READ BINARY of 256 known bytes (6Cxx for a wrong Le), a counter with two writes
    (INS 32), a 61xx answer of 300 bytes (INS 40) and 6D00 to the rest."""

    def __init__(self) -> None:
        self.random: Callable[[int], bytes] = os.urandom
        self.clock: Callable[[], float] = time.time
        self.resets = 0
        self.commands: list[bytes] = []
        self.counter = 0
        self.powered = False
        self._tear = 0
        self._waiting = b""

    def reset(self) -> bytes:
        self.resets += 1
        self.powered = True
        self._waiting = b""
        return ATR

    def ats(self) -> bytes:
        self.reset()
        return ATS

    def power_off(self) -> None:
        self.powered = False

    def tear_at(self, n: int, phase: str = "before") -> None:
        assert phase in ("before", "during", "after")
        self._tear = n

    def transmit(self, apdu: bytes) -> bytes:
        self.commands.append(apdu)
        tear, self._tear = self._tear, 0
        match apdu[1:2]:
            case b"\x84" if len(apdu) == 5:
                return self.random(apdu[4]) + b"\x90\x00"
            case b"\xb0" if len(apdu) == 5:
                return bytes(range(16)) + b"\x90\x00" if apdu[4] in (0, 16) else b"\x6c\x10"
            case b"\x32":
                return self._count(tear)
            case b"\x40":
                self._waiting = bytes(300)
                return b"\x61\x00"
            case b"\xc0":
                part, self._waiting = self._waiting[: apdu[4] or 256], self._waiting[apdu[4] or 256 :]
                more = min(len(self._waiting), 255)
                return part + (bytes((0x61, more)) if more else b"\x90\x00")
            case b"\x33":
                return datetime.fromtimestamp(self.clock()).strftime("%Y%m%d%H%M%S").encode() + b"\x90\x00"
        return b"\x6d\x00"

    def _count(self, tear: int) -> bytes:
        for write in (1, 2):
            if write == tear:
                self.powered = False
                raise PowerLost
            self.counter += 1
        return self.counter.to_bytes(1) + b"\x90\x00"
