"""What pages show of a person, as their readings are recorded (``fields.toml``, R-19)."""

from shebaoka.office.people.models import Fact

IDENTITY = (
    "people.name",
    "people.chip-name",
    "people.number",
    "people.document",
    "people.sex",
    "people.birth",
    "people.nationality",
    "people.phone",
    "people.address",
    "people.employer",
    "people.agency",
    "people.death",
    "people.source",
)
"""The lines of an entry, as two entries stand side by side."""
REACHED = ("people.phone", "people.address", "people.email")
"""How she is reached."""
DOCUMENT = ("people.number", "people.name", "people.document", "people.agency")
"""What a document shown at the counter is compared with."""
SUMMARY = (
    "people.name",
    "people.number",
    "people.sex",
    "people.birth",
    "people.agency",
    "people.phone",
    "people.employer",
)
"""What the first page of a holder shows."""
STATED = ("people.name", "people.number", "people.sex", "people.birth", "people.agency", "people.employer")
"""What a signed statement says."""


def of_facts(facts: list[Fact]) -> tuple[str, ...]:
    """Their subjects, each once."""
    return tuple(dict.fromkeys(f"people.{fact.subject}" for fact in facts))
