"""Issuing and erasing carriers. A body issues for the body just below it (art. 23 of the measures)."""

from dataclasses import replace
from datetime import UTC, datetime

from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.identity import Identity, check_carrier
from shebaoka.carriers.keys import CONTROL, ISSUER, issuer_cipher
from shebaoka.carriers.records import emptied, erased_before, issued
from shebaoka.carriers.session import packed_pin
from shebaoka.carriers.wire import Carrier
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.padding import pad_data
from shebaoka.psam.carrier.pin import PIN_LIMITS
from shebaoka.psam.carrier.state import State
from shebaoka.reader.base import Reader
from shebaoka.vault.card_records import Note, promised, unrecorded
from shebaoka.vault.carried import same_body
from shebaoka.vault.contents import Act
from shebaoka.vault.hierarchy import child_factor
from shebaoka.vault.model import HierarchyError, Vault
from shebaoka.vault.rules import check_hand_over

MOST_USES = 0xFFFF


def issue_carrier(
    reader: Reader,
    vault: Vault,
    identity: Identity,
    pin: str,
    uses: int,
    transport: BlockCipher,
    *,
    pin_limit: int = 3,
    note: Note = unrecorded,
    moment: datetime | None = None,
) -> Identity:
    """The blank carrier in ``reader`` becomes ``identity``'s, in one command: done or not done.

    The control key of the owner comes from ``vault``, which is the issuer's. ``transport``: the blank's
    transport key. A carrier that is this one already is left alone, so that the step can be repeated.
    ``note`` is told what the card will hold, before it does and when it does. Outside production the carrier
    is TEST_ONLY. Raises CarrierError; HierarchyError when the owner does not stand just below the issuer."""
    if not same_body(identity.issuer, vault.owner):
        raise HierarchyError(f"{identity} is issued by {identity.issuer}, this is the vault of {vault.owner}")
    control = vault.find(CONTROL, 1, identity.suite)
    check_hand_over(control, identity.owner)
    if not 1 <= uses <= MOST_USES:
        raise CarrierError(f"a carrier has 1 to {MOST_USES} uses, not {uses}")
    if pin_limit not in PIN_LIMITS:
        raise CarrierError(f"a PIN has {PIN_LIMITS[0]} to {PIN_LIMITS[-1]} tries, not {pin_limit}")
    block = pad_data(packed_pin(pin), 16)
    identity = replace(identity, test_only=identity.test_only or not vault.production)
    check_carrier(vault, identity)
    contents = issued(vault, identity, moment or datetime.now(UTC))
    carrier = Carrier(reader)
    if carrier.status.kind != identity.kind:
        raise CarrierError(f"{carrier}: a blank {identity.kind} card is needed")
    if carrier.status.state is not State.BLANK:
        if carrier.identity == identity:
            note(Act.ISSUED, contents)
            return identity
        raise CarrierError(f"{carrier}: issued already; its issuer can erase it")
    content = identity.encode()
    head = uses.to_bytes(2) + bytes((pin_limit, len(content))) + content
    issuer = vault.find(ISSUER, 1, identity.suite)
    wrapped = (
        transport.encrypt(block)
        + vault.wrap_for_chip(issuer, [bytes.fromhex(identity.serial)], transport)
        + vault.wrap_for_chip(control, [child_factor(identity.owner)], transport)
    )
    carrier.prove_issuer(transport)
    with promised(note, Act.ISSUING, contents):
        carrier.send_as_issuer(transport, b"\x84\xe2\x00\x00", head + wrapped, "ISSUE CARRIER")
    return identity


def erase_carrier(
    reader: Reader, vault: Vault, *, note: Note = unrecorded, moment: datetime | None = None
) -> None:
    """The issuer makes a carrier blank again: keys, blocks, PIN, identity and log are gone.

    A blank one is left alone; it still tells which one it was, so that an erasing that was interrupted is
    ended in the records. ``note`` is told before and after. Raises CarrierError for a carrier of another
    issuer."""
    carrier = Carrier(reader)
    moment = moment or datetime.now(UTC)
    if carrier.identity is None:
        if carrier.status.former:
            note(Act.EMPTIED, erased_before(vault.owner, carrier.status, moment))
        return
    if not same_body(carrier.identity.issuer, vault.owner):
        raise CarrierError(f"{carrier}: only {carrier.identity.issuer} can erase it")
    carrier.prove_issuer(issuer_cipher(vault, carrier.identity.serial, carrier.identity.suite))
    with promised(note, Act.ERASING, emptied(carrier.identity, moment)):
        carrier.send(bytes.fromhex("80E4000000"), "ERASE CARRIER")
