"""Reminders to change the initial password: who is told, once, with proof that it came (Q-3, PW-07)."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest

from office.access.holders import NUMBER, PHONE, changed, covered, holder, telephone
from office.country import Country
from office.pages import signed_in
from office.people.invented import enroll, number
from shebaoka.office.access import sending
from shebaoka.office.access.choices import Occasion
from shebaoka.office.access.jobs import reminders
from shebaoka.office.access.models import Notice
from shebaoka.office.access.services import notice_note
from shebaoka.office.audit.models import Row
from shebaoka.office.base import clock
from shebaoka.office.people.services import Contact


def run() -> list[tuple[str, str]]:
    with telephone() as got:
        reminders()
    return got


def test_who_has_the_initial_password_is_told_once_in_the_days(country: Country) -> None:
    person = holder(country)
    enroll(country, "王强", number=number(sequence=5))
    assert run() == []
    covered(country)
    [(phone, text)] = run()
    assert phone == PHONE
    assert "2026-05-31" in text
    assert "版本 1" in text
    assert NUMBER not in text
    told = Notice.objects.get()
    assert (told.person, told.occasion, told.medium) == (person, Occasion.REMINDER, "phone")
    assert (told.version, told.proof) == ("1", "told")
    assert run() == []
    with clock.at(clock.now() + timedelta(days=29)):
        assert run() == []
    with clock.at(clock.now() + timedelta(days=91)):
        [(_, text)] = run()
    assert "2026-05-31" not in text
    assert Notice.objects.count() == 2
    row = Row.objects.filter(act="access.holders.remind").first()
    assert row is not None
    assert PHONE not in str(row.line)


def test_nobody_is_told_who_chose_her_password_or_was_told_at_hand_out(country: Country) -> None:
    changed(country)
    other = enroll(country, "王强", number=number(sequence=5), contact=Contact(phone="13900000002"))
    foreign = {"number": "USA123456", "sex": "1", "birth": date(1980, 1, 1)}
    enroll(country, "JOHN SMITH", **foreign, contact=Contact(phone="13900000003"))
    covered(country)
    notice_note(country.actor("980100", "people.counter-clerk"), person=other.pk, sheet="A-1")
    assert run() == []


def test_what_was_not_delivered_is_tried_again_on_the_next_day(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder(country)
    covered(country)

    def down(phone: str, text: str) -> str:
        raise OSError("no gateway")

    monkeypatch.setattr(sending, "SENDER", [down])
    reminders()
    assert Notice.objects.get().proof == ""
    monkeypatch.undo()
    assert run() == []
    with clock.at(clock.now() + timedelta(days=1)):
        assert len(run()) == 1
    assert sorted(Notice.objects.values_list("proof", flat=True)) == ["", "told"]


def test_a_portion_is_followed_by_the_next(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shebaoka.office.access.services.reminding.PORTION", 2)
    for nth in range(1, 6):
        enroll(country, "王强", number=number(sequence=nth), contact=Contact(phone=f"1390000001{nth}"))
    covered(country)
    assert len(run()) == 5


def test_the_list_for_the_agency(country: Country) -> None:
    holder(country)
    enroll(country, "-李", number=number(sequence=5))
    covered(country)
    run()
    client = signed_in(country, "980100", "people.counter-supervisor")
    assert "reminders.csv" in client.get("/desk/enquiry/").content.decode()
    answer = client.get("/desk/enquiry/reminders.csv")
    assert answer.status_code == 200
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Agency", "Employer", "Name", "Number", "Telephone", "Last reminder"]
    cells = {row[2]: row for row in rows[1:]}
    assert cells["李芳"][4:] == ["Yes", "2026-03-02"]
    assert cells["'-李"][4:] == ["No", ""]
    assert NUMBER not in answer.content.decode()
    assert (
        signed_in(country, "980100", "people.counter-clerk").get("/desk/enquiry/reminders.csv").status_code
        == 403
    )
    assert Row.objects.filter(act="access.reminders.take").exists()


def test_the_list_of_whom_the_rule_does_not_serve(country: Country) -> None:
    holder(country)
    enroll(country, "JOHN SMITH", number="USA123456", sex="1", birth=date(1980, 1, 1))
    client = signed_in(country, "980100", "people.counter-supervisor")
    assert client.get("/desk/enquiry/unserved.csv").status_code == 422  # nothing is set yet
    covered(country)
    assert "unserved.csv" in client.get("/desk/enquiry/").content.decode()
    page = client.get("/desk/enquiry/unserved.csv").content.decode("utf-8-sig")
    assert [row[2] for row in csv.reader(StringIO(page))] == ["Name", "JOHN SMITH"]
    clerk = signed_in(country, "980100", "people.counter-clerk")
    assert clerk.get("/desk/enquiry/unserved.csv").status_code == 403
    assert Row.objects.filter(act="access.unserved.take").exists()
