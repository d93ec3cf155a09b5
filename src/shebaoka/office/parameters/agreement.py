"""Whether published rules and configuration are one (R-20): a change of the shipped defaults, or of the
database past the services, is found here."""

from dataclasses import dataclass
from datetime import date

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.rules_text import Rules, digest
from shebaoka.office.parameters.selectors import publication_in_force
from shebaoka.office.parameters.services.publishing import values_for


@dataclass(frozen=True, slots=True)
class Difference:
    """A published value that is not the one in force. ``key`` empty: the text itself was altered."""

    organization: str
    version: int
    key: str
    published: object
    in_force: object


def differences(day: date | None = None) -> list[Difference]:
    """All of them, of every body that has published, on ``day`` (today)."""
    day = day or clock.today()
    bodies = Organization.objects.filter(publications__isnull=False, closed_on=None).distinct()
    return [each for body in bodies.order_by("path") for each in _of(body, day)]


def _of(body: Organization, day: date) -> list[Difference]:
    found = publication_in_force(body, day)
    if found is None:
        return []
    try:
        values: dict[str, object] = dict(values_for(body, day))
    except Refusal as refusal:
        return [Difference(body.code, found.version, str(refusal.values["key"]), "", None)]
    published = found.values
    wrong = [
        Difference(body.code, found.version, key, published.get(key), values.get(key))
        for key in sorted({*values, *published})
        if values.get(key) != published.get(key)
    ]
    if digest(msgspec.convert(found.content, Rules), published) != found.digest:
        wrong.append(Difference(body.code, found.version, "", found.digest, ""))
    return wrong
