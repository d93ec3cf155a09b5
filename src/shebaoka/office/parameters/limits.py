"""A region's own numbers for ``organizations.limits``."""

from shebaoka.office.organizations.limits import Name
from shebaoka.office.parameters.registry import key_of_limit
from shebaoka.office.parameters.selectors import in_force


def own_limit(region: str, name: Name) -> int | None:
    """The number a body of the three levels decided for ``region``; None: the default."""
    found = in_force(region, key_of_limit(name))
    return found.value if found.setting is not None and isinstance(found.value, int) else None
