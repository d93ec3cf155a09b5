"""Persons, employers, guardians, and what else the card says of a person."""

from shebaoka.office.people.models.facts import Fact
from shebaoka.office.people.models.persons import Employer, Guardian, Person

__all__ = ("Employer", "Fact", "Guardian", "Person")
