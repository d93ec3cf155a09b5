"""The national key hierarchy: ministry -> province -> city -> card (部-省-市-卡, R-23, R-24).

Each body sets up the roots of its own scope; sub-keys only come from the body just above, diversified by the
factor of Part 9 §7.3. The last step, city to card, happens when a card is made.
"""

from collections.abc import Iterable, Sequence

from shebaoka.crypto.factors import city_factor, province_factor
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import KeyEntry, Scope
from shebaoka.vault.catalogue import CARD_DIRECTORIES, card_definitions, issuer_definitions, psam_definitions
from shebaoka.vault.lives import permitted
from shebaoka.vault.model import Body, HierarchyError, KeyDefinition, KeyHandle, Level, Vault, VaultError
from shebaoka.vault.rules import BELOW
from shebaoka.vault.states import Use


def set_up_ministry(vault: Vault, entries: Iterable[KeyEntry], suite: Algorithm) -> tuple[KeyHandle, ...]:
    """National roots of the catalogue and the keys that administer PSAMs. Keys already there are left
    alone."""
    _require(vault, Level.NATION)
    return _generate(vault, (*card_definitions(entries, suite, Scope.NATION), *psam_definitions(suite)))


def set_up_province(vault: Vault, entries: Iterable[KeyEntry], suite: Algorithm) -> tuple[KeyHandle, ...]:
    """Provincial roots of the catalogue. Keys already there are left alone."""
    _require(vault, Level.PROVINCE)
    return _generate(vault, card_definitions(entries, suite, Scope.PROVINCE))


def set_up_city(
    vault: Vault,
    entries: Iterable[KeyEntry],
    suite: Algorithm,
    directories: Sequence[str] = CARD_DIRECTORIES,
) -> tuple[KeyHandle, ...]:
    """City roots: master keys of ``directories``, the authentication code's key, and city keys of the
    catalogue (those of self-extended files). Keys already there are left alone."""
    _require(vault, Level.CITY)
    local = card_definitions(entries, suite, Scope.CITY)
    return _generate(vault, (*issuer_definitions(suite, directories), *local))


def hand_down(
    parent: Vault, child: Vault, handles: Sequence[KeyHandle] | None = None
) -> tuple[KeyHandle, ...]:
    """Sub-keys of the parent's keys for the child, placed in its vault; returns the child's handles.

    ``handles``: which keys (default: all that may go there). Both vaults are left to the caller to save.
    Raises VaultError, and then neither vault has changed."""
    body = child.owner
    if handles is None:
        down = (handle for handle in parent.handles() if may_receive(handle, body))
        handles = [handle for handle in down if permitted(parent, handle, Use.HAND_DOWN)]
    if not handles:
        raise VaultError(f"{parent.owner} has no keys to hand down to {body}; set up its roots first")
    return _carry(parent, child, handles, child_factor(body))


def may_receive(handle: KeyHandle, body: Body) -> bool:
    """Whether the key is one that goes down to ``body``."""
    return (
        BELOW.get(handle.level) is body.level
        and handle.exportable
        and body.level.steps_left >= handle.reach.steps_left
    )


def child_factor(body: Body) -> bytes:
    """The factor that makes the sub-keys of a province (step 1) or a city (step 2)."""
    if body.level is Level.PROVINCE:
        return province_factor(body.code + "0000")
    if body.level is Level.CITY:
        return city_factor(body.code)
    raise HierarchyError(f"{body} stands at the top: nothing is handed down to it")


def _carry(parent: Vault, child: Vault, handles: Sequence[KeyHandle], factor: bytes) -> tuple[KeyHandle, ...]:
    """The route in one process: sealed between the two back ends. Carriers take its place between
    machines."""
    return child.take_over(parent.hand_over(handles, child.owner, factor, child.reception()))


def _generate(vault: Vault, definitions: Iterable[KeyDefinition]) -> tuple[KeyHandle, ...]:
    present = {(handle.name, handle.version, handle.algorithm): handle for handle in vault.handles()}
    result = []
    for definition in definitions:
        key = (definition.name, definition.version, definition.algorithm)
        result.append(present.get(key) or vault.generate(definition))
    return tuple(result)


def _require(vault: Vault, level: Level) -> None:
    if vault.owner.level is not level:
        raise HierarchyError(f"{vault.owner} is no {level}: its vault is set up by another function (R-24)")
