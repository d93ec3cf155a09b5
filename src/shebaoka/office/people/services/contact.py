"""How a person is reached: changed at any counter, without a second person."""

from typing import Any
from uuid import UUID

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.people.choices import Source
from shebaoka.office.people.models import Person
from shebaoka.office.people.services.common import person_locked, words
from shebaoka.office.people.services.noting import changed

FIELDS = {"phone": 20, "address": 200, "address_region": 6, "postcode": 10, "email": 120}
"""Largest number of characters."""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """Telephone, usual residence (常住地) with its region (six digits), postcode, e-mail."""

    phone: str = ""
    address: str = ""
    address_region: str = ""
    postcode: str = ""
    email: str = ""


@service("people.contact.update")
def person_update_contact(
    act: Act, *, person: UUID, contact: Contact, source: Source = Source.HOLDER
) -> Person:
    """Another telephone or residence. Raises Refusal ``base.not-found``, ``people.too-long``."""
    found = person_locked(act, person)
    before = {name: getattr(found, name) for name in FIELDS}
    values = contact_values(contact, source)
    for name, value in values.items():
        setattr(found, name, value)
    found.save(update_fields=list(values))
    differing = sorted(name for name in FIELDS if before[name] != values[name])
    changed(act, found, differing)
    act.about(found, changed=differing)
    return found


def contact_values(contact: Contact, source: Source) -> dict[str, Any]:
    """The columns, checked. Raises Refusal ``people.too-long``."""
    values: dict[str, Any] = {name: words(getattr(contact, name), most) for name, most in FIELDS.items()}
    if any(values.values()):
        values |= {"contact_source": source, "contact_on": clock.today()}
    return values
