"""Ages that rules depend on."""

from datetime import date

from shebaoka.office.base import clock
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number as parameter


def young(agency: Organization, birth: date) -> bool:
    """Whether a person born then needs a guardian there today."""
    day = clock.today()
    age = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    return age < parameter(agency, "cards.guardian-age")
