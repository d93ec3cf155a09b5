"""Import: a vault takes the keys of a mother card in, under the transport key of its transmission card."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from shebaoka.carriers.control import save
from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.identity import check_carrier
from shebaoka.carriers.session import OpenSession, Purpose, verify_pin
from shebaoka.carriers.wire import Carrier
from shebaoka.crypto.carriage import KEY, unwrap_transport_key
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.psam.carrier.state import MOTHER, REFERENCE, TRANSMISSION, State
from shebaoka.reader.base import Reader
from shebaoka.vault.carried import ANY_VERSION, SealedKeys, accept_sealed
from shebaoka.vault.model import Body, KeyHandle, Vault


@dataclass(frozen=True, slots=True)
class Pins:
    """The two custodians' PINs. Not shown by ``repr``."""

    mother: str
    transmission: str

    def __repr__(self) -> str:
        return "<two PINs>"


@dataclass(frozen=True, slots=True)
class Import:
    """What came in. ``uses_left``: of mother card and transmission card."""

    reference: bytes
    sender: Body
    handles: tuple[KeyHandle, ...]
    uses_left: tuple[int, int]


def import_keys(
    vault: Vault,
    mother_reader: Reader,
    transmission_reader: Reader,
    pins: Pins,
    *,
    versions: Container[int] = ANY_VERSION,
    moment: datetime | None = None,
) -> Import:
    """The keys of the mother card into the vault of its owner, which is saved last: all of them or none.

    Consumes one use of each card. ``versions``: those that are accepted. Whatever can be told without a use
    (owner, suite, pair, content, uses) is checked before the PINs. Raises CarrierError, VaultError."""
    mother, transmission = Carrier(mother_reader), Carrier(transmission_reader)
    sender = _check(vault, mother, transmission)
    moment = moment or datetime.now()
    verify_pin(mother, pins.mother)
    verify_pin(transmission, pins.transmission)
    transport, key_uses = _transport_key(vault, transmission, moment)
    sealed, block_uses = _blocks(vault, mother, moment)
    handles = accept_sealed(vault, sealed, transport, versions)
    save(vault)
    return Import(sealed.reference, sender, handles, (block_uses, key_uses))


def _check(vault: Vault, mother: Carrier, transmission: Carrier) -> Body:
    identity, other = mother.known(MOTHER, vault.owner), transmission.known(TRANSMISSION, vault.owner)
    check_carrier(vault, identity, other)
    if identity.suite is not other.suite:
        raise CarrierError(f"{mother} is a {identity.suite.label} card, {transmission} is not")
    for carrier, what in ((mother, "its export was not finished"), (transmission, "it holds no key")):
        if carrier.status.state is not State.COMPLETE:
            raise CarrierError(f"{carrier}: {what}; {identity.issuer} has to export again")
    if mother.status.reference != transmission.status.reference:
        raise CarrierError(f"{mother} and {transmission} do not belong together; use the pair of one export")
    for carrier in (mother, transmission):
        if not carrier.status.uses_left:
            raise CarrierError(f"{carrier}: no uses left; ask {identity.issuer} for a new carrier")
    return identity.issuer


def _transport_key(vault: Vault, transmission: Carrier, moment: datetime) -> tuple[BlockCipher, int]:
    session = OpenSession(transmission, vault, Purpose.TRANSPORT_KEY, moment)
    given = session.ask(bytes.fromhex("808A000000"), "GIVE TRANSPORT KEY")
    if len(given) != REFERENCE + KEY or given[:REFERENCE] != transmission.status.reference:
        raise CarrierError(f"{transmission}: it gave the key of another export")
    return unwrap_transport_key(session.keys, given[REFERENCE:]), session.uses_left


def _blocks(vault: Vault, mother: Carrier, moment: datetime) -> tuple[SealedKeys, int]:
    session = OpenSession(mother, vault, Purpose.KEY_BLOCKS, moment)
    manifest, *blocks = (
        session.ask(b"\x80\xb4" + number.to_bytes(2) + b"\x00", f"READ BLOCK {number}")
        for number in range(mother.status.blocks + 1)
    )
    return SealedKeys(mother.status.reference, manifest, tuple(blocks)), session.uses_left
