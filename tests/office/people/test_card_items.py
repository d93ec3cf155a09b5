"""Every item of the card 2.0 has its home in the registry; what that says is accepted as a card's data."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from office.country import Country
from office.people.invented import clerk, enroll, number
from shebaoka.office.base.errors import Refusal
from shebaoka.office.people.card_items import card_items, homes
from shebaoka.office.people.choices import Relation
from shebaoka.office.people.models import Fact, Person
from shebaoka.office.people.services import (
    Contact,
    NewFact,
    NewGuardian,
    chip_name_decide,
    employer_record,
    employment_set,
    fact_note,
    fingerprints_keep,
    guardian_record,
    photo_keep,
)
from shebaoka.office.people.subjects import card, choices, subjects, target
from shebaoka.paper.photo import face_photo
from shebaoka.paper.portrait import draw_portrait
from shebaoka.personalization.mapping import MappingFile, bind
from shebaoka.personalization.rows import RowEncoder
from shebaoka.personalization.targets import parse_target
from shebaoka.spec.model import Item, Meaning, Structure


def places() -> Iterator[str]:
    """Every item, child and field of a cyclic record of the card."""
    for directory in card().directories:
        for file in directory.files:
            at = f"{directory.id}.{file.id}"
            if file.structure is Structure.TRANSPARENT:
                yield at
            elif file.structure is Structure.CYCLIC:
                yield from (f"{at}.{place:02X}" for place in range(1, len(file.items) + 1))
            else:
                for item in file.items:
                    yield from (f"{at}.{item.tag:02X}.{child.tag:02X}" for child in item.children)
                    if not item.children:
                        yield f"{at}.{item.tag:02X}"


def homes_of_subjects() -> set[str]:
    found = set()
    for subject in subjects().values():
        item = f".{subject.item}" if subject.item else ""
        found |= {f"{subject.file}{item}.{field.tag}" for field in subject.fields.values()}
    return found


def test_no_item_is_without_a_home_and_none_has_two() -> None:
    registry, told = set(homes().registry), homes_of_subjects()
    assert not registry & told
    homeless = []
    for place in places():
        directory_and_file = ".".join(place.split(".")[:2])
        known = place in registry | told
        assert known != (directory_and_file in homes().elsewhere), place
        if not known and directory_and_file not in homes().elsewhere:
            homeless.append(place)
    assert homeless == []
    assert registry | told <= set(places())
    columns = {field.name for field in Person._meta.get_fields()}
    assert set(homes().registry.values()) <= columns


def test_every_field_stands_where_it_says() -> None:
    for name, subject in subjects().items():
        for field in subject.fields:
            assert target(name, field).item.name.zh, (name, field)
        if not subject.cyclic and subject.item:
            item = parse_target(card(), subject.place(next(iter(subject.fields)))).place.item
            assert item is not None
            assert item.count == subject.most


def example(item: Item) -> str:
    """A value of the item's kind."""
    if item.parts:
        return "".join(next(iter(choices_of(part.codes))) for part in item.parts)
    if item.codes:
        return choices(item)[0][0]
    by_meaning = {Meaning.DATE: "20200102", Meaning.REGION: "980101", Meaning.AMOUNT: "123"}
    return by_meaning.get(
        item.meaning, "9" * (item.length * 2 if item.type == "cn" else min(item.length, 18))
    )


def choices_of(table: str) -> list[str]:
    from shebaoka.spec.codes import code_table

    return list(code_table(table).codes)


def full(country: Country) -> Person:
    """A person of whom everything is known."""
    person = enroll(
        country,
        "阿依古丽·买买提·吐尔逊江·阿不都热合曼·那斯尔",
        number=number(sequence=2),
        nation="05",
        birthplace="980101",
        contact=Contact(phone="13900000000", address="示例甲市" * 20, address_region="980101"),
    )
    by = clerk(country)
    for name, subject in subjects().items():
        for place in range(1, min(subject.most, 6) + 1):
            values = {field: example(target(name, field).item) for field in subject.fields}
            fact_note(by, person=person.pk, new=NewFact(subject=name, values=values, place=place))
    code, city = "91980100MA00000001", country.organizations["980100"]
    employer = employer_record(by, agency=city, code=code, name="示例甲市第一纺织厂")
    employment_set(by, person=person.pk, employer=employer.pk)
    guardian = NewGuardian(name="买买提", document_number=number(sequence=7), relation=Relation.FATHER)
    guardian_record(by, person=person.pk, new=guardian)
    photo_keep(by, person=person.pk, content=face_photo(draw_portrait(1, "2", 40)))
    fingerprints_keep(by, person=person.pk, content=bytes(range(256)))
    return Person.objects.select_related("agency", "employer").get(pk=person.pk)


