"""WRITE KEY: application keys, PIN and master keys, each wrapped under the directory's master key."""

from shebaoka.chip.access import MASTER_RIGHT
from shebaoka.chip.chip import Chip, same
from shebaoka.chip.command import Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.issuer.master import master_cipher
from shebaoka.chip.keys import (
    EXTERNAL_ROLES,
    HEADER_SIZE,
    KEY_SIZE,
    Role,
    algorithm_of,
    key_address,
    slot_identifier,
)
from shebaoka.chip.tree import Directory
from shebaoka.chip.values import MASTER_TRY_LIMIT, TRIES, Changes
from shebaoka.crypto.loading import loading_mac
from shebaoka.crypto.padding import unpad_data
from shebaoka.spec import sw
from shebaoka.spec.algorithm import Algorithm

_ENTRY = HEADER_SIZE + KEY_SIZE
_MAC = 4
_MOST_ENTRIES = 10
_REPLACE = 0x01
_MASTER_KEY = 0x01
_KEY_ROLES = frozenset(Role) - {Role.MASTER, Role.PIN}
_PIN_SIZES = (0, *range(2, 9))


def write_key(chip: Chip, request: Request) -> bytes:
    """``entries ‖ MAC 4`` after GET CHALLENGE; all entries are stored or none.

    CardError 6988 for a wrong MAC, 6A80 for a bad entry or a key that is there already (create), 6A88 for one
    that is not there (replace).
    """
    chip.require_right(MASTER_RIGHT)
    body = request.data[:-_MAC]
    if not body or len(body) % _ENTRY:
        raise CardError(sw.LENGTH)
    cipher = master_cipher(chip)
    challenge = chip.take_challenge()
    if len(challenge) > cipher.algorithm.block_size:
        raise CardError(sw.REFERENCE_DATA)
    signed = request.raw[:5] + body
    if not same(loading_mac(cipher, challenge, signed), request.data[-_MAC:]):
        raise CardError(sw.SM_WRONG)
    entries = [body[start : start + _ENTRY] for start in range(0, len(body), _ENTRY)]
    blocks = cipher.decrypt(b"".join(entry[HEADER_SIZE:] for entry in entries))
    plain = [
        entry[:HEADER_SIZE] + blocks[KEY_SIZE * number : KEY_SIZE * (number + 1)]
        for number, entry in enumerate(entries)
    ]
    if request.p2 == _MASTER_KEY:
        _replace_master(chip, request, plain)
    else:
        _store_keys(chip, plain, request.p1 == _REPLACE)
    return b""


def _replace_master(chip: Chip, request: Request, plain: list[bytes]) -> None:
    if request.p1 != _REPLACE or len(plain) != 1 or plain[0][0] != Role.MASTER:
        raise CardError(sw.DATA)
    directory = chip.session.directory
    chip.commit({directory.master: plain[0][HEADER_SIZE:], directory.master_tries: MASTER_TRY_LIMIT})


def _store_keys(chip: Chip, plain: list[bytes], replace: bool) -> None:
    directory = chip.session.directory
    changes: Changes = {}
    for stored in plain:
        if stored[0] == Role.PIN:
            found = _pin(chip, directory, stored, changes)
        else:
            found = _key(chip, directory, stored, changes)
        if found and not replace:
            raise CardError(sw.DATA)
        if replace and not found:
            raise CardError(sw.KEY_NOT_FOUND)
    chip.extend(changes)


def _key(chip: Chip, directory: Directory, stored: bytes, changes: Changes) -> bool:
    """Add one key to the changes; whether it was there before."""
    check_key(directory, stored)
    identifier = slot_identifier(stored)
    address = key_address(directory.number, stored[0], identifier, stored[2])
    if address in changes:
        raise CardError(sw.DATA)
    changes[address] = stored
    if stored[4]:
        changes[TRIES, directory.number, address[2], 0] = min(stored[4], 15)
    return address in chip.state


def check_key(directory: Directory, stored: bytes) -> None:
    """Raises CardError 6A80 for an unknown role or algorithm, or an identifier of the other scope."""
    role, identifier = stored[0], stored[1]
    if role not in _KEY_ROLES:
        raise CardError(sw.DATA)
    try:
        algorithm = algorithm_of(stored[3])
    except ValueError:
        raise CardError(sw.DATA) from None
    key = stored[HEADER_SIZE:]
    if algorithm is Algorithm.DES and key[:8] != key[8:]:
        raise CardError(sw.DATA)
    if role in EXTERNAL_ROLES and role != Role.LEVEL_CONTROL:
        adf = directory.ddf is not directory
        if identifier & 0x70 or not identifier & 0x0F or (identifier >= 0x80) != adf:
            raise CardError(sw.DATA)


def _pin(chip: Chip, directory: Directory, stored: bytes, changes: Changes) -> bool:
    """Add the PIN of a DDF to the changes; whether there was one before."""
    try:
        pin = unpad_data(stored[HEADER_SIZE:])
    except ValueError:
        raise CardError(sw.DATA) from None
    limit = stored[4]
    if directory.ddf is not directory or len(pin) not in _PIN_SIZES or not 1 <= limit <= 15:
        raise CardError(sw.DATA)
    if directory.pin in changes:
        raise CardError(sw.DATA)
    changes[directory.pin] = pin
    changes[directory.pin_limit] = changes[directory.pin_tries] = limit
    return directory.pin in chip.state


LOADING = (
    Entry(
        "WRITE KEY",
        0x84,
        0xD8,
        write_key,
        parameters=frozenset({0x0000, 0x0100, 0x0101, 0x0001}),
        lengths=range(_ENTRY + _MAC, _MOST_ENTRIES * _ENTRY + _MAC + 1),
        source="issuer dialect 3",
    ),
)
