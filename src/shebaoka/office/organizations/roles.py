"""Roles and what each may do, as data: ``roles.toml`` here, ``acts.toml`` in every part of the office."""

from functools import cache

import msgspec

from shebaoka.office.base.catalogue import Words, entries


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role and the kinds of organizations that have it. ``apart``: roles that nobody has together with it;
    ``alone``: who has it has no other."""

    name: Words
    kinds: tuple[str, ...]
    apart: tuple[str, ...] = ()
    alone: bool = False


class ActEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An act: its name for people, the roles that do it, and for acts of two persons those that check it.

    ``anybody``: every role does it, on one's own account. ``session``: a member of staff does it only within
    a staff session with a purpose."""

    name: Words
    roles: tuple[str, ...] = ()
    checkers: tuple[str, ...] = ()
    anybody: bool = False
    session: bool = True


@cache
def roles() -> dict[str, Role]:
    """All roles by full name. Raises ValueError for one that is to be apart from an unknown one."""
    found = entries("roles.toml", Role)
    for name, entry in found.items():
        for other in entry.apart:
            if other not in found:
                raise ValueError(f"roles.toml: {name} is apart from the unknown role {other}")
    return found


def together(one: str, other: str) -> bool:
    """Whether one person may have both roles."""
    first, second = roles()[one], roles()[other]
    if one == other:
        return True
    return not (first.alone or second.alone or other in first.apart or one in second.apart)


@cache
def acts() -> dict[str, ActEntry]:
    """All acts by full name. Raises ValueError for one that names an unknown role."""
    found = entries("acts.toml", ActEntry)
    for name, entry in found.items():
        for role in (*entry.roles, *entry.checkers):
            if role not in roles():
                raise ValueError(f"acts.toml: {name} names the unknown role {role}")
    return found
