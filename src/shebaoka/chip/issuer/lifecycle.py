"""ACTIVATE and DELETE STRUCTURE: the end of initialization, and starting over (Part 10 §5.2)."""

from shebaoka.chip.access import MASTER_RIGHT
from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.values import (
    ACTIVATED,
    ALGORITHM,
    HISTORICAL,
    INTERFACE,
    KIND,
    MASTER,
    PROFILE,
    TRANSPORT_KEY,
    Changes,
)
from shebaoka.spec import sw

_KEPT = frozenset({KIND, HISTORICAL, TRANSPORT_KEY, ALGORITHM, PROFILE, INTERFACE})
_MF_MASTER = (MASTER, 0, 0, 0)


def activate(chip: Chip, request: Request) -> bytes:
    """End of initialization of the whole card: raw content can no longer be put into files."""
    chip.require_right(MASTER_RIGHT)
    chip.commit({ACTIVATED: 1})
    return b""


def delete_structure(chip: Chip, request: Request) -> bytes:
    """At the MF: erase everything; the transport key is the MF's master key again. Elsewhere 6985."""
    chip.rebuild(without_structure(chip))
    return b""


def without_structure(chip: Chip) -> Changes:
    """What erases everything. CardError 6985 outside the MF, 6982 without its master right."""
    if chip.session.directory is not chip.tree.mf:
        raise CardError(sw.CONDITIONS)
    chip.require_right(MASTER_RIGHT)
    changes: Changes = dict.fromkeys(address for address in chip.state if address not in _KEPT)
    changes[_MF_MASTER] = chip.octets(TRANSPORT_KEY)
    return changes


_NO_DATA = (0,)
LIFECYCLE = (
    Entry("ACTIVATE", 0x80, 0x44, activate, lengths=_NO_DATA, source="issuer dialect 5"),
    Entry("DELETE STRUCTURE", 0x80, 0xE4, delete_structure, lengths=_NO_DATA, source="issuer dialect 6"),
)
