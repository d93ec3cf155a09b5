"""Employers of an agency."""

import re

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.models import Employer
from shebaoka.office.people.services.common import words

_CODE = re.compile("[0-9A-Z]{18}|[0-9A-Z]{9}")


@service("people.employer.record")
def employer_record(
    act: Act, *, agency: Organization, code: str, name: str, phone: str = "", address: str = ""
) -> Employer:
    """An employer insured at ``agency``, or its new particulars. Raises Refusal ``people.employer-code``."""
    act.on(agency)
    code = code.strip().upper()
    if not _CODE.fullmatch(code):
        raise Refusal("people.employer-code")
    name = words(name, 120)
    if not name:
        raise Refusal("people.name-unfit", most=120)
    values = {"name": name, "phone": words(phone, 20), "address": words(address, 200)}
    made, new = Employer.objects.update_or_create(
        code=code, agency=agency, defaults=values, create_defaults={**values, "region": agency.region}
    )
    act.about(made, code=code, new=new)
    return made
