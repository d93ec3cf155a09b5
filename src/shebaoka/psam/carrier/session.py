"""OPEN SESSION: card and vault prove the control key to each other; one use is consumed before the answer."""

from shebaoka.chip.chip import Chip, same
from shebaoka.chip.command import Case, Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.values import CONTENT, Address, Changes
from shebaoka.crypto.carriage import (
    MAC,
    RANDOM,
    Session,
    answer_mac,
    card_proof,
    control_session,
    vault_proof,
)
from shebaoka.psam.carrier.pin import require_pin
from shebaoka.psam.carrier.state import (
    CONTROL_TRIES,
    CONTROL_TRY_LIMIT,
    LOG_FID,
    LOG_RECORDS,
    RECORD,
    USE_LIMIT,
    USES_LEFT,
    State,
    control_cipher,
    fitting,
    require_issued,
    state_of,
)
from shebaoka.spec import sw

_LOG: Address = (CONTENT, 0, LOG_FID, 0)


class Opened:
    """A session that is open: its keys, and how many answers it has given."""

    __slots__ = ("answers", "keys")

    def __init__(self, keys: Session) -> None:
        self.keys = keys
        self.answers = 0


def open_session(chip: Chip, request: Request) -> bytes:
    """``vault random 8 ‖ record 16 ‖ proof 8`` for the challenge of 8; gives ``proof 8 ‖ uses left 2``.

    CardError 6985 without content, 6982 without PIN, 6983 without uses or tries left, 63Cx for a wrong proof.
    """
    require_content(chip)
    require_pin(chip)
    changes = use(chip, request.data[RANDOM : RANDOM + RECORD])
    tries = chip.number(CONTROL_TRIES)
    if tries == 0:
        raise CardError(sw.BLOCKED)
    challenge = chip.take_challenge()
    if len(challenge) != RANDOM:
        raise CardError(sw.REFERENCE_DATA)
    random, record, proof = request.data[:RANDOM], request.data[RANDOM:-MAC], request.data[-MAC:]
    keys = control_session(control_cipher(chip), random, challenge)
    if not same(vault_proof(keys, random, challenge, record), proof):
        chip.commit({CONTROL_TRIES: tries - 1})
        raise CardError(0x63C0 | tries - 1)
    chip.commit({**changes, CONTROL_TRIES: CONTROL_TRY_LIMIT})
    chip.session.transaction = Opened(keys)
    left = chip.octets(USES_LEFT)
    return card_proof(keys, random, challenge, left) + left


def use(chip: Chip, record: bytes) -> Changes:
    """What consumes one use and logs it: ``number of the use 2 ‖ record``. CardError 6983 when none is
    left."""
    left = int.from_bytes(chip.octets(USES_LEFT))
    if not left:
        raise CardError(sw.BLOCKED)
    number = int.from_bytes(chip.octets(USE_LIMIT)) - left + 1
    logged = (number.to_bytes(2) + record, *chip.records(_LOG)[: LOG_RECORDS - 1])
    return {USES_LEFT: (left - 1).to_bytes(2), _LOG: logged}


def require_content(chip: Chip) -> None:
    """Raises CardError 6985 unless the carrier is issued and its content complete."""
    require_issued(chip)
    if state_of(chip) is not State.COMPLETE:
        raise CardError(sw.CONDITIONS)


def opened(chip: Chip) -> Opened:
    """The session under way. Raises CardError 6985."""
    session = chip.session.transaction
    if not isinstance(session, Opened):
        raise CardError(sw.CONDITIONS)
    return session


def sealed_answer(session: Opened, request: Request, data: bytes) -> bytes:
    """The answer with its MAC; answers are counted, so that none can be left out or come twice.

    CardError 6Cxx for another Le than its length or 00; then nothing has been counted."""
    fitting(request, data + bytes(MAC))
    session.answers += 1
    return data + answer_mac(session.keys, session.answers, request.raw[:4], data)


SESSION = (
    Entry(
        "OPEN SESSION",
        0x80,
        0x86,
        open_session,
        case=Case.INOUT,
        lengths=(RANDOM + RECORD + MAC,),
        source="carriers 5",
    ),
)
