"""An organization of the three levels as the vaults name it."""

from shebaoka.office.organizations.choices import ISSUING, Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.vault.model import Body, Level

LEVELS = {Kind.MINISTRY: Level.NATION, Kind.PROVINCE: Level.PROVINCE, Kind.CITY: Level.CITY}


def body_code(organization: Organization) -> str:
    """Empty (ministry), two digits (province), six (city). Raises ValueError for another kind."""
    kind = Kind(organization.kind)
    if kind not in ISSUING:
        raise ValueError(f"{organization.code} holds no keys")
    return {Kind.MINISTRY: "", Kind.PROVINCE: organization.region[:2]}.get(kind, organization.region)


def body_of(organization: Organization) -> Body:
    """The body of the key hierarchy. Raises ValueError for an organization that is none."""
    return Body(LEVELS[Kind(organization.kind)], body_code(organization), organization.name)
