"""How the back end writes a key into a PSAM: key record, encryption and MAC under ADF-MK (Part 9 §6.1,
§9.5-9.6)."""

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.loading import loading_command
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Level, VaultError

CREATE = 0x00
CHANGE = 0x01
KEY_FILES = {Level.NATION: 0x11, Level.PROVINCE: 0x12, Level.CITY: 0x13}


def usage_byte(level: Level, type_: int) -> int:
    """Usage byte: diversifications left in the top three bits, type in the low five (Part 9 §6.2)."""
    if not 0 <= type_ < 32:
        raise VaultError(f"a PSAM key type is 0-31, not {type_}")
    return level.steps_left << 5 | type_


def loading(
    algorithm: Algorithm,
    key: bytes,
    usage: int,
    identifier: int,
    master: BlockCipher,
    challenge: bytes,
    header: bytes,
) -> bytes:
    """The command for a key record. ``header``: ``84 D4 mode file``, 4 bytes.

    CREATE KEY carries usage ‖ identifier or version ‖ 00 ‖ algorithm ‖ 00000000 ‖ key; CHANGE KEY
    usage ‖ identifier or version ‖ 00 ‖ key.
    """
    if len(header) != 4 or header[:2] != b"\x84\xd4" or header[2] not in (CREATE, CHANGE):
        raise VaultError("a PSAM key is loaded by CREATE KEY or CHANGE KEY only")
    record = bytes((usage, identifier, 0))
    if header[2] == CREATE:
        record += bytes((algorithm.psam, 0, 0, 0, 0))
    return loading_command(master, challenge, header, record + key)
