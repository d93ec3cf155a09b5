"""The rules of an invented region, built from the national defaults."""

from dataclasses import fields

import msgspec

from shebaoka.domain.region_rules import RegionRules
from shebaoka.spec.parameters import parameters


def national(region: str = "980100") -> RegionRules:
    """The national defaults as the rules of a region."""
    values: dict[str, object] = {}
    for each in fields(RegionRules):
        if each.name != "region":
            dashed = each.name.replace("_", "-")
            key = f"enquiry.{dashed[8:]}" if dashed.startswith("enquiry-") else f"cards.{dashed}"
            values[each.name] = parameters()[key].value
    return msgspec.convert({"region": region, **values}, RegionRules)


RULES = national()
