"""A person comes into the registry: what is kept, and what is refused with nothing changed."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils.translation import override

from office.country import Country
from office.people.invented import clerk, enroll, number
from shebaoka.office.base.errors import Refusal
from shebaoka.office.people import selectors
from shebaoka.office.people.choices import DocumentType, Relation, Sex
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import Contact, NewGuardian, person_update_contact

CHILD = number(birth=date(2020, 5, 1), sequence=2)


def test_a_citizen_is_enrolled_under_her_number(country: Country) -> None:
    made = enroll(country, "李芳", number=number(sequence=12), contact=Contact(phone="13900000000"))
    kept = Person.objects.get(pk=made.pk)
    assert (kept.number, kept.sex, kept.birth) == (number(sequence=12), Sex.FEMALE, date(1990, 3, 7))
    assert (kept.region, kept.document_number, kept.nationality) == ("980100", kept.number, "CHN")
    assert kept.contact_on is not None
    assert selectors.person_by_number(clerk(country), kept.number) == kept


def test_fifteen_digits_are_raised_and_found(country: Country) -> None:
    made = enroll(country, number="980101490307001")
    assert made.number == number(birth=date(1949, 3, 7))
    assert selectors.person_by_number(clerk(country), "980101490307001") == made


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"number": number()[:17] + "0"}, "people.number-wrong"),
        ({"number": "980101490307996"}, "people.number-wrong"),
        ({"name": " "}, "people.name-unfit"),
        ({"name": "张\n伟"}, "people.name-character"),
        ({"name": "张" * 101}, "people.name-unfit"),
        ({"birth": date(1990, 3, 8)}, "people.sex-or-birth"),
        ({"number": "DEU0C01X00T47", "nationality": "DEU"}, "people.sex-or-birth"),
        ({"number": CHILD}, "people.guardian-lacking"),
        ({"died_on": date(2030, 1, 1)}, "people.dates"),
        ({"contact": Contact(phone="1" * 21)}, "people.too-long"),
    ],
)
def test_what_is_wrong_is_refused(country: Country, values: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        enroll(country, **values)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert not Person.objects.exists()


def test_a_foreigner_gives_sex_and_birth(country: Country) -> None:
    made = enroll(
        country,
        "Anna-Lena Müller",
        number="DEU0C01X00T47",
        nationality="DEU",
        sex=Sex.FEMALE,
        birth=date(1985, 1, 2),
        document_type=DocumentType.PASSPORT,
        document_number="C01X00T47",
    )
    assert made.number_kind == "foreign"


def test_a_child_has_a_guardian(country: Country) -> None:
    guardian = NewGuardian(name="张父", document_number=number(), relation=Relation.FATHER)
    made = enroll(country, number=CHILD, guardian=guardian)
    assert made.guardians.get().name == "张父"


@pytest.mark.parametrize(
    ("name", "code"), [("张伟", "people.number-known"), ("王伟", "people.number-of-another")]
)
def test_a_number_is_one_persons(country: Country, name: str, code: str) -> None:
    enroll(country)
    with pytest.raises(Refusal) as refusal:
        enroll(country, name)
    assert refusal.value.code == code
    assert Person.objects.count() == 1


def test_another_address(country: Country) -> None:
    made = enroll(country)
    contact = Contact(phone="0980-1234567", address="示例甲市一路1号", address_region="980101")
    person_update_contact(clerk(country), person=made.pk, contact=contact)
    kept = Person.objects.get(pk=made.pk)
    assert (kept.phone, kept.address, kept.revision) == (contact.phone, contact.address, 1)


def test_other_areas_do_not_see_or_change_her(country: Country) -> None:
    made = enroll(country)
    stranger = clerk(country, "990100")
    attempts: tuple[Callable[[], object], ...] = (
        lambda: selectors.person(stranger, made.pk),
        lambda: selectors.person_by_number(stranger, made.number),
        lambda: person_update_contact(stranger, person=made.pk, contact=Contact(phone="1")),
    )
    for attempt in attempts:
        with pytest.raises(Refusal) as refusal:
            attempt()
        assert refusal.value.code == "base.not-found"
    assert selectors.person(clerk(country, "980000"), made.pk) == made


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (number()[:17] + "0", "校验码不符"),
        ("98010119901307001X", "出生日期不成立"),
        ("98010119900307", "应为18位"),
        ("9801011990030700AX", "前17位应为数字"),
        ("980101490307996", "996至999"),
        ("DE0", "三位大写字母"),
    ],
)
def test_why_a_number_is_wrong_is_said_in_the_language_of_the_page(
    country: Country, text: str, words: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        enroll(country, number=text)
    with override("zh-hans"):
        assert words in refusal.value.what
    with override("es"):
        assert words not in refusal.value.what
    assert text not in str(refusal.value)