def test_a_full_person_fills_a_card(country: Country) -> None:
    person = full(country)
    items = card_items(person)
    assert items["DF01.EF09.30"] == "MA0000000"
    assert items["DF01.EF06.2C"] == "买买提"
    assert len(items["DF01.EF06.23"].encode("gbk")) == 80
    mapping = MappingFile()
    encoder = RowEncoder(bind(mapping, list(items), card()), card(), Path(settings.MEDIA_ROOT))
    made, problems = encoder.encode(1, list(items.values()))
    assert [f"{each.column}: {each.what}" for each in problems] == []
    filled = {place.text for place, record in zip(encoder.plan.places, made.records, strict=True) if record}
    asked = {parse_target(card(), place).place.text for place in items if place != "name"}
    assert filled == asked | {"SSSE.EF06.09", "SSSE.EF06.4E"}


def test_the_card_keeps_the_latest_jobs(country: Country) -> None:
    person = enroll(country)
    for place, year in enumerate((2001, 2010, 2003, 2015, 2012, 2020), 1):
        values = {"start": f"{year}0101", "employer": f"厂{year}"}
        new = NewFact(subject="job", place=place, values=values, since=date(year, 1, 1))
        fact_note(clerk(country), person=person.pk, new=new)
    items = card_items(person)
    assert [items[f"DF02.EF07[{at}].04"] for at in (1, 2, 3, 4)] == ["厂2010", "厂2012", "厂2015", "厂2020"]


def test_a_later_status_takes_over_and_the_first_stays(country: Country) -> None:
    person = enroll(country)
    for code in ("1", "5"):
        fact_note(clerk(country), person=person.pk, new=NewFact(subject="status", values={"status": code}))
    assert card_items(person)["DF01.EF07.29"] == "5"
    assert [fact.values["status"] for fact in Fact.objects.order_by("noted_at", "pk")] == ["1", "5"]
    assert Fact.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize(
    ("subject", "place", "values", "code"),
    [
        ("status", 1, {"status": "77"}, "people.fact-unfit"),
        ("marriage", 1, {"status": "结"}, "people.fact-unfit"),
        ("pension", 1, {"retired": "20231301"}, "people.fact-unfit"),
        ("household", 1, {"region": "98"}, "people.fact-unfit"),
        ("household", 1, {"address": "路" * 201}, "people.too-long"),
        ("degree", 4, {"degree": "201"}, "people.no-subject"),
        ("status", 1, {"other": "1"}, "people.no-subject"),
        ("nothing", 1, {}, "people.no-subject"),
    ],
)
def test_what_the_card_would_not_take_is_refused(
    country: Country, subject: str, place: int, values: dict[str, str], code: str
) -> None:
    person = enroll(country)
    with pytest.raises(Refusal) as refusal:
        fact_note(clerk(country), person=person.pk, new=NewFact(subject=subject, place=place, values=values))
    assert refusal.value.code == code
    assert not Fact.objects.exists()


def test_a_rare_name_waits_until_its_form_on_the_chip_is_decided(country: Country) -> None:
    person = enroll(country, "王𠮷")
    assert "name" not in card_items(person)
    supervisor = country.actor("980100", "people.counter-supervisor")
    for wrong in ("Wang Ji", "王?", "王𠮷", ""):
        with pytest.raises(Refusal) as refusal:
            chip_name_decide(supervisor, person=person.pk, name=wrong)
        assert refusal.value.code == "people.chip-name-unfit"
    person = chip_name_decide(supervisor, person=person.pk, name="王吉")
    assert (card_items(person)["name"], person.name) == ("王吉", "王𠮷")


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "图片"), ("en", "no JPEG"), ("es", "no es una imagen")]
)
def test_why_a_photo_is_refused_is_said_in_the_language_of_the_page(
    country: Country, language: str, said: str
) -> None:
    person = enroll(country)
    with override(language), pytest.raises(Refusal) as refusal:
        photo_keep(clerk(country), person=person.pk, content=b"GIF89a")
    with override(language):
        assert said in refusal.value.what
    person.refresh_from_db()
    assert not person.photo
