"""Pages about people: every one opens, each clerk is offered what she may do, acts go through."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from office.country import Country
from office.pages import signed_in
from office.people.invented import clerk, enroll, number
from shebaoka.office.audit.models import Row as AuditRow
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.reading import readers_of
from shebaoka.office.people.models import Duplicate, Employer, Evidence, Fact, Load, Person
from shebaoka.office.people.national.playing import Player
from shebaoka.office.people.national.reconciling import reconcile
from shebaoka.office.people.services import (
    Contact,
    NewFact,
    NewPerson,
    evidence_add,
    fact_note,
    person_enroll,
)
from shebaoka.office.people.subjects import subjects
from shebaoka.paper.photo import face_photo
from shebaoka.paper.portrait import draw_portrait

HOME = "/desk/people/"
CLERK = "people.counter-clerk"
SUPERVISOR = "people.counter-supervisor"
PDF = b"%PDF-1.4 scan"


def text(answer: object) -> str:
    content: bytes = answer.content  # type: ignore[attr-defined]
    return content.decode()


def reading(client: Client, person: Person) -> str:
    """The page of a person, with the purpose stated."""
    page = f"{HOME}{person.pk}"
    client.post(f"{page}/purpose", {"purpose": "people.counter"})
    return text(client.get(page))


@pytest.mark.parametrize("language", ["zh-hans", "en", "es"])
def test_every_page_opens_in_every_language(country: Country, language: str) -> None:
    person = enroll(country, "王𠮷", contact=Contact(phone="13900000000"))
    enroll(country, "王𠮷", number=number(sequence=3))
    fact_note(clerk(country), person=person.pk, new=NewFact(subject="status", values={"status": "1"}))
    evidence_add(clerk(country), person=person.pk, name="户口簿.pdf", content=PDF)
    found = Duplicate.objects.get()
    web = signed_in(country, "980100", CLERK, language=language)
    page = reading(web, person)
    assert "U+20BB7" in page
    assert "王𠮷" in page
    pages = [
        "",
        "national",
        "enroll",
        "employer",
        "elsewhere",
        "duplicates",
        f"duplicates/{found.pk}",
    ]
    pages += [f"duplicates/{found.pk}/settle"]
    own = ("purpose", "contact", "guardian", "photo", "evidence", "death", "employment", "facts", "correct")
    pages += [f"{person.pk}/{name}" for name in own]
    for name in pages:
        answer = web.get(f"{HOME}{name}")
        assert answer.status_code == 200, name
        assert text(answer).count("<h1") == 1, name
        assert len(answer.content) < 60_000, name
    above = signed_in(country, "980100", SUPERVISOR, language=language)
    for name in ("lists", f"{person.pk}/chip-name"):
        assert above.get(f"{HOME}{name}").status_code == 200, name


def test_every_subject_has_a_form(country: Country) -> None:
    person = enroll(country)
    web = signed_in(country, "980100", CLERK)
    for name in subjects():
        assert web.get(f"{HOME}{person.pk}/facts/{name}").status_code == 200, name
    assert web.get(f"{HOME}{person.pk}/facts/nothing").status_code == 404


def test_a_person_is_enrolled_by_questions(country: Country) -> None:
    web = signed_in(country, "980100", CLERK)
    answers = {
        "_answered": ["identity", "guardian", "contact"],
        "number": number(birth=date(2020, 5, 1), sequence=2),
        "name": "张小𠮷",
        "document_type": "01",
        "document_number": "",
        "document_until": "",
        "sex": "",
        "birth": "",
        "nationality": "CHN",
        "guardian_name": "张父",
        "guardian_relation": "father",
        "guardian_document_type": "01",
        "guardian_document_number": number(),
        "guardian_phone": "",
        "phone": "13900000000",
        "address": "示例甲市一路1号",
        "address_region": "980101",
        "postcode": "",
        "email": "",
        "_act": "confirm",
    }
    answer = web.post(f"{HOME}enroll", answers, follow=True)
    made = Person.objects.get()
    assert (made.name, made.guardians.get().name) == ("张小𠮷", "张父")
    assert "张小𠮷" in text(answer)


def test_reading_needs_a_purpose_and_is_found_again(country: Country) -> None:
    person = enroll(country)
    web = signed_in(country, "980100", CLERK)
    assert web.get(f"{HOME}{person.pk}").status_code == 302
    assert readers_of(person) == []
    reading(web, person)
    assert [each.reader for each in readers_of(person)] == ["980100-counter-clerk-1"]
    assert signed_in(country, "990100", CLERK).get(f"{HOME}{person.pk}").status_code == 404
    assert signed_in(country, "980100", "organizations.auditor").get(HOME).status_code == 403


@pytest.mark.parametrize("words", ["张", "张伟", "zhang", "ZhangW", number(), "980101" + number()[8:17]])
def test_the_search_finds_by_number_name_and_pinyin(country: Country, words: str) -> None:
    person = enroll(country, number="980101900307001")
    assert person.number == number()
    answer = signed_in(country, "980100", CLERK).post(HOME, {"text": words}, follow=True)
    assert str(person.pk) in text(answer) or "Purpose" in text(answer)
    assert AuditRow.objects.filter(act="people.search").count() == 1
    assert person.number not in text(answer)


def test_a_photo_a_scan_and_a_fact(country: Country) -> None:
    person = enroll(country)
    web = signed_in(country, "980100", CLERK)
    picture = SimpleUploadedFile("a.jpg", face_photo(draw_portrait(1, "1", 40)))
    assert web.post(f"{HOME}{person.pk}/photo", {"file": picture}).status_code == 302
    wrong = web.post(f"{HOME}{person.pk}/photo", {"file": SimpleUploadedFile("a.jpg", b"no picture")})
    assert wrong.status_code == 422
    assert "image" in text(wrong) or "picture" in text(wrong)
    page = reading(web, person)
    assert "photo.jpg" in page
    assert web.get(f"{HOME}{person.pk}/photo.jpg")["Content-Type"] == "image/jpeg"
    web.post(f"{HOME}{person.pk}/evidence", {"file": SimpleUploadedFile("证.pdf", PDF)})
    made = Evidence.objects.get()
    assert web.get(f"{HOME}files/{made.pk}")["Content-Disposition"].startswith("attachment")
    answers = {"f-status": "5", "since": "2026-01-01", "source": "agency", "body": "示例甲市就业局"}
    assert web.post(f"{HOME}{person.pk}/facts/status", answers).status_code == 302
    assert Fact.objects.get().values == {"status": "5"}
    assert "Unemployed" in reading(web, person)


def test_a_correction_is_proposed_with_evidence_and_checked(country: Country) -> None:
    person = enroll(country)
    proof = evidence_add(clerk(country), person=person.pk, name="户口簿.pdf", content=PDF)
    web = signed_in(country, "980100", CLERK)
    answers = {
        "_answered": ["right", "proof"],
        "number": "",
        "name": "张玮",
        "document_type": "",
        "document_number": "",
        "sex": "",
        "birth": "",
        "evidence": [proof.sha256],
        "reason": "更名",
        "_act": "confirm",
    }
    assert web.post(f"{HOME}{person.pk}/correct", answers, follow=True).status_code == 200
    waiting = TwoPersonAct.objects.get()
    assert Person.objects.get().name == "张伟"
    above = signed_in(country, "980100", SUPERVISOR)
    page = text(above.get(f"/desk/acts/{waiting.pk}"))
    assert "张玮" in page
    assert "Right name" in page


def test_two_entries_stand_side_by_side(country: Country) -> None:
    one = enroll(country)
    enroll(country, number=number(sequence=3))
    found = Duplicate.objects.get()
    web = signed_in(country, "980100", CLERK)
    page = text(web.get(f"{HOME}duplicates/{found.pk}"))
    assert one.number in page
    assert "Differs" in page
    assert len(readers_of(one)) == 1
    answers = {"_answered": ["outcome"], "outcome": "distinct", "reason": "双胞胎", "_act": "confirm"}
    web.post(f"{HOME}duplicates/{found.pk}/settle", answers)
    assert TwoPersonAct.objects.get().act == "people.duplicate.settle"
    assert "1 possible duplicate" in text(web.get("/desk/"))


def test_an_entry_of_another_area_is_compared_and_its_reading_found_again(country: Country) -> None:
    one = enroll(country)
    far = country.organizations["990100"]
    new = NewPerson(name="张伟", number=number(sequence=3))
    person_enroll(clerk(country, "990100"), agency=far, new=new)
    found = Duplicate.objects.get()
    web = signed_in(country, "990100", CLERK)
    assert one.number in text(web.get(f"{HOME}duplicates/{found.pk}"))
    assert [each.reader for each in readers_of(one)] == ["990100-counter-clerk-1"]
    assert signed_in(country, "980100", CLERK).get(f"{HOME}duplicates/{found.pk}").status_code == 404


def test_a_list_is_imported_and_its_report_shown(country: Country) -> None:
    web = signed_in(country, "980100", SUPERVISOR)
    rows = f"姓名,社会保障号码\n张伟,{number()}\n李😀,{number(sequence=2)}\n".encode()
    sent = {"file": SimpleUploadedFile("名册.csv", rows), "source": "employer"}
    answer = web.post(f"{HOME}lists", sent, follow=True)
    assert (Load.objects.get().taken, Load.objects.get().refused) == (1, 1)
    assert "U+1F600 at 2" in text(answer)
    broken = {"file": SimpleUploadedFile("名册.csv", BytesIO(b"x").read()), "source": "employer"}
    assert web.post(f"{HOME}lists", broken).status_code == 422


def test_the_sheet_is_printed_where_the_font_has_the_name(country: Country) -> None:
    person, rare = enroll(country), enroll(country, "王𠮷", number=number(sequence=41))
    web = signed_in(country, "980100", CLERK)
    assert web.get(f"{HOME}{person.pk}/sheet.pdf").content.startswith(b"%PDF")
    answer = web.get(f"{HOME}{rare.pk}/sheet.pdf")
    assert answer.status_code == 409
    assert "U+20BB7" in text(answer)


def test_differences_from_the_national_base_are_shown(country: Country) -> None:
    person = enroll(country)
    playing = Player("TEST-ONLY")
    reconcile(country.organizations["980100"], playing)
    page = text(signed_in(country, "980100", CLERK).get(f"{HOME}national"))
    assert "A change waits to be sent" in page
    assert person.number not in page
    assert "To be looked at" not in text(signed_in(country, "990100", CLERK).get(f"{HOME}national"))


def test_an_employer_and_a_person_elsewhere(country: Country) -> None:
    web = signed_in(country, "980100", CLERK)
    told = {"code": "91980100ma00000001", "name": "示例纺织厂"}
    assert web.post(f"{HOME}employer", told).status_code == 302
    assert Employer.objects.get().code == "91980100MA00000001"
    person = enroll(country)
    far = signed_in(country, "990100", CLERK)
    asked = {"number": person.number, "name": "李娜", "purpose": "people.counter", "why": "异地就医"}
    assert far.post(f"{HOME}elsewhere", asked).status_code == 404
    shown = far.post(f"{HOME}elsewhere", asked | {"name": "张伟"})
    assert person.number in text(shown)
    assert [each.organization for each in readers_of(person)] == ["990100"]
    row = AuditRow.objects.get(act="people.person.read-elsewhere")
    assert row.chain_id == "990100"
