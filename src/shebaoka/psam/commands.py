"""Basic commands as a PSAM has them (Part 9 §9): a temporary key survives them."""

from dataclasses import replace

from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Entry, Request
from shebaoka.chip.commands import BASIC
from shebaoka.chip.commands.authenticate import get_challenge
from shebaoka.chip.errors import CardError
from shebaoka.spec import sw


def psam_challenge(chip: Chip, request: Request) -> bytes:
    """4 or 8 random bytes; 16 only under a 16-byte cipher. CardError 6700 (Part 9 §9.2.3)."""
    if request.le == 16 and chip.session.directory.algorithm.block_size != 16:
        raise CardError(sw.LENGTH)
    return get_challenge(chip, request)


def _as_psam(entry: Entry) -> Entry:
    if entry.handler is get_challenge:
        return replace(entry, handler=psam_challenge, keeps=True, source="Part 9 §9.2")
    return replace(entry, keeps=True)


PSAM_BASIC = tuple(_as_psam(entry) for entry in BASIC if entry.name != "INTERNAL AUTHENTICATION")
