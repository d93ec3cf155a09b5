"""Leak cases: what is collected, who decides; requests for correction and their answers (Q-5, PW-08)."""

from datetime import timedelta
from uuid import UUID

import pytest

from office.access.holders import GOOD, NUMBER, changed, covered, holder
from office.access.test_portal import english, text
from office.access.test_verifying import clerk, code_of
from office.country import Country
from office.pages import signed_in
from office.people.invented import both
from shebaoka.office.access.choices import LeakCause, RequestState
from shebaoka.office.access.models import CorrectionRequest, LeakCase, Tally
from shebaoka.office.access.services import (
    LeakDecision,
    correction_answer,
    correction_ask,
    leak_open,
    leak_tell,
)
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.incidents.models import Incident
from shebaoka.office.organizations.actor import system


def decided(country: Country, case: LeakCase, cause: LeakCause, words: str = "责令整改") -> LeakCase:
    both(country, "access.leak.decide", LeakDecision(case.number, cause, words))
    return LeakCase.objects.get()


def test_a_case_collects_what_was_known_and_two_persons_decide(country: Country) -> None:
    person, opened = changed(country)
    covered(country)
    case = leak_tell(opened.session, told="有人知道我的参保信息")
    known = case.collected
    assert case.number == "980100-2026-X00001"
    assert known["password"]["state"] == "changed"
    assert [each["occasion"] for each in known["notices"]] == ["first"]
    assert [each["proof"] for each in known["sign_ins"]] == ["counter"]
    assert GOOD not in str(known)
    assert NUMBER not in str(known)
    with pytest.raises(Refusal) as refusal:
        decided(country, case, LeakCause.UNCHANGED)
    assert refusal.value.code == "access.leak-in-time"
    assert LeakCase.objects.get().cause == ""
    assert decided(country, case, LeakCause.AGENCY).cause == "agency"
    with pytest.raises(Refusal) as refusal:
        decided(country, case, LeakCause.DISCLOSED)
    assert refusal.value.code == "access.leak-decided"
    assert LeakCase.objects.get().cause == "agency"
    assert person == LeakCase.objects.get().person


def test_an_initial_password_past_its_date_is_a_cause(country: Country) -> None:
    person = holder(country)
    covered(country)
    assert code_of(leak_open, clerk(country), person=person.pk, told="  ") == "access.leak-untold"
    with clock.at(clock.now() + timedelta(days=91)):
        job = system(country.organizations["980100"])
        case = leak_open(job, person=person.pk, told="x")
    assert case.collected["password"] == {
        "state": "initial",
        "changed": "",
        "due": "2026-05-31",
        "late": True,
        "off": False,
    }
    assert decided(country, case, LeakCause.UNCHANGED).cause == "unchanged"


def test_a_case_of_another_area_is_not_there(country: Country) -> None:
    person = holder(country)
    stranger = country.actor("990100", "people.counter-clerk")
    assert code_of(leak_open, stranger, person=person.pk, told="x") == "base.not-found"
    assert not LeakCase.objects.exists()


def test_the_pages_of_a_case(country: Country) -> None:
    changed(country)
    client = english()
    client.post("/sign-in", {"number": NUMBER, "password": GOOD})
    assert client.post("/me/requests/leak", {"told": " "}).status_code == 422
    page = text(client.post("/me/requests/leak", {"told": "My data is known."}, follow=True))
    assert "980100-2026-X00001" in page
    desk = signed_in(country, "980100", "people.counter-clerk")
    assert "980100-2026-X00001" in text(desk.get("/desk/enquiry/"))
    assert "980100-2026-X00001" in text(desk.get("/desk/"))
    page = text(desk.get("/desk/enquiry/leak/980100-2026-X00001"))
    assert "My data is known." in page
    assert "Cause and decision" in page
    opening = desk.post("/desk/enquiry/leak/new", {"number": NUMBER, "told": "Again."})
    assert opening["Location"] == "/desk/enquiry/leak/980100-2026-X00002"
    again = text(desk.get(opening["Location"]))
    assert "What was read" in again
    assert "980100 (Counter clerk" in again
    assert "Leak case" in again
    answer = desk.post(
        "/desk/enquiry/leak/980100-2026-X00001/decide", {"cause": "careless", "decision": "Card exchanged."}
    )
    assert answer.status_code == 302
    assert not LeakCase.objects.exclude(cause="").exists()
    assert "Inquiry into a leak" in text(client.get("/me/readers"))


def test_a_correction_is_asked_and_answered(country: Country) -> None:
    _, opened = changed(country)
    client = english()
    client.cookies["holder"] = opened.token
    client.post("/me/requests/correction", {"wrong": "Telephone", "right": "13900000009"})
    asked = CorrectionRequest.objects.get()
    desk = signed_in(country, "980100", "people.counter-clerk")
    page = f"/desk/enquiry/correction/{asked.pk}"
    assert page in text(desk.get("/desk/"))
    assert "13900000009" in text(desk.get(page))
    assert desk.post(page, {"done": "yes", "answer": " "}).status_code == 422
    assert desk.post(page, {"done": "yes", "answer": "It is changed."}).status_code == 302
    shown = text(client.get("/me/requests"))
    assert "It is changed." in shown
    assert "Put right" in shown
    assert page not in text(desk.get("/desk/"))
    assert answer_of(country, asked.pk) == "access.request-answered"
    assert CorrectionRequest.objects.get().state == RequestState.DONE


def answer_of(country: Country, pk: UUID) -> str:
    return code_of(correction_answer, clerk(country), request=pk, done=False, answer="x")


def test_ten_open_requests_are_enough(country: Country) -> None:
    _, opened = changed(country)
    for _ in range(10):
        correction_ask(opened.session, wrong="a", right="b")
    assert code_of(correction_ask, opened.session, wrong="a", right="b") == "access.request-many"
    assert CorrectionRequest.objects.count() == 10


def test_the_security_officer_opens_one_incident_from_what_is_guessed_at(country: Country) -> None:
    with writing("tests.tally"):
        Tally.objects.create(kind="network", key="a" * 64, failures=300, last_at=clock.now())
    desk = signed_in(country, "980100", "organizations.security-officer")
    assert "Open an incident" in text(desk.get("/desk/enquiry/attacks"))
    answer = desk.post("/desk/enquiry/attacks/incident")
    assert answer.status_code == 302
    desk.post("/desk/enquiry/attacks/incident")
    found = Incident.objects.get()
    assert found.kind == "password-spraying"
    assert found.reports == 2
    assert "aaaaaaaaaaaa: 300" in found.summary
    other = signed_in(country, "980100", "people.counter-clerk")
    assert other.post("/desk/enquiry/attacks/incident").status_code == 403
