"""The persistent state of a chip: a flat map from address to value, changed only through a store's commit.

What the chip is (directories, files, keys) and what it remembers (contents, counters, flags) live in the same
map, so that one commit covers a whole command and one journal covers the whole chip.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

Address: TypeAlias = tuple[int, int, int, int]  # kind, directory number, item, version
Value: TypeAlias = int | bytes | tuple[bytes, ...]
Changes: TypeAlias = dict[Address, Value | None]  # None deletes
State: TypeAlias = Mapping[Address, Value]

# Kinds of address. CHIP items have directory 0.
CHIP: Final = 0
DIRECTORY: Final = 1  # parent number (2 bytes) ‖ file control parameters as CREATE FILE brought them
DIRECTORY_BLOCKED: Final = 2
MASTER: Final = 3  # the directory's master key, 16 bytes
MASTER_TRIES: Final = 4
FILE: Final = 5  # item = FID; file control parameters
CONTENT: Final = 6  # item = FID; bytes of a transparent file, records of the others
KEY: Final = 7  # item = role, identifier; header 8 ‖ key 16
TRIES: Final = 8  # item as KEY, version 0
PIN: Final = 9  # packed digits
PIN_TRIES: Final = 10
PIN_LIMIT: Final = 11
APPLICATION: Final = 12  # item chosen by the application

# Items of CHIP.
KIND: Final[Address] = (CHIP, 0, 1, 0)  # b"card" or b"psam"
HISTORICAL: Final[Address] = (CHIP, 0, 2, 0)  # 13 bytes
TRANSPORT_KEY: Final[Address] = (CHIP, 0, 3, 0)
ALGORITHM: Final[Address] = (CHIP, 0, 4, 0)  # code of PSAM key records
CARD_BLOCKED: Final[Address] = (CHIP, 0, 5, 0)
ACTIVATED: Final[Address] = (CHIP, 0, 6, 0)
PROFILE: Final[Address] = (CHIP, 0, 7, 0)  # JSON
INTERFACE: Final[Address] = (CHIP, 0, 8, 0)  # one of INTERFACES in ASCII; absent: dual

INTERFACES: Final = ("contact", "contactless", "dual")

MASTER_TRY_LIMIT: Final = 10
