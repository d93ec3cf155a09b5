"""The writers of people."""

from shebaoka.office.people.services.contact import Contact, person_update_contact
from shebaoka.office.people.services.employers import employer_record
from shebaoka.office.people.services.enrolling import NewGuardian, NewPerson, person_enroll
from shebaoka.office.people.services.facts import NewFact, fact_note

__all__ = (
    "Contact",
    "NewFact",
    "NewGuardian",
    "NewPerson",
    "employer_record",
    "fact_note",
    "person_enroll",
    "person_update_contact",
)
