"""CREATE KEY and CHANGE KEY: loading a level's keys under ADF-MK and the level's KID (Part 9 §9.5-9.6)."""

from shebaoka.chip.chip import Chip, same
from shebaoka.chip.command import Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.issuer.master import master_cipher
from shebaoka.chip.keys import KEY_SIZE, KeySlot, Role, algorithm_of, key_address, slot_identifier
from shebaoka.chip.tree import File
from shebaoka.crypto.loading import loading_mac
from shebaoka.crypto.padding import unpad_data
from shebaoka.psam.usage import KNOWN_TYPES, level_slot, steps, type_of
from shebaoka.spec import sw

KEY_FILES = (0x0011, 0x0012, 0x0013)  # national, provincial, city
_MAC = 4
_RECORD_HEADER = 8  # usage, identifier, 00, algorithm, permission 00000000
_CHANGE_HEADER = 3  # usage, identifier, 00
_CREATE_LENGTHS = (0x1C, 0x24)
_CHANGE_LENGTHS = (0x14, 0x1C, 0x24)


def create_key(chip: Chip, request: Request) -> bytes:
    """``enc(usage ‖ id ‖ 00 ‖ algorithm ‖ 00000000 ‖ key) ‖ MAC``; P2 names the key file.

    CardError 6982 without the level's KID, 6988 for a wrong MAC, 6A80 for a bad record or an existing key.
    """
    file, record = _open(chip, request)
    if len(record) <= _RECORD_HEADER or record[2] or any(record[4:_RECORD_HEADER]):
        raise CardError(sw.DATA)
    usage, identifier = record[0], record[1]
    if type_of(usage) not in KNOWN_TYPES or steps(usage) > 3:
        raise CardError(sw.DATA)
    if level_slot(chip, usage, identifier) is not None:
        raise CardError(sw.DATA)
    _store(chip, file.fid, usage, identifier, record[3], record[_RECORD_HEADER:])
    return b""


def change_key(chip: Chip, request: Request) -> bytes:
    """``enc(usage ‖ id ‖ 00 ‖ key) ‖ MAC``: a new value for a key of this file. CardError 6A88 without it."""
    file, record = _open(chip, request)
    if len(record) <= _CHANGE_HEADER or record[2]:
        raise CardError(sw.DATA)
    usage, identifier = record[0], record[1]
    slot = level_slot(chip, usage, identifier)
    if slot is None or _file_of(slot) != file.fid:
        raise CardError(sw.KEY_NOT_FOUND)
    _store(chip, file.fid, usage, identifier, slot.find(None).algorithm.psam, record[_CHANGE_HEADER:])
    return b""


def _open(chip: Chip, request: Request) -> tuple[File, bytes]:
    """Check right and MAC and decrypt the key record."""
    file = chip.session.directory.files.get(request.p2)
    if file is None or request.p2 not in KEY_FILES:
        raise CardError(sw.FILE_NOT_FOUND)
    chip.require(file.write)
    cipher = master_cipher(chip)
    encrypted = request.data[:-_MAC]
    block = cipher.algorithm.block_size
    if len(encrypted) % block:
        raise CardError(sw.LENGTH)
    challenge = chip.take_challenge()
    if len(challenge) > block:
        raise CardError(sw.REFERENCE_DATA)
    if not same(loading_mac(cipher, challenge, request.raw[:5] + encrypted), request.data[-_MAC:]):
        raise CardError(sw.SM_WRONG)
    try:
        return file, unpad_data(cipher.decrypt(encrypted))
    except ValueError:
        raise CardError(sw.SM_WRONG) from None


def _store(chip: Chip, fid: int, usage: int, identifier: int, code: int, value: bytes) -> None:
    try:
        algorithm = algorithm_of(code)
    except ValueError:
        raise CardError(sw.DATA) from None
    if len(value) != algorithm.key_size:
        raise CardError(sw.DATA)
    block = value if len(value) == KEY_SIZE else value + value
    stored = bytes((Role.LEVEL, identifier, 1, code, 0, usage, fid & 0xFF, 0)) + block
    number = chip.session.directory.number
    chip.extend({key_address(number, Role.LEVEL, slot_identifier(stored), 1): stored})


def _file_of(slot: KeySlot) -> int:
    return slot.find(None).flags


KEY_LOADING = (
    Entry(
        "CREATE KEY",
        0x84,
        0xD4,
        create_key,
        parameters=range(0x0100),
        lengths=_CREATE_LENGTHS,
        keeps=True,
        source="Part 9 §9.5",
    ),
    Entry(
        "CHANGE KEY",
        0x84,
        0xD4,
        change_key,
        parameters=range(0x0100, 0x0200),
        lengths=_CHANGE_LENGTHS,
        keeps=True,
        source="Part 9 §9.6",
    ),
)
