"""WIPE KEYS: the end of a PSAM's life (回收、销毁). All keys are erased at once, none can come again.

Ours (docs/reference/issuer-dialect.md): the standard has no such command. Files stay, so that the PSAM can
still say who it was."""

from collections.abc import Callable
from dataclasses import replace

from shebaoka.chip.access import MASTER_RIGHT
from shebaoka.chip.chip import Chip, same
from shebaoka.chip.command import Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.issuer.master import master_cipher
from shebaoka.chip.keys import Role
from shebaoka.chip.values import (
    APPLICATION,
    KEY,
    MASTER,
    MASTER_TRIES,
    PIN,
    PIN_LIMIT,
    PIN_TRIES,
    TRANSPORT_KEY,
    TRIES,
    Address,
    Changes,
)
from shebaoka.crypto.loading import loading_mac
from shebaoka.spec import sw

WIPED: Address = (APPLICATION, 0, 1, 0)
_SECRETS = frozenset({KEY, TRIES, MASTER, MASTER_TRIES, PIN, PIN_TRIES, PIN_LIMIT})
_MAC = 4


def wipe_keys(chip: Chip, request: Request) -> bytes:
    """``MAC 4`` under the master key of the current directory, for the challenge just given.

    In the application after a loading key (KID-01, 02, 03) was proven, or in any directory with its master
    right. CardError 6982 without either, 6984 without challenge, 6988 for a wrong MAC.
    """
    _require_authority(chip)
    cipher = master_cipher(chip)
    challenge = chip.take_challenge()
    if len(challenge) > cipher.algorithm.block_size:
        raise CardError(sw.REFERENCE_DATA)
    if not same(loading_mac(cipher, challenge, request.raw[:5]), request.data):
        raise CardError(sw.SM_WRONG)
    changes: Changes = {address: None for address in chip.state if address[0] in _SECRETS}
    chip.rebuild({**changes, TRANSPORT_KEY: None, WIPED: 1})
    return b""


def unless_wiped(entry: Entry) -> Entry:
    """The command, with 6985 for good after the keys were wiped."""
    return replace(entry, handler=_refusing(entry.handler))


def _refusing(handler: Callable[[Chip, Request], bytes]) -> Callable[[Chip, Request], bytes]:
    def act(chip: Chip, request: Request) -> bytes:
        if WIPED in chip.state:
            raise CardError(sw.CONDITIONS)
        return handler(chip, request)

    return act


def _require_authority(chip: Chip) -> None:
    rights = chip.session.rights
    if MASTER_RIGHT in rights:
        return
    levels = {slot.identifier for slot in chip.session.directory.slots(Role.LEVEL_CONTROL)}
    if not levels & rights:
        raise CardError(sw.SECURITY)


WIPE = (Entry("WIPE KEYS", 0x84, 0xE4, wipe_keys, lengths=(_MAC,), keeps=True, source="issuer dialect 7"),)
