"""Persons, employers, guardians, what the card says of a person, duplicates, lists, the national base."""

from shebaoka.office.people.models.duplicates import Duplicate
from shebaoka.office.people.models.evidence import Evidence, OldNumber
from shebaoka.office.people.models.facts import Fact
from shebaoka.office.people.models.loads import Change, Difference, Load, LoadRow
from shebaoka.office.people.models.persons import Employer, Guardian, Person
from shebaoka.office.people.models.transfers import Transfer

__all__ = (
    "Change",
    "Difference",
    "Duplicate",
    "Employer",
    "Evidence",
    "Fact",
    "Guardian",
    "Load",
    "LoadRow",
    "OldNumber",
    "Person",
    "Transfer",
)
