"""GET CHALLENGE, EXTERNAL AUTHENTICATION, INTERNAL AUTHENTICATION (Part 5 §6.4, §6.5, §6.7; Part 4 §9)."""

from shebaoka.chip.chip import Chip, same
from shebaoka.chip.command import Case, Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.keys import Key, KeySlot, Role, challenge_session
from shebaoka.crypto.formulas import authentication_data, session_key
from shebaoka.spec import sw

_IDENTIFIERS = frozenset({*range(0x10), *range(0x80, 0x90)})  # Part 5 T14: b7 and the key number
_UNLIMITED = 0x0F


def get_challenge(chip: Chip, request: Request) -> bytes:
    """4, 8 or 16 random bytes; there is one slot, and it is used once (decision K18)."""
    size = request.le or 0
    if size not in (4, 8, 16):
        raise CardError(sw.LENGTH)
    challenge = chip.draw(size)
    chip.session.new_challenge(challenge)
    return challenge


def external_authenticate(chip: Chip, request: Request) -> bytes:
    """Prove a key: ``auth 8 ‖ original 8 [‖ version]`` from the latest challenge.

    Wrong: 63Cx and one try less; block keys never count (Part 7 §13). Comparison and counter are one commit.
    """
    slot = find_slot(chip, request.p2)
    if slot.locks and chip.number(slot.tries, slot.limit) == 0:
        raise CardError(sw.BLOCKED)
    data = request.data
    version = data[16] if len(data) == 17 else None
    keys = _candidates(chip, slot, version)
    challenge = chip.take_challenge()
    if any(_proves(key, challenge, data) for key in keys):
        restore_tries(chip, slot)
        chip.session.grant(request.p2, _is_local(chip, slot))
        return b""
    chip.session.revoke(request.p2)
    raise CardError(0x63C0 | count_failure(chip, slot))


def internal_authenticate(chip: Chip, request: Request) -> bytes:
    """Prove the card: ``factor 8 ‖ original 8 [‖ version]`` under IRK of the DF or its DDF (decision K92)."""
    directory = chip.session.directory
    slots = directory.slots(Role.INTERNAL) or directory.ddf.slots(Role.INTERNAL)
    if not slots:
        raise CardError(sw.KEY_NOT_FOUND)
    data = request.data
    key = slots[0].find(data[16] if len(data) == 17 else None)
    return authentication_data(session_key(key.cipher, data[:8]), data[8:16])


def find_slot(chip: Chip, identifier: int) -> KeySlot:
    """The external authentication key: of the DF itself, or a global one of its DDF. CardError 6A86, 6A88."""
    if identifier not in _IDENTIFIERS:
        raise CardError(sw.P1P2)
    directory = chip.session.directory
    slot = directory.auth.get(identifier)
    if slot is None and identifier < 0x80:
        slot = directory.ddf.auth.get(identifier)
    if slot is None:
        raise CardError(sw.KEY_NOT_FOUND)
    return slot


def restore_tries(chip: Chip, slot: KeySlot) -> None:
    """The counter back to its limit after a success. Written even where it is there already: a success that
    writes nothing would tell itself from a failure whose write is cut off, and guesses would cost nothing."""
    if slot.locks:
        chip.commit({slot.tries: slot.limit})


def count_failure(chip: Chip, slot: KeySlot) -> int:
    """One try less; how many are left. Keys that never lock answer their limit, or 15 without one."""
    if not slot.locks:
        return slot.limit or _UNLIMITED
    left = max(chip.number(slot.tries, slot.limit) - 1, 0)
    chip.commit({slot.tries: left})
    return left


def _candidates(chip: Chip, slot: KeySlot, version: int | None) -> list[Key]:
    if version is None and chip.profile.any_key_version:
        return list(slot.versions.values())
    return [slot.find(version)]


def _proves(key: Key, challenge: bytes, data: bytes) -> bool:
    return same(authentication_data(challenge_session(key.cipher, challenge), data[8:16]), data[:8])


def _is_local(chip: Chip, slot: KeySlot) -> bool:
    """Whether the right ends with the DF: local identifiers, keys of an ADF, KIDs (K21, K63)."""
    foreign = slot.directory != chip.session.directory.ddf.number
    return slot.identifier >= 0x80 or foreign or slot.role == Role.LEVEL_CONTROL


AUTHENTICATE = (
    Entry("GET CHALLENGE", 0x00, 0x84, get_challenge, case=Case.OUT, source="Part 5 §6.5"),
    Entry(
        "EXTERNAL AUTHENTICATION",
        0x00,
        0x82,
        external_authenticate,
        parameters=range(256),
        lengths=(16, 17),
        source="Part 5 §6.4",
    ),
    Entry(
        "INTERNAL AUTHENTICATION",
        0x00,
        0x88,
        internal_authenticate,
        case=Case.INOUT,
        lengths=(16, 17),
        source="Part 5 §6.7",
    ),
)
