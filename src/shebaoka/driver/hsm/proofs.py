"""What the steps have in common: the four items that go out, the proof that comes in."""

from shebaoka.codec.apdu import Command
from shebaoka.driver import strings
from shebaoka.driver.errors import INPUT, LENGTH, DriverError
from shebaoka.driver.hsm.addresses import address_of
from shebaoka.driver.hsm.pending import Pending
from shebaoka.driver.work import Equipment
from shebaoka.terminal.authentication import challenge, remember_proof
from shebaoka.terminal.session import Session, send

_HALF = 8


def question(equipment: Equipment, session: Session, key: str, original: bytes) -> str:
    """``algorithm|key address|process factor|original information|``: the card's challenge for ``key`` in the
    current directory."""
    return strings.join(
        (
            equipment.profile.algorithm_text(session.algorithm),
            address_of(session.key(key), equipment.profile.key_addresses),
            challenge(session).hex().upper(),
            original.hex().upper(),
        )
    )


def proof(text: str, original: bytes) -> bytes:
    """``authentication data ‖ original information``, 32 digits with or without a last bar. Raises
    DriverError: -42 for another length, -23 for another original information than the card was asked."""
    data = strings.octets(text.removesuffix(strings.FIELD), 2 * _HALF, "pKey")
    if data[_HALF:] != original:
        raise DriverError(INPUT, "(pKey)")
    return data


def show(pending: Pending, data: bytes) -> None:
    """EXTERNAL AUTHENTICATION with the HSM's proof. Raises StatusWordError with the tries left."""
    session, key = pending.session, pending.session.key(pending.key)
    if key.identifier is None or len(data) != 2 * _HALF:
        raise DriverError(LENGTH, "(pKey)")
    session.proven.discard(key.name)
    send(session, Command(0x00, 0x82, 0x00, key.identifier, data), "EXTERNAL AUTHENTICATION", key=key)
    remember_proof(session, key.name)
