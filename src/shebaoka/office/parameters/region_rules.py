"""A region's parameters as the value that the pure rules take."""

from dataclasses import fields
from datetime import date

import msgspec

from shebaoka.domain.region_rules import RegionRules
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import all_in_force


def region_rules(organization: Organization, day: date | None = None) -> RegionRules:
    """The rules in force at ``organization`` on ``day`` (today), with one query."""
    found = all_in_force(organization, day)
    values = {name: found[key_of(name)].value for name in names()}
    return msgspec.convert({"region": organization.region, **values}, RegionRules)


def names() -> tuple[str, ...]:
    """The fields that come from parameters."""
    return tuple(each.name for each in fields(RegionRules) if each.name != "region")


def key_of(name: str) -> str:
    """The key of a field: ``pin_tries`` is ``cards.pin-tries``, ``enquiry_digits`` is ``enquiry.digits``."""
    dashed = name.replace("_", "-")
    return f"enquiry.{dashed.removeprefix('enquiry-')}" if name.startswith("enquiry_") else f"cards.{dashed}"
