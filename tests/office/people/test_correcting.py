"""What a person is known by changes with evidence and by two people only, whoever asks."""

from datetime import date

import pytest
from django.db import transaction
from django.db.utils import Error

from office.country import Country
from office.people.invented import both, clerk, enroll, number
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.people import selectors
from shebaoka.office.people.choices import Sex
from shebaoka.office.people.models import OldNumber, Person
from shebaoka.office.people.services import Correction, death_record, evidence_add

ACT = "people.person.correct"


def proven(country: Country, person: Person) -> tuple[str, ...]:
    return (evidence_add(clerk(country), person=person.pk, name="证明.pdf", content=b"%PDF-1.4").sha256,)


def test_a_name_and_a_number_are_corrected(country: Country) -> None:
    person = enroll(country)
    right = number(birth=date(1990, 3, 17), sequence=2)
    content = Correction(
        person=person.pk, evidence=proven(country, person), reason="号码登记有误", number=right, name="张玮"
    )
    both(country, ACT, content)
    kept = Person.objects.get()
    assert (kept.number, kept.name, kept.pinyin) == (right, "张玮", "zhangwei")
    assert (kept.sex, kept.birth, kept.document_number) == (Sex.FEMALE, date(1990, 3, 17), right)
    assert OldNumber.objects.get().number == number()
    assert selectors.search(clerk(country), number()) == [kept]


def test_a_death_is_taken_back_by_two(country: Country) -> None:
    person = enroll(country)
    death_record(clerk(country), person=person.pk, died_on=date(2026, 1, 1))
    content = Correction(person=person.pk, evidence=proven(country, person), reason="误报", alive=True)
    both(country, ACT, content)
    assert Person.objects.get().died_on is None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"evidence": ()}, "people.evidence-lacking"),
        ({"evidence": ("0" * 64,)}, "people.evidence-lacking"),
        ({"name": "张伟"}, "people.nothing-changed"),
        ({"reason": " "}, "people.say-why"),
        ({"number": number()[:17] + "0"}, "people.number-wrong"),
        ({"number": number(sequence=500)}, "people.number-known"),
        ({"birth": date(1991, 1, 1)}, "people.sex-or-birth"),
        ({"name": "张😀"}, "people.name-character"),
    ],
)
def test_refused_when_it_is_proposed(country: Country, values: dict[str, object], code: str) -> None:
    person = enroll(country)
    enroll(country, "另一人", number=number(sequence=500))
    whole = {
        "person": person.pk,
        "evidence": proven(country, person),
        "reason": "更名",
        "name": "张玮",
        **values,
    }
    before = list(Person.objects.order_by("pk").values())
    with pytest.raises(Refusal) as refusal:
        propose(clerk(country), ACT, country.organizations["980100"], Correction(**whole))  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert list(Person.objects.order_by("pk").values()) == before


def test_the_proposer_does_not_check_and_others_do_not_either(country: Country) -> None:
    person = enroll(country)
    content = Correction(person=person.pk, evidence=proven(country, person), reason="更名", name="张玮")
    waiting = propose(clerk(country), ACT, country.organizations["980100"], content)
    for other in (clerk(country), clerk(country, nth=2), country.actor("980100", "organizations.auditor")):
        with pytest.raises(Refusal):
            check(other, waiting.pk)
    assert Person.objects.get().name == "张伟"


@pytest.mark.parametrize("column", ["name", "number", "sex", "birth", "document_number"])
def test_the_database_lets_no_other_act_change_it(country: Country, column: str) -> None:
    person = enroll(country)
    other = {"name": "王五", "number": number(sequence=9), "sex": "2", "birth": date(1980, 1, 1)}
    setattr(person, column, other.get(column, "X1"))
    with pytest.raises(Error, match="two persons"), transaction.atomic(), writing("people.contact.update"):
        person.save(update_fields=[column])
    with pytest.raises(Error, match="never removed"), transaction.atomic():
        Person.objects.filter(pk=person.pk)._raw_delete("default")
