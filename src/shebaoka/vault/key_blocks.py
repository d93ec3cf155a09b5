"""Vault keys as TR-31 key blocks, for exchange with other HSMs: any back end exports and imports them.

It takes nothing but what every back end offers: a key leaves wrapped under a key of the moment (batch mode:
it is in this process's memory until it is in the block), a root enters as two components, a sub-key as a
package."""

from collections.abc import Sequence
from os import urandom

from shebaoka.crypto.ciphers import SoftwareCipher, xor
from shebaoka.crypto.tr31.errors import KeyBlockError
from shebaoka.crypto.tr31.protection import CipherKey, ProtectionKey
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.block_records import body_above, definition_of, open_block, seal_block
from shebaoka.vault.block_usages import KEY_BLOCK_PROTECTION
from shebaoka.vault.cipher import check_value
from shebaoka.vault.hierarchy import child_factor
from shebaoka.vault.model import Body, KeyDefinition, KeyHandle, Vault, VaultError
from shebaoka.vault.records import record_of
from shebaoka.vault.register import sub_key
from shebaoka.vault.rules import check_hand_over
from shebaoka.vault.states import Use
from shebaoka.vault.transfer import Package, seal_package


def protection_of(vault: Vault, handle: KeyHandle) -> ProtectionKey:
    """A vault key as protection key: the keys derived from it stay in the back end. Raises VaultError when it
    is not there for that: a key has one purpose (K-17)."""
    if handle.usage != KEY_BLOCK_PROTECTION:
        raise VaultError(f"{handle} is a key of usage {handle.usage}; it does not protect key blocks (K-17)")
    try:
        return CipherKey(vault.cipher(handle))
    except KeyBlockError as error:
        raise VaultError(str(error)) from None


def export_block(
    vault: Vault, handle: KeyHandle, protection: KeyHandle | ProtectionKey, to: Body | None = None
) -> str:
    """A key of any back end as a key block: the key itself, for another HSM of the same body, or its sub-key
    for ``to``, a body just below.

    ``protection``: a key of this vault, or one from outside such as AES. Raises VaultError for a key that is
    not exportable, whose state forbids it, that its back end does not let go, or that is stronger than the
    protection key."""
    vault.check(handle, Use.HAND_DOWN)
    if to is not None:
        check_hand_over(handle, to)
    if not handle.exportable:
        raise VaultError(f"{handle} is not exportable")
    if isinstance(protection, KeyHandle):
        protection = protection_of(vault, protection)
    if to is None:
        return seal_block(record_of(handle, _revealed(vault, handle, ())), protection)
    factor = child_factor(to)
    key = _revealed(vault, handle, (factor,))
    below = sub_key(handle, to, factor, check_value(handle.algorithm, key))
    return seal_block(record_of(below, key), protection)


def import_block(
    vault: Vault,
    block: str,
    protection: KeyHandle | ProtectionKey,
    definition: KeyDefinition | None = None,
) -> KeyHandle:
    """Takes the key of a block into any back end; an equal key that is here already is left alone.

    ``definition``: what key it is, when the block comes from another system and does not say. A root must be
    one of this body, a sub-key come from the body just above (R-24). Raises VaultError; the vault is not
    changed."""
    if isinstance(protection, KeyHandle):
        protection = protection_of(vault, protection)
    record = open_block(block, protection, vault.owner, definition, production=vault.production)
    for present in vault.handles():
        if present.id == record.id:
            if (present.kcv, present.parent) != (record.kcv, record.parent):
                raise VaultError(f"{present} is here already with another value; retire it first")
            return present
    if record.parent:
        package = Package(body_above(vault.owner), vault.owner, (record,))
        return vault.take_over(seal_package(package, vault.reception()))[0]
    wanted = definition_of(record)
    if record.test_only:
        return vault.import_test_key(wanted, record.key)
    part = vault.random(len(record.key))
    return vault.generate_from_components(wanted, [part, xor(record.key, part)])


def _revealed(vault: Vault, handle: KeyHandle, factors: Sequence[bytes]) -> bytes:
    """A key of the back end in this process, by way of a block under a key of the moment."""
    once = SoftwareCipher(
        handle.algorithm if handle.algorithm.key_size == 16 else Algorithm.TDES, urandom(16)
    )
    return once.decrypt(vault.wrap_for_chip(handle, factors, once))[: handle.algorithm.key_size]
