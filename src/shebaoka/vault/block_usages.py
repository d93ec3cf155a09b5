"""What our key usages are called in the header of a key block (tables of X9.143).

Card keys are masters from which the keys of cards are derived: the E family (chip card masters), mode X. The
exact usage stands in our own optional block; other HSMs see the nearest standard one."""

from typing import NamedTuple

from shebaoka.crypto.tr31.fields import SM4
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import KeyRole
from shebaoka.vault.catalogue import ISSUER_AUTHENTICATION, MASTER, PSAM_ACCESS, TRANSPORT_USAGE

KEY_BLOCK_PROTECTION = "key-block-protection"
"""Usage of a vault key that protects key blocks and does nothing else (K-17)."""


class BlockUsage(NamedTuple):
    """Key usage (two characters) and mode of use of a header."""

    usage: str
    mode: str


_CRYPTOGRAMS = BlockUsage("E0", "X")
_MESSAGE_MACS = BlockUsage("E2", "X")
_PERSONALIZATION = BlockUsage("E5", "X")
_OTHER = BlockUsage("E6", "X")

_USAGES: dict[str, BlockUsage] = {
    KeyRole.INTERNAL: _OTHER,
    KeyRole.READ: _OTHER,
    KeyRole.UPDATE: _OTHER,
    KeyRole.MAINTENANCE: _MESSAGE_MACS,
    KeyRole.CARD_BLOCK: _MESSAGE_MACS,
    KeyRole.APPLICATION_BLOCK: _MESSAGE_MACS,
    KeyRole.PIN_UNBLOCK: _MESSAGE_MACS,
    KeyRole.STARTING_DAY: _OTHER,
    KeyRole.LOAD: _OTHER,
    KeyRole.PURCHASE: _OTHER,
    KeyRole.TAC: _CRYPTOGRAMS,
    MASTER: _PERSONALIZATION,
    PSAM_ACCESS: _PERSONALIZATION,
    ISSUER_AUTHENTICATION: BlockUsage("M0", "C"),
    KEY_BLOCK_PROTECTION: BlockUsage("K1", "B"),
    TRANSPORT_USAGE: BlockUsage("K0", "B"),
}
_PRIVATE = BlockUsage("00", "0")

LETTERS = {Algorithm.TDES: "T", Algorithm.DES: "D", Algorithm.SM4: SM4}


def block_usage(usage: str) -> BlockUsage:
    """Header values of a usage; a private pair for one the catalogue does not know."""
    return _USAGES.get(usage, _PRIVATE)


def modes_taken(wanted: BlockUsage) -> str:
    """The modes in which another system may send a key of this usage: ours, any (``N``), and for a key that
    wraps others the wrapping alone."""
    return wanted.mode + ("NE" if wanted.usage == "K0" else "N")
