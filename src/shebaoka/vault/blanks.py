"""Transport keys (默认传输密钥) of blank chips: what a delivery of cards, PSAMs or carriers obeys until it is
made into something (Part 10 §5.1.1).

The chip maker chooses the key and tells it in components, or in a TR-31 block; the body that works on the
blanks keeps it in its vault, where it stays. A delivery with another key is the next version, which waits
until it is activated."""

from collections.abc import Sequence
from enum import StrEnum

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.catalogue import TRANSPORT_USAGE
from shebaoka.vault.lifecycle import serving
from shebaoka.vault.lives import StateError
from shebaoka.vault.model import KeyDefinition, KeyHandle, KeyNotFoundError, Vault, VaultError
from shebaoka.vault.states import Use


class Blank(StrEnum):
    """What is to be made of the blank chip."""

    CARD = "card"
    PSAM = "psam"
    CARRIER = "carrier"


NAMES = {Blank.CARD: "TRANSPORT", Blank.PSAM: "TRANSPORT-PSAM", Blank.CARRIER: "TRANSPORT-CARRIER"}
"""The keys' names in a vault."""


def blank_definition(vault: Vault, blank: Blank, suite: Algorithm, version: int = 1) -> KeyDefinition:
    """The transport key of a delivery in the vault of the body that works on it: it never leaves."""
    level = vault.owner.level
    return KeyDefinition(
        NAMES[blank], TRANSPORT_USAGE, suite, version, Scope(level.value), level, exportable=False
    )


def bring_in(
    vault: Vault,
    blank: Blank,
    suites: Sequence[Algorithm],
    components: Sequence[bytes],
    *,
    version: int = 1,
    kcv: str | None = None,
) -> tuple[KeyHandle, ...]:
    """The maker's key from its components of 16 bytes, as a key of each of ``suites``; saves the vault.

    A chip that works in two ciphers has one transport key for both. ``kcv``: the check value the maker told,
    in hex. Raises VaultError, which repeats no component, and then the vault is as before."""
    try:
        handles = tuple(
            vault.generate_from_components(blank_definition(vault, blank, suite, version), components)
            for suite in suites
        )
        if kcv is not None and kcv.upper() not in {handle.kcv for handle in handles}:
            made = ", ".join(f"{handle.kcv} ({handle.algorithm.label})" for handle in handles)
            raise VaultError(f"{NAMES[blank]}: the components give check value {made}, not {kcv.upper()}")
        vault.save()
    except VaultError:
        vault.discard()
        raise
    return handles


def blank_key(vault: Vault, blank: Blank, suite: Algorithm, version: int | None = None) -> KeyHandle:
    """The transport key of a delivery: that of ``version``, else the live one, which is the highest active.
    Raises KeyNotFoundError that says how it comes in, StateError when none is active."""
    if version is not None:
        try:
            return vault.find(NAMES[blank], version, suite)
        except KeyNotFoundError as error:
            raise _missing(f"{error}", blank) from None
    active = serving(vault, NAMES[blank], suite, Use.CARDS)
    if active:
        return active[-1]
    if any(each.name == NAMES[blank] and _of_set(each, suite) for each in vault.handles()):
        raise StateError(f"the vault of {vault.owner} has no active {NAMES[blank]} for {suite.label}")
    raise _missing(f"the vault of {vault.owner} holds no {NAMES[blank]} for {suite.label}", blank)


def blank_cipher(vault: Vault, blank: Blank, suite: Algorithm, version: int | None = None) -> BlockCipher:
    """The transport key as a cipher. Raises as :func:`blank_key` does."""
    return vault.cipher(blank_key(vault, blank, suite, version))


def _of_set(handle: KeyHandle, suite: Algorithm) -> bool:
    """Whether a key belongs to the set of this cipher."""
    return handle.algorithm.block_size == suite.block_size


def _missing(problem: str, blank: Blank) -> KeyNotFoundError:
    remedy = f"bring it in with `shebaoka keys blanks {blank}`"
    return KeyNotFoundError(f"{problem}, the transport key of blank {blank}s; {remedy}")
