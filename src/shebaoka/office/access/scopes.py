"""What a mandate may cover: acts of the portal, and the sections that other parts contribute."""

from collections.abc import Iterable

from shebaoka.office.access.choices import Scope
from shebaoka.office.access.sections import sections
from shebaoka.office.base.pieces import Say


def scopes() -> dict[str, Say]:
    """Every scope there is now, with its words."""
    found: dict[str, Say] = {each.value: each.label for each in Scope}
    return found | {each.scope: each.title for each in sections()}


def words_of(names: Iterable[str]) -> str:
    """Scopes as people read them; one that no part stands for any more by its name."""
    known = scopes()
    return "; ".join(str(known.get(name, name)) for name in names)
