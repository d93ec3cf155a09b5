"""CARD BLOCK and APPLICATION BLOCK: for good, with a MAC under STK (Part 5 §6.1, §6.2; Part 7 §13)."""

from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Entry, Request
from shebaoka.chip.commands.secure import check_mac, maintenance_session
from shebaoka.chip.errors import CardError
from shebaoka.chip.keys import Role
from shebaoka.chip.tree import Directory
from shebaoka.spec import sw


def block_card(chip: Chip, request: Request) -> bytes:
    """After authentication with BK: every later command answers 6A81."""
    ddf = chip.session.directory.ddf
    _require_role(chip, ddf, Role.CARD_BLOCK)
    check_mac(maintenance_session(chip, ddf), request)
    chip.block()
    return b""


def block_application(chip: Chip, request: Request) -> bytes:
    """After authentication with LK of the DF, or BK where it has none (K29): the DF answers 9303."""
    directory = chip.session.directory
    if directory.ddf is directory:
        raise CardError(sw.CONDITIONS)
    if directory.slots(Role.APPLICATION_BLOCK):
        _require_role(chip, directory, Role.APPLICATION_BLOCK)
    else:
        _require_role(chip, directory.ddf, Role.CARD_BLOCK)
    check_mac(maintenance_session(chip, directory), request)
    chip.commit({directory.blocked: 1})
    return b""


def _require_role(chip: Chip, directory: Directory, role: Role) -> None:
    slots = directory.slots(role)
    if not slots:
        raise CardError(sw.KEY_NOT_FOUND)
    if not any(slot.identifier in chip.session.rights for slot in slots):
        raise CardError(sw.SECURITY)


BLOCKING = (
    Entry("CARD BLOCK", 0x84, 0x16, block_card, lengths=(4,), source="Part 5 §6.2"),
    Entry(
        "APPLICATION BLOCK",
        0x84,
        0x1E,
        block_application,
        parameters=frozenset({0x0001}),
        lengths=(4,),
        source="Part 5 §6.1",
    ),
)
