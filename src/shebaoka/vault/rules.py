"""Who may make and hand down which key (R-24)."""

from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.model import Body, HierarchyError, KeyDefinition, KeyHandle, Level, VaultError

MAKER = {Scope.NATION: Level.NATION, Scope.PROVINCE: Level.PROVINCE, Scope.CITY: Level.CITY}
BELOW = {Level.NATION: Level.PROVINCE, Level.PROVINCE: Level.CITY}
_ADVICE = {
    Scope.NATION: "only the ministry makes it; have its sub-key handed down",
    Scope.PROVINCE: "only a province makes it",
    Scope.CITY: "only a city makes it",
}


def check_generation(definition: KeyDefinition, owner: Body) -> None:
    """Raises HierarchyError when ``owner`` may not make this root: a body makes keys of its own scope
    only."""
    if MAKER[definition.scope] is not owner.level:
        advice = _ADVICE[definition.scope]
        if definition.scope is Scope.PROVINCE and owner.level is Level.CITY:
            advice += "; have its sub-key handed down"
        raise HierarchyError(
            f"{definition.name} is a key of scope {definition.scope}, "
            f"{owner} may not make it: {advice} (R-24)"
        )
    if definition.version < 1:
        raise VaultError(f"{definition.name}: versions count from 1, not {definition.version}")


def check_hand_over(handle: KeyHandle, to: Body) -> None:
    """Raises VaultError when the key may not go to ``to``: not just below, not exportable, beyond its
    reach."""
    if BELOW.get(handle.level) is not to.level or not to.code.startswith(handle.owner.code):
        raise HierarchyError(f"{handle} cannot be handed to {to}: that is not a body just below (R-24)")
    if not handle.exportable:
        raise VaultError(f"{handle} is not exportable")
    if to.level.steps_left < handle.reach.steps_left:
        raise HierarchyError(f"{handle} is handed down to the {handle.reach} at most, not to {to}")


def check_mark(what: str, owner: Body, test_only: bool, *, production: bool) -> None:
    """Raises VaultError when a TEST_ONLY key or carrier meets a production vault, or one of production a
    vault that is not (R-55)."""
    if test_only and production:
        raise VaultError(f"{what} is TEST_ONLY and refused in the production vault of {owner} (R-55)")
    if not test_only and not production:
        raise VaultError(
            f"{what} is of production; the vault of {owner} was not opened for production and refuses it "
            "(R-55)"
        )


def same_set(algorithm: Algorithm) -> tuple[Algorithm, ...]:
    """The algorithms of one key set: 3DES cards hold 3DES and DES keys, SM4 cards only SM4 (decision K10)."""
    return (Algorithm.TDES, Algorithm.DES) if algorithm.block_size == 8 else (algorithm,)
