"""Insured people of both cities: a list imported, one enrolled at the counter, a child with her guardian, a
rare name that waits, a correction and a possible duplicate for two people."""

import csv
import tempfile
from datetime import date
from pathlib import Path

from shebaoka.demo.office.stage import OfficeStage
from shebaoka.demo.people import Person as Invented
from shebaoka.demo.people import all_cities, make_people
from shebaoka.domain.citizen_id import check_digit
from shebaoka.office.people import services
from shebaoka.office.people.choices import Relation, Source
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import Contact, Correction, NewFact, NewGuardian, NewPerson
from shebaoka.office.people.subjects import subjects
from shebaoka.paper.photo import face_photo
from shebaoka.paper.portrait import draw_portrait

CITY = "980100"
CLERK, SUPERVISOR = "people.counter-clerk", "people.counter-supervisor"
LISTED, PHOTOS, SEED = 40, 6, 2026
HEADINGS = (
    *("社会保障号码", "姓名", "性别", "民族", "出生日期", "国籍"),
    *("联系电话", "常住地址", "监护人姓名", "监护人证件号码", "单位代码", "单位名称"),
)


def fill(stage: OfficeStage) -> None:
    """The population of both cities, and what waits at the counter of the first."""
    for city in all_cities():
        people = list(make_people(LISTED, city, seed=SEED, rare=2))
        _listed(stage, city.code, people)
        _described(stage, city.code, people[:PHOTOS])
    _counter(stage)


def _listed(stage: OfficeStage, code: str, people: list[Invented]) -> None:
    """A list of the agency's system, with a row that is refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "参保人员名册.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            for each in people:
                value = each.values.get
                guardian = (value("DF01.EF06.2C"), each.number) if each.life.age < 16 else ("", "")
                writer.writerow(
                    (each.number, each.name, each.sex, value("SSSE.EF06.0B"), value("SSSE.EF06.0D"),
                     value("DF01.EF0A.37", "CHN"), value("DF01.EF06.28"), value("DF01.EF06.23"), *guardian,
                     value("DF01.EF09.30", ""), value("DF01.EF09.2E", ""))
                )  # fmt: skip
            writer.writerow(("980101199003070010", "号码有误", "1", "01", *[""] * 8))
        made = services.people_import(
            stage.by(code, SUPERVISOR), agency=stage.organization(code), path=path, source=Source.AGENCY
        )
    stage.say(f"{code}: {made.taken} people imported, {made.refused} row refused with its reason")


def _described(stage: OfficeStage, code: str, people: list[Invented]) -> None:
    """Photos, and what the card says beside the identity."""
    clerk = stage.by(code, CLERK)
    for each in people:
        person = Person.objects.get(number=each.number)
        photo = face_photo(draw_portrait(*each.look))
        services.photo_keep(clerk, person=person.pk, content=photo)
        for name in ("household", "status", "marriage", "education"):
            subject = subjects()[name]
            values = {field: each.values.get(subject.place(field), "") for field in subject.fields}
            if any(values.values()):
                new = NewFact(subject=name, values=values, source=Source.AGENCY)
                services.fact_note(clerk, person=person.pk, new=new)


def _counter(stage: OfficeStage) -> None:
    """What clerks did today: a child, two entries that may be one person, a correction that waits."""
    clerk, agency = stage.by(CITY, CLERK), stage.organization(CITY)
    child = _number(date(2020, 5, 4), 2)
    guardian = NewGuardian(
        name="林远舟", document_number=_number(date(1990, 1, 5), 1), relation=Relation.FATHER
    )
    new = NewPerson(number=child, name="林小满", guardian=guardian, contact=Contact(phone="19900000001"))
    services.person_enroll(clerk, agency=agency, new=new)
    for sequence in (11, 13):  # one digit off: the same person, or twins
        number = _number(date(1986, 7, 9), sequence)
        services.person_enroll(clerk, agency=agency, new=NewPerson(number=number, name="沈听澜"))
    person = Person.objects.get(number=_number(date(1986, 7, 9), 11))
    proof = services.evidence_add(
        clerk, person=person.pk, name="TEST_ONLY-户口簿.txt", content="演示用证明材料（TEST_ONLY）".encode()
    )
    content = Correction(person=person.pk, evidence=(proof.sha256,), reason="户口簿姓名用字", name="沈听岚")
    stage.agree("people.person.correct", content, clerk, subject=person)
    stage.say(f"{CITY}: a child with her guardian, a possible duplicate, a correction that waits")


def _number(birth: date, sequence: int) -> str:
    first = f"980101{birth:%Y%m%d}{sequence:03d}"
    return first + check_digit(first)
