"""AUTHENTICATE MASTER: the master key of the current directory (主控密钥; Part 4 §5, Part 10 §5)."""

from shebaoka.chip.access import MASTER_RIGHT
from shebaoka.chip.chip import Chip, same
from shebaoka.chip.command import Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.keys import KEY_SIZE, ChipCipher, challenge_session
from shebaoka.chip.values import MASTER_TRY_LIMIT
from shebaoka.crypto.formulas import authentication_data
from shebaoka.spec import sw


def authenticate_master(chip: Chip, request: Request) -> bytes:
    """``auth 8 ‖ original 8`` from the latest challenge. Wrong: 63Cx; after ten failures 6983."""
    directory = chip.session.directory
    tries = chip.number(directory.master_tries, MASTER_TRY_LIMIT)
    if tries == 0:
        raise CardError(sw.BLOCKED)
    cipher = master_cipher(chip)
    session = challenge_session(cipher, chip.take_challenge())
    if same(authentication_data(session, request.data[8:]), request.data[:8]):
        chip.commit({directory.master_tries: MASTER_TRY_LIMIT})
        chip.session.grant(MASTER_RIGHT, local=True)
        return b""
    chip.session.revoke(MASTER_RIGHT)
    chip.commit({directory.master_tries: tries - 1})
    raise CardError(0x63C0 | tries - 1)


def master_cipher(chip: Chip) -> ChipCipher:
    """The cipher of the current directory's master key. Raises CardError 6A88 when it has none."""
    directory = chip.session.directory
    key = chip.octets(directory.master)
    if len(key) != KEY_SIZE:
        raise CardError(sw.KEY_NOT_FOUND)
    return chip.tree.master_cipher(directory, key)


MASTER = (
    Entry("AUTHENTICATE MASTER", 0x80, 0x82, authenticate_master, lengths=(16,), source="issuer dialect 1"),
)
