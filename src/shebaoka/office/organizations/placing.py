"""Where an organization may stand: kinds below kinds, regions inside regions."""

import re

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.choices import BELOW, ISSUING, Kind
from shebaoka.office.organizations.models import Organization

_CODE = re.compile(r"(\d{6})(-[A-Z0-9]{1,12})?")
_DIGITS = {Kind.MINISTRY: 0, Kind.PROVINCE: 2, Kind.CITY: 4}


def check_place(parent: Organization, code: str, region: str, kind: str) -> None:
    """Raises Refusal ``organizations.misplaced`` for what may not stand below ``parent``: a level left out,
    a region outside of the parent's, a code that does not begin with its region."""
    if parent.closed_on is not None:
        raise Refusal("organizations.closed", name=parent.name)
    if kind not in Kind.values or Kind(kind) not in BELOW[Kind(parent.kind)]:
        raise Refusal("organizations.misplaced", node=code, parent=parent.name)
    shape = _CODE.fullmatch(code)
    issuing = Kind(kind) in ISSUING
    digits = _DIGITS.get(Kind(parent.kind), 6)
    right = (
        shape is not None
        and shape[1] == region
        and issuing == (shape[2] is None)
        and region[:digits] == parent.region[:digits]
        and (not issuing or _of_level(region, Kind(kind)))
    )
    if not right:
        raise Refusal("organizations.misplaced", node=code, parent=parent.name)


def _of_level(region: str, kind: Kind) -> bool:
    province = region.endswith("0000") and not region.startswith("0")
    return province if kind is Kind.PROVINCE else region.endswith("00") and not region.endswith("0000")
