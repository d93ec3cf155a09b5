"""Keys and PIN in the form in which WRITE KEY carries them: a clear header and a 16-byte block."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from shebaoka.codec.digits import encode_cn
from shebaoka.crypto.padding import pad_data
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import KeyEntry, KeyRole


class KeyFunction(IntEnum):
    """First byte of a key entry: what the chip does with the key."""

    INTERNAL = 0x01
    EXTERNAL = 0x02
    MAINTENANCE = 0x03
    CARD_BLOCK = 0x04
    APPLICATION_BLOCK = 0x05
    PIN_UNBLOCK = 0x06
    STARTING_DAY = 0x07
    LOAD = 0x08
    PURCHASE = 0x09
    TAC = 0x0A
    PIN = 0x0B
    PSAM_LEVEL_MASTER = 0x0C
    PSAM_KEY = 0x0D
    MASTER = 0x0F


FUNCTION_OF_ROLE: Mapping[KeyRole, KeyFunction] = {
    KeyRole.INTERNAL: KeyFunction.INTERNAL,
    KeyRole.READ: KeyFunction.EXTERNAL,
    KeyRole.UPDATE: KeyFunction.EXTERNAL,
    KeyRole.MAINTENANCE: KeyFunction.MAINTENANCE,
    KeyRole.CARD_BLOCK: KeyFunction.CARD_BLOCK,
    KeyRole.APPLICATION_BLOCK: KeyFunction.APPLICATION_BLOCK,
    KeyRole.PIN_UNBLOCK: KeyFunction.PIN_UNBLOCK,
    KeyRole.STARTING_DAY: KeyFunction.STARTING_DAY,
    KeyRole.LOAD: KeyFunction.LOAD,
    KeyRole.PURCHASE: KeyFunction.PURCHASE,
    KeyRole.TAC: KeyFunction.TAC,
}

_NEVER_LOCKS = {KeyRole.CARD_BLOCK, KeyRole.APPLICATION_BLOCK}  # Part 7 §13.1-13.2
_BY_INDEX = {KeyRole.LOAD, KeyRole.PURCHASE}


@dataclass(frozen=True, slots=True)
class KeyHeader:
    """The clear part of a key entry; 8 bytes on the wire (role ... flags, 00).

    ``algorithm`` is the PSAM enumeration (Part 9 §6.2). ``index``: key index of load and purchase keys, usage
    byte of a PSAM key. ``flags``: key file of a PSAM key (11h nation, 12h province, 13h city).
    """

    function: KeyFunction
    identifier: int
    version: int
    algorithm: Algorithm
    try_limit: int = 0
    index: int = 0
    flags: int = 0

    def encode(self) -> bytes:
        """Eight bytes."""
        parts = (self.function, self.identifier, self.version, self.algorithm.psam)
        return bytes((*parts, self.try_limit, self.index, self.flags, 0))


def card_key_header(entry: KeyEntry, version: int, algorithm: Algorithm, try_limit: int = 3) -> KeyHeader:
    """Header of a catalogue key on a card of ``algorithm``; 8-byte keys are single DES there (decision K10).

    Keys that block card or application never lock, so their try limit is none (Part 7 §13.1-13.2).
    """
    single = algorithm is Algorithm.TDES and entry.length == 8
    by_index = entry.role in _BY_INDEX
    return KeyHeader(
        function=FUNCTION_OF_ROLE[entry.role],
        identifier=0 if by_index or entry.identifier is None else entry.identifier,
        version=version,
        algorithm=Algorithm.DES if single else algorithm,
        try_limit=0 if entry.role in _NEVER_LOCKS else try_limit,
        index=entry.identifier or 0 if by_index else 0,
    )


def key_block(key: bytes) -> bytes:
    """The 16-byte form in which a chip holds a key: 8-byte keys twice (decision 14). Before wrapping."""
    if len(key) not in (8, 16):
        raise ValueError(f"a key has 8 or 16 bytes, not {len(key)}")
    return key if len(key) == 16 else key + key


def pin_block(pin: str) -> bytes:
    """The 16-byte form of a PIN of 4-16 digits (or none, empty): ``LD ‖ digits ‖ 80 00...``. Before wrapping.

    Raises ValueError without repeating the PIN.
    """
    if pin and not (4 <= len(pin) <= 16 and pin.isascii() and pin.isdigit()):
        raise ValueError("a PIN has 4 to 16 digits, or none at all")
    return pad_data(encode_cn(pin, (len(pin) + 1) // 2) if pin else b"", 16)
