"""Keys inside the chip: by role and identifier, in versions, with one try counter per identifier."""

from enum import IntEnum
from typing import Final

from shebaoka.chip.errors import CardError
from shebaoka.chip.values import KEY, TRIES, Address
from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.crypto.formulas import session_key
from shebaoka.spec import sw
from shebaoka.spec.algorithm import Algorithm


class Role(IntEnum):
    """What a key does (role byte of WRITE KEY)."""

    INTERNAL = 0x01  # IRK
    EXTERNAL = 0x02  # RK, UK
    MAINTENANCE = 0x03  # STK
    CARD_BLOCK = 0x04  # BK
    APPLICATION_BLOCK = 0x05  # LK
    PIN_UNBLOCK = 0x06  # PUK
    STARTING_DAY = 0x07  # DSK
    LOAD = 0x08  # DLK
    PURCHASE = 0x09  # DPK
    TAC = 0x0A  # DTK
    PIN = 0x0B
    LEVEL_CONTROL = 0x0C  # KID-01, 02, 03 of a PSAM
    LEVEL = 0x0D  # a nation's, province's or city's key in a PSAM
    MASTER = 0x0F


EXTERNAL_ROLES: Final = frozenset(
    {
        Role.EXTERNAL,
        Role.CARD_BLOCK,
        Role.APPLICATION_BLOCK,
        Role.PIN_UNBLOCK,
        Role.STARTING_DAY,
        Role.LEVEL_CONTROL,
    }
)
_NEVER_LOCK: Final = frozenset({Role.CARD_BLOCK, Role.APPLICATION_BLOCK})  # Part 7 §13.1-13.2
KEY_SIZE: Final = 16
HEADER_SIZE: Final = 8


class ChipCipher(SoftwareCipher):
    """A software key that keeps its two halves, which every key loading MAC needs."""

    __slots__ = ("_halves",)

    def __init__(self, algorithm: Algorithm, key: bytes) -> None:
        super().__init__(algorithm, key)
        self._halves: tuple[SoftwareCipher, SoftwareCipher] | None = None

    def halves(self) -> tuple[SoftwareCipher, SoftwareCipher]:
        """As the base class, made once."""
        if self._halves is None:
            self._halves = super().halves()
        return self._halves


def chip_cipher(algorithm: Algorithm, block: bytes) -> ChipCipher:
    """The cipher of a 16-byte key block (single DES: its first half). Raises CardError 6985 for SSF33."""
    if algorithm is Algorithm.SSF33:
        raise CardError(sw.CONDITIONS)
    return ChipCipher(algorithm, block[: algorithm.key_size])


class Key:
    """One version of a key: header and 16-byte block; the cipher is made at first use."""

    __slots__ = ("_block", "_cipher", "algorithm", "flags", "index", "version")

    def __init__(self, stored: bytes) -> None:
        if len(stored) != HEADER_SIZE + KEY_SIZE:
            raise ValueError("a stored key has 24 bytes")
        self.version = stored[2]
        self.algorithm = algorithm_of(stored[3])
        self.index = stored[5]
        self.flags = stored[6]
        self._block = stored[HEADER_SIZE:]
        self._cipher: ChipCipher | None = None

    def __repr__(self) -> str:
        return f"<key version {self.version} {self.algorithm.label}>"

    @property
    def cipher(self) -> ChipCipher:
        """Raises CardError 6985 when the algorithm is not available here."""
        if self._cipher is None:
            self._cipher = chip_cipher(self.algorithm, self._block)
        return self._cipher


class KeySlot:
    """All versions of one key in one directory, and the address of their common try counter."""

    __slots__ = ("directory", "identifier", "limit", "locks", "role", "tries", "versions")

    def __init__(self, directory: int, role: int, identifier: int) -> None:
        self.directory = directory
        self.role = role
        self.identifier = identifier
        self.limit = 0
        self.locks = False
        self.tries: Address = (TRIES, directory, item(role, identifier), 0)
        self.versions: dict[int, Key] = {}

    def __repr__(self) -> str:
        return f"<key slot role {self.role:02X} id {self.identifier:02X}>"

    def add(self, stored: bytes) -> None:
        """Take in or replace one version; the limit is the identifier's (last one written wins)."""
        key = Key(stored)
        self.versions[key.version] = key
        self.versions = dict(sorted(self.versions.items()))
        self.limit = min(stored[4], 15)
        self.locks = self.limit > 0 and self.role not in _NEVER_LOCK

    def find(self, version: int | None) -> Key:
        """The named version, or the lowest one held (decision K14). Raises CardError 6A88."""
        if version is None:
            return next(iter(self.versions.values()))
        key = self.versions.get(version)
        if key is None:
            raise CardError(sw.KEY_NOT_FOUND)
        return key


def challenge_session(cipher: BlockCipher, challenge: bytes) -> BlockCipher:
    """Session key from a challenge. Raises CardError 6984 when it is longer than a block."""
    if len(challenge) > cipher.algorithm.block_size:
        raise CardError(sw.REFERENCE_DATA)
    return session_key(cipher, challenge)


_ALGORITHMS: Final = {algorithm.psam: algorithm for algorithm in Algorithm}


def algorithm_of(code: int) -> Algorithm:
    """The algorithm of a code of PSAM key records. Raises ValueError for an unknown one."""
    algorithm = _ALGORITHMS.get(code)
    if algorithm is None:
        raise ValueError("unknown algorithm code")
    return algorithm


def item(role: int, identifier: int) -> int:
    """The item number of a key in an address."""
    return role << 16 | identifier


def key_address(directory: int, role: int, identifier: int, version: int) -> Address:
    """Where a key version is stored."""
    return (KEY, directory, item(role, identifier), version)


def slot_identifier(header: bytes) -> int:
    """What finds a key: index of DLK/DPK; usage and identifier of a PSAM level key; else its identifier.

    A level key of type 2 (consumption) is found by usage and version (Part 9 §6.1 format 2).
    """
    role, identifier, version, index = header[0], header[1], header[2], header[5]
    if role in (Role.LOAD, Role.PURCHASE):
        return index
    if role == Role.LEVEL:
        return index << 8 | ((identifier or version) if index & 0x1F == 2 else identifier)
    return 0 if role == Role.TAC else identifier
