"""INIT SAM FOR PURCHASE and CREDIT SAM FOR PURCHASE: MAC1 and MAC2 of a consumption (Part 9 §9.9, §9.10)."""

from shebaoka.chip.chip import Chip, same
from shebaoka.chip.command import Case, Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.keys import Key
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.medical import purchase_mac1, purchase_mac2, purchase_session
from shebaoka.psam.sequence import next_sequence
from shebaoka.psam.service import diversify_down
from shebaoka.psam.usage import CONSUMPTION, level_slot
from shebaoka.spec import sw

_FIXED = 0x1C
_FACTOR = 8
_TERMINAL_FID = 0x0016
_LEVELS = (1, 2, 3)
_WRONG_MAC = 0x63CF  # decision K53: the sentence names this value


class OpenPurchase:
    """A consumption whose MAC2 is still to come: session key and the three amounts."""

    __slots__ = ("amounts", "session")

    def __init__(self, session: BlockCipher, amounts: tuple[int, int, int]) -> None:
        self.session = session
        self.amounts = amounts


def initialize_purchase(chip: Chip, request: Request) -> bytes:
    """``random 4, counter 2, amounts 3x4, type 1, date 4, time 3, version 1, algorithm 1, factors``.

    Factors: card first. Gives terminal sequence 4 ‖ MAC1 4. CardError 6A88 without a key of the version, 6A80
    when the number of factors or the algorithm is not that of the key.
    """
    chip.session.transaction = None
    data = request.data
    random, counter = data[:4], int.from_bytes(data[4:6])
    amounts = (int.from_bytes(data[6:10]), int.from_bytes(data[10:14]), int.from_bytes(data[14:18]))
    kind, time, version, algorithm = data[18], data[19:26], data[26], data[27]
    key = _find_key(chip, version, (len(data) - _FIXED) // _FACTOR)
    if algorithm != key.algorithm.fci:
        raise CardError(sw.DATA)
    terminal = _terminal(chip)
    card_key = diversify_down(key.cipher, data[_FIXED:])
    sequence = next_sequence(chip)
    session = purchase_session(card_key, random, counter, int.from_bytes(sequence))
    chip.session.transaction = OpenPurchase(session, amounts)
    return sequence + purchase_mac1(session, amounts, kind, terminal, time)


def credit_purchase(chip: Chip, request: Request) -> bytes:
    """MAC2 of the card. CardError 6901 without INIT SAM FOR PURCHASE before, 63CF when it is wrong."""
    purchase, chip.session.transaction = chip.session.transaction, None
    if not isinstance(purchase, OpenPurchase):
        raise CardError(sw.INVALID_STATE)
    if not same(purchase_mac2(purchase.session, purchase.amounts), request.data):
        raise CardError(_WRONG_MAC)
    return b""


def _find_key(chip: Chip, version: int, factors: int) -> Key:
    """The consumption key of the version that takes this many factors."""
    slot = level_slot(chip, factors << 5 | CONSUMPTION, version)
    if slot is not None:
        return slot.find(None)
    if any(level_slot(chip, level << 5 | CONSUMPTION, version) for level in _LEVELS):
        raise CardError(sw.DATA)
    raise CardError(sw.KEY_NOT_FOUND)


def _terminal(chip: Chip) -> bytes:
    """The terminal number: EF 0016 of the environment, six bytes. CardError 6985 without it."""
    file = chip.session.directory.ddf.files.get(_TERMINAL_FID)
    if file is None or not file.transparent or file.parameters.size != 6:
        raise CardError(sw.CONDITIONS)
    return chip.octets(file.content)


PURCHASE = (
    Entry(
        "INIT SAM FOR PURCHASE",
        0x80,
        0x70,
        initialize_purchase,
        case=Case.INOUT,
        parameters=frozenset({0x0100}),
        lengths=tuple(_FIXED + _FACTOR * level for level in _LEVELS),
        keeps=True,
        source="Part 9 §9.9",
    ),
    Entry(
        "CREDIT SAM FOR PURCHASE",
        0x80,
        0x72,
        credit_purchase,
        lengths=(4,),
        keeps=True,
        source="Part 9 §9.10",
    ),
)
