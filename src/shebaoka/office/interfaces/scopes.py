"""What a token may be let do, as data: ``scopes.toml``."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from shebaoka.office.base.catalogue import Words
from shebaoka.office.organizations.reading import purposes
from shebaoka.office.organizations.roles import acts
from shebaoka.spec.loading import read_toml


class Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scope: the acts done in a token's name, the kinds of organizations that may have it, the purpose its
    readings are noted with."""

    name: Words
    text: Words
    kinds: tuple[str, ...]
    acts: tuple[str, ...] = ()
    purpose: str = ""


@cache
def scopes() -> dict[str, Scope]:
    """All scopes by name. Raises ValueError for one that names an unknown act or purpose."""
    read = read_toml(Path(__file__).with_name("scopes.toml"))
    found = msgspec.convert(read, dict[str, Scope])
    for name, entry in found.items():
        if not acts().keys() >= set(entry.acts) or (entry.purpose and entry.purpose not in purposes()):
            raise ValueError(f"scopes.toml: {name} names an unknown act or purpose")
    return found


def acts_of(names: Iterable[str]) -> frozenset[str]:
    """The acts that these scopes let a token do; a scope that is no more lets it do nothing."""
    return frozenset(act for name in names if name in scopes() for act in scopes()[name].acts)
