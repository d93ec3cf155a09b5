"""What the other two carriers give out, never in the clear: the transport key, the control key."""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Case, Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.issuer.master import master_cipher
from shebaoka.chip.keys import KEY_SIZE
from shebaoka.crypto.carriage import PUBLIC, agreed_cipher, agreed_mac, wrap_transport_key
from shebaoka.psam.carrier.issue import MAC, authenticated
from shebaoka.psam.carrier.pin import require_pin
from shebaoka.psam.carrier.session import opened, require_content, sealed_answer, use
from shebaoka.psam.carrier.state import (
    CONTROL_KEY,
    EXPORT,
    RECORD,
    REFERENCE,
    TRANSPORT_KEY,
    require_issued,
)
from shebaoka.spec import sw


def put_transport_key(chip: Chip, request: Request) -> bytes:
    """``reference 8 ‖ wrapped key 16 ‖ MAC`` from the issuer: the key of that export, in place of any
    other."""
    require_issued(chip)
    body = authenticated(chip, request)
    if not any(body[:REFERENCE]):
        raise CardError(sw.DATA)
    key = master_cipher(chip).decrypt(body[REFERENCE:])
    chip.commit({EXPORT: body[:REFERENCE], TRANSPORT_KEY: key})
    return b""


def give_transport_key(chip: Chip, request: Request) -> bytes:
    """Inside a session, and ends it: ``reference 8 ‖ key wrapped under the session 16 ‖ MAC 8``."""
    session = opened(chip)
    wrapped = wrap_transport_key(session.keys, chip.octets(TRANSPORT_KEY))
    answer = sealed_answer(session, request, chip.octets(EXPORT) + wrapped)
    chip.session.transaction = None
    return answer


def give_control_key(chip: Chip, request: Request) -> bytes:
    """``public key 32 ‖ record 16`` of a vault that has no control key yet; consumes a use.

    Gives ``public key 32 ‖ wrapped key 16 ‖ MAC 8`` under the cipher both public keys agree on."""
    require_content(chip)
    require_pin(chip)
    changes = use(chip, request.data[PUBLIC:])
    own = X25519PrivateKey.from_private_bytes(chip.draw(PUBLIC))
    public = own.public_key().public_bytes_raw()
    other = request.data[:PUBLIC]
    try:
        agreed = agreed_cipher(own, other, other + public, chip.tree.mf.algorithm)
    except ValueError:
        raise CardError(sw.DATA) from None
    chip.commit(changes)
    wrapped = agreed.encrypt(chip.octets(CONTROL_KEY))
    return public + wrapped + agreed_mac(agreed, request.raw[:4] + public + wrapped)


TRANSMISSION_COMMANDS = (
    Entry(
        "PUT TRANSPORT KEY",
        0x84,
        0xEC,
        put_transport_key,
        lengths=(REFERENCE + KEY_SIZE + MAC,),
        source="carriers 10",
    ),
    Entry(
        "GIVE TRANSPORT KEY",
        0x80,
        0x8A,
        give_transport_key,
        case=Case.OUT,
        keeps=True,
        source="carriers 11",
    ),
)
MASTER_CONTROL_COMMANDS = (
    Entry(
        "GIVE CONTROL KEY",
        0x80,
        0x88,
        give_control_key,
        case=Case.INOUT,
        lengths=(PUBLIC + RECORD,),
        source="carriers 12",
    ),
)
