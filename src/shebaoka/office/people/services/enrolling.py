"""A person comes into the registry (M47 art. 15; D-01 to D-07)."""

from datetime import date
from uuid import UUID

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.people.ages import young
from shebaoka.office.people.choices import DocumentType, Relation, Sex, Source
from shebaoka.office.people.identity import name_of, number_of
from shebaoka.office.people.models import Employer, Guardian, Person
from shebaoka.office.people.pinyin import pinyin
from shebaoka.office.people.services.common import words
from shebaoka.office.people.services.contact import Contact, contact_values
from shebaoka.office.people.services.noting import changed, duplicates_noted


class NewGuardian(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts for a person who is too young, or cannot."""

    name: str
    document_number: str
    document_type: DocumentType = DocumentType.IDENTITY
    relation: Relation = Relation.OTHER
    phone: str = ""


class NewPerson(msgspec.Struct, frozen=True, kw_only=True):
    """What is written of a person when she is enrolled. ``number``: social security number (15 digits are
    raised to 18); ``sex``, ``birth``: needed where the number does not tell; ``document_number``: the
    ``number`` when empty; ``source_on``: day of the document or message."""

    number: str
    name: str
    document_type: DocumentType = DocumentType.IDENTITY
    document_number: str = ""
    document_from: date | None = None
    document_until: date | None = None
    sex: Sex | None = None
    nation: str = ""
    birth: date | None = None
    birthplace: str = ""
    nationality: str = "CHN"
    contact: Contact = Contact()
    guardian: NewGuardian | None = None
    employer: UUID | None = None
    died_on: date | None = None
    source: Source = Source.DOCUMENT
    source_on: date | None = None


@service("people.person.enroll")
def person_enroll(act: Act, *, agency: Organization, new: NewPerson) -> Person:
    """A person insured at ``agency``. Entries that may be the same person are noted for two people to settle.

    Raises Refusal ``people.number-wrong``, ``people.name-unfit``, ``people.number-known``,
    ``people.number-of-another`` (same number, other name: D-04), ``people.sex-or-birth``,
    ``people.guardian-lacking`` (D-07), ``people.dates``."""
    act.on(agency)
    number, name = number_of(new.number), name_of(new.name)
    known = Person.objects.filter(number=number.text).only("name").first()
    if known is not None:
        raise Refusal("people.number-known" if known.name == name else "people.number-of-another")
    sex, birth = new.sex or number.sex, new.birth or number.birth
    if birth is None or not sex or birth != (number.birth or birth) or birth > clock.today():
        raise Refusal("people.sex-or-birth")
    dates = (new.document_from, new.source_on, new.died_on)
    if any(day is not None and day > clock.today() for day in dates):
        raise Refusal("people.dates")
    if new.died_on is not None and new.died_on < birth:
        raise Refusal("people.dates")
    if new.guardian is None and new.died_on is None and young(agency, birth):
        raise Refusal("people.guardian-lacking", age=parameter(agency, "cards.guardian-age"))
    made = Person.objects.create(
        region=agency.region,
        agency=agency,
        number=number.text,
        number_kind=number.kind.value,
        document_type=new.document_type,
        document_number=words(new.document_number, 20) or number.text,
        document_from=new.document_from,
        document_until=new.document_until,
        name=name,
        pinyin=pinyin(name),
        sex=sex,
        nation=new.nation,
        birth=birth,
        birthplace=new.birthplace,
        nationality=new.nationality,
        employer=employer_of(agency, new.employer),
        died_on=new.died_on,
        source=new.source,
        source_on=new.source_on or clock.today(),
        enrolled_at=act.time,
        **contact_values(new.contact, new.source),
    )
    if new.guardian is not None:
        guardian_create(act, made, new.guardian)
    changed(act, made, ("number",))
    found = duplicates_noted(act, made)
    act.about(made, source=made.source, duplicates=found)
    return made


def guardian_create(act: Act, person: Person, new: NewGuardian) -> Guardian:
    """A guardian; the one before ends."""
    person.guardians.filter(ended_at=None).update(ended_at=act.time)
    return Guardian.objects.create(
        person=person,
        name=name_of(new.name),
        document_type=new.document_type,
        document_number=words(new.document_number, 20).upper(),
        relation=new.relation,
        phone=words(new.phone, 20),
        since=act.time,
    )


def employer_of(agency: Organization, pk: UUID | None) -> Employer | None:
    """An employer of the agency's region. Raises Refusal ``people.no-employer``."""
    if pk is None:
        return None
    found = Employer.objects.filter(pk=pk, region=agency.region, closed_on=None).first()
    if found is None:
        raise Refusal("people.no-employer")
    return found
