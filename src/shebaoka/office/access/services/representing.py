"""Acting on the portal for somebody else: whom one may, and what within it.

An agent acts by her mandate; a guardian by the register (people), for a minor until the age of majority
(Civil Code art. 17 and 27), and for a ward of age when the guardianship was recorded after it (art. 28).
Both act in their own session, with their own proofs: no secret of the represented person is ever asked."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from shebaoka.office.access.models import Mandate, PortalSession, Representing
from shebaoka.office.access.scopes import scopes
from shebaoka.office.access.services.common import noted
from shebaoka.office.access.standing import day_of
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.people.models import Guardian, Person

BEGIN = "access.represent"


@dataclass(frozen=True, slots=True)
class Represented:
    """Somebody who may be acted for. ``mandate`` None: by guardianship, for every scope; ``until``: the last
    day, None without one."""

    person: Person
    mandate: Mandate | None
    scopes: tuple[str, ...]
    until: date | None


def representable(person: Person) -> list[Represented]:
    """Everybody ``person`` may act for today: wards first, then holders who gave a mandate."""
    wards = [made for each in _guardianships(person) if (made := _of_guardian(each)) is not None]
    return wards + [_of_mandate(each) for each in _mandates(person)]


def represent(session: PortalSession, *, person: UUID, mandate: UUID | None = None) -> Represented:
    """From now on this session acts for that person. Raises Refusal ``represent-not``."""
    for each in representable(session.person):
        by = each.mandate.pk if each.mandate else None
        if each.person.pk == person and by == mandate:
            with writing(BEGIN):
                Representing.objects.update_or_create(
                    session=session,
                    defaults={"person": each.person, "mandate": each.mandate, "since": clock.now()},
                )
                by_what = "mandate" if each.mandate else "guardian"
                noted(BEGIN, each.person, each.mandate or each.person, agent=session.person, by=by_what)
            return each
    raise Refusal("access.represent-not")


def represent_nobody(session: PortalSession) -> None:
    """From now on it acts for its own holder."""
    with writing(BEGIN):
        Representing.objects.filter(session=session).delete()
    session.represented = session.scopes = None


def represented(session: PortalSession) -> Represented | None:
    """For whom it acts, asked anew on every page: a mandate that was withdrawn or has ended, or a ward who
    came of age, ends it at once. Puts the person into ``session.represented``. Raises Refusal
    ``represent-over``."""
    row = Representing.objects.filter(session=session).only("person_id", "mandate_id").first()
    if row is None:
        return None
    for each in representable(session.person):
        by = each.mandate.pk if each.mandate else None
        if each.person.pk == row.person_id and by == row.mandate_id:
            session.represented, session.scopes = each.person, each.scopes
            return each
    represent_nobody(session)
    raise Refusal("access.represent-over")


def _mandates(agent: Person) -> list[Mandate]:
    today = clock.today()
    found = Mandate.objects.filter(agent=agent, ended_at=None, since__lte=today, until__gte=today)
    found = found.filter(holder__merged_into=None, holder__died_on=None)
    return list(
        found.select_related("holder__agency", "holder__employer").order_by("holder__name", "given_at")
    )


def _of_mandate(mandate: Mandate) -> Represented:
    still = tuple(each for each in mandate.scopes if each in scopes())
    return Represented(mandate.holder, mandate, still, mandate.until)


def _guardianships(person: Person) -> list[Guardian]:
    document = Q(document_number=person.number) | Q(
        document_number=person.document_number, document_type=person.document_type
    )
    found = Guardian.objects.filter(document, name=person.name, ended_at=None)
    found = found.filter(person__merged_into=None, person__died_on=None).exclude(person=person)
    return list(found.select_related("person__agency", "person__employer").order_by("person__birth"))


def _of_guardian(guardian: Guardian) -> Represented | None:
    ward = guardian.person
    of_age = _birthday(ward.birth, parameter(ward.agency, "enquiry.majority-age"))
    minor = clock.today() < of_age
    if not minor and day_of(guardian.since) < of_age:
        return None
    return Represented(ward, None, tuple(scopes()), of_age - timedelta(days=1) if minor else None)


def _birthday(birth: date, age: int) -> date:
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:  # born on a leap day: of age on the first of March
        return date(birth.year + age, 3, 1)
