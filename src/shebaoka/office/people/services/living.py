"""What happens in a person's life: another guardian, another employer, her death."""

from datetime import date
from uuid import UUID

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.people.choices import Source
from shebaoka.office.people.models import Guardian, Person
from shebaoka.office.people.services.common import person_locked
from shebaoka.office.people.services.enrolling import NewGuardian, employer_of, guardian_create
from shebaoka.office.people.services.noting import changed

GUARDIAN_PLACES = ("DF01.EF06.2C", "DF01.EF06.2D")
EMPLOYER_PLACES = ("DF01.EF09.2E", "DF01.EF09.30")


@service("people.guardian.record")
def guardian_record(act: Act, *, person: UUID, new: NewGuardian) -> Guardian:
    """Who acts for her from now on. Raises Refusal ``people.name-unfit``, ``people.too-long``."""
    found = person_locked(act, person)
    made = guardian_create(act, found, new)
    changed(act, found, GUARDIAN_PLACES)
    act.about(found, guardian=str(made.pk))
    return made


@service("people.employment.set")
def employment_set(act: Act, *, person: UUID, employer: UUID | None) -> Person:
    """Her employer of the region, or none. Raises Refusal ``people.no-employer``."""
    found = person_locked(act, person)
    found.employer = employer_of(found.agency, employer)
    found.save(update_fields=["employer"])
    changed(act, found, EMPLOYER_PLACES)
    act.about(found, employer=str(employer or ""))
    return found


@service("people.death.record")
def death_record(act: Act, *, person: UUID, died_on: date, source: Source = Source.DOCUMENT) -> Person:
    """Her death, told by a document, the police or civil affairs (D-06, SIAR art. 8). Raises Refusal
    ``people.dead``, ``people.dates``."""
    found = person_locked(act, person)
    if found.died_on is not None:
        raise Refusal("people.dead")
    if not found.birth <= died_on <= clock.today():
        raise Refusal("people.dates")
    found.died_on = died_on
    found.save(update_fields=["died_on"])
    changed(act, found, ("died_on",))
    act.about(found, source=source)
    return found
