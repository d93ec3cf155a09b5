"""Export: sub-keys for the body below onto a mother card, their transport key onto a transmission card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.identity import Identity, check_carrier
from shebaoka.carriers.keys import CONTROL_USAGE, TRANSPORT, issuer_cipher
from shebaoka.carriers.records import filled
from shebaoka.carriers.wire import Carrier
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.psam.carrier.state import MOTHER, REFERENCE, TRANSMISSION, State
from shebaoka.reader.base import Reader
from shebaoka.vault.card_records import Note, unrecorded
from shebaoka.vault.carried import SealedKeys, same_body, seal_for
from shebaoka.vault.contents import Act
from shebaoka.vault.hierarchy import may_receive
from shebaoka.vault.lives import permitted
from shebaoka.vault.model import Body, KeyHandle, Vault, VaultError
from shebaoka.vault.states import Use


@dataclass(frozen=True, slots=True)
class Export:
    """A finished export. ``reference`` ties mother card and transmission card together."""

    reference: bytes
    mother: Identity
    transmission: Identity
    handles: tuple[KeyHandle, ...]


def exportable(vault: Vault, to: Body, mother: Identity) -> tuple[KeyHandle, ...]:
    """The keys of ``vault`` that may go to ``to`` on this card: SM4 keys travel on SM4 cards only, the
    control key on its own card."""
    return tuple(
        handle
        for handle in vault.handles()
        if may_receive(handle, to)
        and permitted(vault, handle, Use.HAND_DOWN)
        and handle.usage != CONTROL_USAGE
        and handle.algorithm.block_size <= mother.suite.block_size
    )


def export_keys(
    vault: Vault,
    mother_reader: Reader,
    transmission_reader: Reader,
    to: Body,
    handles: Sequence[KeyHandle] | None = None,
    *,
    note: Note = unrecorded,
    moment: datetime | None = None,
) -> Export:
    """Sub-keys of ``handles`` (default: all that may go there) for ``to``, which owns both cards.

    Interrupted at any step it is simply called again: the mother card is complete only with its last
    command, and the same keys under the same reference give the same blocks. ``note`` is told what the two
    cards will hold before the first key is written, so that a loss can be analyzed when they are gone, and
    again when they hold it. Raises CarrierError, VaultError."""
    mother, transmission = Carrier(mother_reader), Carrier(transmission_reader)
    pair = _pair(vault, to, mother, transmission)
    chosen = tuple(handles) if handles is not None else exportable(vault, to, pair[0])
    check_carrier(vault, *pair)
    _check_usage(chosen)
    suite = pair[0].suite
    reference = mother.status.reference if any(mother.status.reference) else vault.random(REFERENCE)
    root = vault.find(TRANSPORT, 1, suite)
    sealed = seal_for(vault, chosen, to, vault.cipher(root, reference), reference)
    if mother.status.state is State.COMPLETE:
        if (mother.status.check, transmission.status.reference) != (sealed.manifest[-8:], reference):
            raise CarrierError(f"{mother}: it holds another export; erase it or take an empty one")
        _tell(note, Act.FILLED, pair, sealed, moment)
        return Export(reference, *pair, chosen)
    if transmission.status.state is State.COMPLETE and transmission.status.reference != reference:
        raise CarrierError(
            f"{transmission}: it holds the key of another export; erase it or take an empty one"
        )
    keys = issuer_cipher(vault, pair[0].serial, suite), issuer_cipher(vault, pair[1].serial, suite)
    mother.prove_issuer(keys[0])
    transmission.prove_issuer(keys[1])
    _tell(note, Act.FILLING, pair, sealed, moment)
    _write(mother, keys[0], sealed)
    wrapped = vault.wrap_for_chip(root, [reference], keys[1])
    transmission.send_as_issuer(keys[1], b"\x84\xec\x00\x00", reference + wrapped, "PUT TRANSPORT KEY")
    mother.send_as_issuer(keys[0], b"\x84\xea\x00\x00", sealed.manifest, "COMMIT EXPORT")
    _tell(note, Act.FILLED, pair, sealed, moment)
    return Export(reference, *pair, chosen)


def _pair(vault: Vault, to: Body, mother: Carrier, transmission: Carrier) -> tuple[Identity, Identity]:
    pair = mother.known(MOTHER, to), transmission.known(TRANSMISSION, to)
    for carrier, identity in zip((mother, transmission), pair, strict=True):
        if not same_body(identity.issuer, vault.owner):
            raise CarrierError(f"{carrier}: issued by {identity.issuer}; {vault.owner} cannot write it")
    if pair[0].suite is not pair[1].suite:
        raise CarrierError(f"{mother} is a {pair[0].suite.label} card, {transmission} is not")
    return pair


def _check_usage(handles: Sequence[KeyHandle]) -> None:
    for handle in handles:
        if handle.usage == CONTROL_USAGE:
            raise VaultError(f"{handle} travels on the master control card only")


def _tell(
    note: Note, act: Act, pair: tuple[Identity, Identity], sealed: SealedKeys, moment: datetime | None
) -> None:
    for contents in filled(pair, sealed, moment or datetime.now(UTC)):
        note(act, contents)


def _write(mother: Carrier, key: BlockCipher, sealed: SealedKeys) -> None:
    mother.send_as_issuer(key, b"\x84\xe6\x00\x00", sealed.reference, "BEGIN EXPORT")
    for number, block in enumerate(sealed.blocks, 1):
        mother.send_as_issuer(key, b"\x84\xe8" + number.to_bytes(2), block, f"WRITE BLOCK {number}")
