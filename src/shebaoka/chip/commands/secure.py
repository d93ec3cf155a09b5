"""Secure messaging: the MAC of a command under the maintenance key STK (Part 4 §8.2, Part 5)."""

from shebaoka.chip.chip import Chip, same
from shebaoka.chip.command import Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.keys import Role, challenge_session
from shebaoka.chip.tree import Directory
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.formulas import mac
from shebaoka.spec import sw

MAC_SIZE = 4


def maintenance_session(chip: Chip, directory: Directory) -> BlockCipher:
    """Session key of the directory's STK from the challenge, which is used up. CardError 6A88, 6984."""
    slots = directory.slots(Role.MAINTENANCE)
    if not slots:
        raise CardError(sw.KEY_NOT_FOUND)
    return challenge_session(slots[0].find(None).cipher, chip.take_challenge())


def check_mac(session: BlockCipher, request: Request) -> bytes:
    """The data without its MAC. CardError 6987 when there is no room for a MAC, 6988 when it is wrong."""
    raw = request.raw[: 5 + len(request.data)]
    if len(request.data) < MAC_SIZE:
        raise CardError(sw.SM_MISSING)
    if not same(mac(session, raw[:-MAC_SIZE]), raw[-MAC_SIZE:]):
        raise CardError(sw.SM_WRONG)
    return request.data[:-MAC_SIZE]


def unwrap(chip: Chip, request: Request) -> bytes:
    """Data of an UPDATE: plain under CLA 00, checked and without MAC under CLA 04 (decision K39).

    CardError 6A81 where the directory has no STK: secure messaging does not exist there.
    """
    if request.cla != 0x04:
        return request.data
    if not chip.session.directory.slots(Role.MAINTENANCE):
        raise CardError(sw.NOT_SUPPORTED)
    if len(request.data) < MAC_SIZE:
        raise CardError(sw.SM_MISSING)
    return check_mac(maintenance_session(chip, chip.session.directory), request)
