"""Citizens to try the portal with: invented, and TEST_ONLY like everything of the demonstration."""

from dataclasses import dataclass
from datetime import date

from shebaoka.domain.citizen_id import check_digit
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import Contact, NewPerson, person_enroll

CLERK = "people.counter-clerk"
CHOSEN = "70853962"
"""TEST_ONLY: the enquiry password of who changed hers."""
CARD_PIN = "135790"
"""TEST_ONLY: the PIN of a card that opens the portal."""


@dataclass(frozen=True)
class Citizen:
    """Name, region of the number, birth, sequence."""

    name: str
    region: str
    birth: date
    sequence: int

    @property
    def number(self) -> str:
        """Her social security number."""
        first = f"{self.region}{self.birth:%Y%m%d}{self.sequence:03d}"
        return first + check_digit(first)


INITIAL = Citizen("苏念真", "980101", date(1991, 4, 12), 46)
CHANGED = Citizen("陈书屿", "980101", date(1988, 9, 30), 57)
LATE = Citizen("黎向晚", "990101", date(1979, 6, 3), 28)
MISSPELT = Citizen("周予川", "980101", date(1965, 11, 20), 35)
WRITTEN = Citizen("周予川", "980101", date(1965, 11, 20), 53)
"""As the register has the one before: two digits are exchanged."""
ENROLLED = (INITIAL, CHANGED, LATE, WRITTEN)


def enrolled(clerk: Actor, agency: Organization, citizen: Citizen) -> Person:
    """Her entry in the register."""
    new = NewPerson(
        number=citizen.number,
        name=citizen.name,
        nation="01",
        contact=Contact(phone=f"1990000{citizen.sequence:04d}"),
    )
    return person_enroll(clerk, agency=agency, new=new)
