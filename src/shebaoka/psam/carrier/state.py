"""What a carrier stores beside its files: keys, counted uses, blocks; and what it tells of it freely."""

from enum import IntEnum
from typing import Final

from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Case, Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.keys import ChipCipher, chip_cipher
from shebaoka.chip.values import APPLICATION, KIND, Address
from shebaoka.spec import sw

MASTER_CONTROL: Final = "master-control"
MOTHER: Final = "mother"
TRANSMISSION: Final = "transmission"
KINDS: Final = (MASTER_CONTROL, MOTHER, TRANSMISSION)

IDENTITY_FID: Final = 0x0015
LOG_FID: Final = 0x0018
RECORD: Final = 16  # of a use, as the host gives it: time 7 (cn) ‖ purpose 1 ‖ reference 8
LOG_RECORD: Final = 2 + RECORD
LOG_RECORDS: Final = 30
REFERENCE: Final = 8
CHECK: Final = 8  # the MAC at the end of a manifest
SERIAL: Final = 8
SERIAL_TAG: Final = 0xA2  # in the identity
CONTROL_TRY_LIMIT: Final = 5

ISSUED: Final[Address] = (APPLICATION, 0, 1, 0)
USES_LEFT: Final[Address] = (APPLICATION, 0, 2, 0)  # 2 bytes
USE_LIMIT: Final[Address] = (APPLICATION, 0, 3, 0)  # 2 bytes
CONTROL_KEY: Final[Address] = (APPLICATION, 0, 4, 0)
CONTROL_TRIES: Final[Address] = (APPLICATION, 0, 5, 0)
TRANSPORT_KEY: Final[Address] = (APPLICATION, 0, 6, 0)
EXPORT: Final[Address] = (APPLICATION, 0, 7, 0)  # reference of the export, 8 bytes
BLOCK_COUNT: Final[Address] = (APPLICATION, 0, 8, 0)  # 2 bytes
MANIFEST: Final[Address] = (APPLICATION, 0, 9, 0)  # written last: the content is complete
FORMER: Final[Address] = (APPLICATION, 0, 10, 0)  # serial number 8 of the carrier that was erased


class State(IntEnum):
    """How far a carrier is."""

    BLANK = 0
    EMPTY = 1  # issued, without content
    INCOMPLETE = 2  # a mother card whose blocks are being written
    COMPLETE = 3


def block_address(number: int) -> Address:
    """Where the ``number``-th block lies, from 1."""
    return (APPLICATION, 0, 0x100 + number, 0)


def kind_of(chip: Chip) -> str:
    """Which of the three carriers it is."""
    return chip.octets(KIND).decode("ascii", "replace")


def state_of(chip: Chip) -> State:
    """How far this carrier is."""
    if ISSUED not in chip.state:
        return State.BLANK
    complete = {MASTER_CONTROL: CONTROL_KEY, TRANSMISSION: TRANSPORT_KEY}.get(kind_of(chip), MANIFEST)
    if complete in chip.state:
        return State.COMPLETE
    return State.INCOMPLETE if EXPORT in chip.state else State.EMPTY


def require_issued(chip: Chip) -> None:
    """Raises CardError 6985 on a blank carrier."""
    if ISSUED not in chip.state:
        raise CardError(sw.CONDITIONS)


def control_cipher(chip: Chip) -> ChipCipher:
    """The control key as a cipher."""
    return chip_cipher(chip.tree.mf.algorithm, chip.octets(CONTROL_KEY))


def get_status(chip: Chip, request: Request) -> bytes:
    """kind 1 ‖ state 1 ‖ uses left 2 ‖ use limit 2 ‖ PIN tries 1 ‖ control key tries 1 ‖ export reference 8 ‖
    blocks 2 ‖ KCV of the control key 3 ‖ last eight bytes of the manifest ‖ serial number 8 that a blank
    carrier had before it was erased. Free."""
    mf = chip.tree.mf
    issued = ISSUED in chip.state
    kcv = control_cipher(chip).encrypt(bytes(mf.algorithm.block_size))[:3] if issued else bytes(3)
    answer = (
        bytes((KINDS.index(kind_of(chip)) + 1, state_of(chip)))
        + (chip.octets(USES_LEFT) or bytes(2))
        + (chip.octets(USE_LIMIT) or bytes(2))
        + bytes((chip.number(mf.pin_tries), chip.number(CONTROL_TRIES)))
        + (chip.octets(EXPORT) or bytes(REFERENCE))
        + (chip.octets(BLOCK_COUNT) or bytes(2))
        + kcv
        + (chip.octets(MANIFEST)[-CHECK:] or bytes(CHECK))
        + (b"" if issued else chip.octets(FORMER)).rjust(SERIAL, b"\0")
    )
    return fitting(request, answer)


def fitting(request: Request, answer: bytes) -> bytes:
    """The answer to a command with Le only; CardError 6Cxx for another Le than its length or 00."""
    if request.le in (256, len(answer)):
        return answer
    raise CardError(0x6C00 | len(answer) & 0xFF)


STATUS = (Entry("GET STATUS", 0x80, 0xCA, get_status, case=Case.OUT, keeps=True, source="carriers 1"),)
