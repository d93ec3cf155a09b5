"""ISSUE CARRIER and ERASE CARRIER: a blank becomes a carrier in one write, and blank again for its issuer."""

from shebaoka.chip.access import MASTER_RIGHT
from shebaoka.chip.chip import Chip, same
from shebaoka.chip.command import Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.issuer.lifecycle import without_structure
from shebaoka.chip.issuer.master import authenticate_master, master_cipher
from shebaoka.chip.keys import KEY_SIZE
from shebaoka.chip.parameters import CYCLIC, TRANSPARENT
from shebaoka.chip.values import CONTENT, FILE, MASTER_TRY_LIMIT, Changes
from shebaoka.codec.tlv import TlvError, parse
from shebaoka.crypto.loading import loading_mac
from shebaoka.crypto.padding import unpad_data
from shebaoka.psam.carrier.pin import PIN_LIMITS, is_pin
from shebaoka.psam.carrier.state import (
    CONTROL_KEY,
    CONTROL_TRIES,
    CONTROL_TRY_LIMIT,
    FORMER,
    IDENTITY_FID,
    ISSUED,
    LOG_FID,
    LOG_RECORD,
    LOG_RECORDS,
    SERIAL,
    SERIAL_TAG,
    USE_LIMIT,
    USES_LEFT,
)
from shebaoka.spec import sw

MAC = 4
_HEAD = 4  # uses 2 ‖ PIN limit 1 ‖ length of the identity 1
_KEYS = 3 * KEY_SIZE  # PIN block, issuer key, control key


def issue(chip: Chip, request: Request) -> bytes:
    """``uses 2 ‖ PIN limit 1 ‖ length 1 ‖ identity ‖ wrapped PIN 16, issuer key 16, control key 16 ‖ MAC``.

    Wrapped and MACed under the transport key, which the issuer key replaces. CardError 6985 when issued
    already, 6A80 for bad content, 6988 for a wrong MAC.
    """
    body = authenticated(chip, request)
    if ISSUED in chip.state:
        raise CardError(sw.CONDITIONS)
    identity, wrapped = body[_HEAD : _HEAD + body[3]], body[_HEAD + body[3] :]
    uses, limit = body[:2], body[2]
    if not identity or len(wrapped) != _KEYS or uses == bytes(2) or limit not in PIN_LIMITS:
        raise CardError(sw.DATA)
    plain = master_cipher(chip).decrypt(wrapped)
    try:
        pin = unpad_data(plain[:KEY_SIZE])
    except ValueError:
        raise CardError(sw.DATA) from None
    if not is_pin(pin):
        raise CardError(sw.DATA)
    mf = chip.tree.mf
    changes: Changes = {
        ISSUED: 1,
        USES_LEFT: uses,
        USE_LIMIT: uses,
        mf.pin: pin,
        mf.pin_tries: limit,
        mf.pin_limit: limit,
        mf.master: plain[KEY_SIZE : 2 * KEY_SIZE],
        mf.master_tries: MASTER_TRY_LIMIT,
        CONTROL_KEY: plain[2 * KEY_SIZE :],
        CONTROL_TRIES: CONTROL_TRY_LIMIT,
        (FILE, 0, IDENTITY_FID, 0): _parameters(TRANSPARENT, IDENTITY_FID, 0x80, len(identity).to_bytes(2)),
        (CONTENT, 0, IDENTITY_FID, 0): identity,
        (FILE, 0, LOG_FID, 0): _parameters(CYCLIC, LOG_FID, 0x86, bytes((LOG_RECORD, LOG_RECORDS))),
        (CONTENT, 0, LOG_FID, 0): (),
    }
    chip.extend(changes)
    chip.session.revoke(MASTER_RIGHT)
    return b""


def erase(chip: Chip, request: Request) -> bytes:
    """As DELETE STRUCTURE; the serial number stays, for the record of its issuer (GET STATUS)."""
    changes = without_structure(chip)
    former = chip.octets(FORMER)
    if ISSUED in chip.state:
        former = _serial(chip.octets((CONTENT, 0, IDENTITY_FID, 0)))
    if former:
        changes[FORMER] = former
    chip.rebuild(changes)
    return b""


def _serial(identity: bytes) -> bytes:
    """Of an identity; nothing when it is none."""
    try:
        serial = dict(parse(identity)).get(SERIAL_TAG, b"")
    except TlvError:
        return b""
    return serial if len(serial) == SERIAL else b""


def authenticated(chip: Chip, request: Request) -> bytes:
    """The data without its MAC: from the holder of the master key, for the challenge just given.

    CardError 6982 without its proof, 6984 without challenge, 6988 for a wrong MAC."""
    chip.require_right(MASTER_RIGHT)
    cipher = master_cipher(chip)
    challenge = chip.take_challenge()
    if len(challenge) > cipher.algorithm.block_size:
        raise CardError(sw.REFERENCE_DATA)
    body = request.data[:-MAC]
    if not same(loading_mac(cipher, challenge, request.raw[:5] + body), request.data[-MAC:]):
        raise CardError(sw.SM_WRONG)
    return body


def _parameters(structure: int, fid: int, tag: int, size: bytes) -> bytes:
    """File parameters: readable freely, never writable by a command."""
    inner = bytes((0x82, 1, structure, 0x83, 2)) + fid.to_bytes(2) + bytes((tag, len(size))) + size
    inner += bytes.fromhex("8C01008D01FF")
    return bytes((0x62, len(inner))) + inner


ISSUE = (
    Entry("AUTHENTICATE MASTER", 0x80, 0x82, authenticate_master, lengths=(16,), source="issuer dialect 1"),
    Entry(
        "ISSUE CARRIER",
        0x84,
        0xE2,
        issue,
        lengths=range(_HEAD + 1 + _KEYS + MAC, 256),
        source="carriers 2",
    ),
    Entry("ERASE CARRIER", 0x80, 0xE4, erase, lengths=(0,), source="carriers 13"),
)
