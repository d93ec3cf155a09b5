"""An incident of the invented country, for tests."""

from typing import Any

from office.country import Country
from shebaoka.office.incidents.choices import IncidentKind
from shebaoka.office.incidents.models import Incident
from shebaoka.office.incidents.services import incident_open


def opened(
    country: Country, code: str = "980100", role: str = "organizations.key-custodian", **more: Any
) -> Incident:
    values: dict[str, Any] = {
        "organization": country.organizations[code],
        "kind": IncidentKind.CARRIER_LOST,
        "summary": "密钥母卡不在保险柜内",
        **more,
    }
    return incident_open(country.actor(code, role), **values)
