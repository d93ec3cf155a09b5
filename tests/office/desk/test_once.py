"""A form sent twice does its act once: double click, back and send again, two at the same moment."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from office.conftest import NOW
from office.country import Country, found
from office.pages import signed_in
from shebaoka.office import desk
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base import clock
from shebaoka.office.incidents.models import Incident
from shebaoka.office.organizations.jobs import forget
from shebaoka.office.organizations.models import Organization, SentForm, Staff, TwoPersonAct
from shebaoka.office.organizations.services import NewOrganization
from shebaoka.office.organizations.two_persons import propose

RENAME = "/desk/organizations/980100/rename"
ANSWERS = {"name": "示例新市", "reason": "更名", "_answered": ["name", "reason"], "_act": "confirm"}
ADMINISTRATOR, LEADER = "organizations.administrator", "organizations.leader"


def token(page: bytes) -> str:
    """The one token of the page's form."""
    (value,) = re.findall(rb'name="_once" value="([0-9a-f-]{36})"', page)
    return str(value, "ascii")


def test_a_proposal_sent_again_leads_to_the_first_ones_page(country: Country) -> None:
    client = signed_in(country, "980100", ADMINISTRATOR)
    once = token(client.get(RENAME).content)
    # the questions carry it along, and an answer that is wrong does not use it up
    assert token(client.post(RENAME, {"_step": "name", "name": "", "_once": once}).content) == once
    assert token(client.post(RENAME, {"_step": "name", "name": "示例新市", "_once": once}).content) == once
    first = client.post(RENAME, {**ANSWERS, "_once": once})
    again = client.post(RENAME, {**ANSWERS, "_once": once})
    made = TwoPersonAct.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == f"/desk/acts/{made.pk}/proposed"
    assert "it was done once" in client.get(again.headers["Location"]).content.decode()
    assert Row.objects.filter(act="organizations.organization.rename.propose").count() == 1
    assert token(client.get(RENAME).content) != once
    client.post(RENAME, {**ANSWERS, "_once": token(client.get(RENAME).content)})
    assert TwoPersonAct.objects.count() == 2
    assert not Bypass.objects.exists()


def test_other_answers_with_a_used_token_are_told_and_not_done(country: Country) -> None:
    client = signed_in(country, "980100", ADMINISTRATOR)
    once = str(uuid4())
    client.post(RENAME, {**ANSWERS, "_once": once})
    other = client.post(RENAME, {**ANSWERS, "name": "示例别市", "_once": once})
    assert other.status_code == 409
    assert "sent already, with other answers" in other.content.decode()
    elsewhere = client.post("/desk/organizations/980100/close", {**ANSWERS, "_once": once})
    assert elsewhere.status_code == 409
    assert TwoPersonAct.objects.count() == 1


def test_a_token_is_hers_alone(country: Country) -> None:
    once = str(uuid4())
    for nth in (1, 2):
        signed_in(country, "980100", ADMINISTRATOR, nth).post(RENAME, {**ANSWERS, "_once": once})
    assert TwoPersonAct.objects.count() == 2
    assert SentForm.objects.count() == 2


def test_what_was_refused_is_tried_again_with_the_same_page(country: Country) -> None:
    client = signed_in(country, "980100", ADMINISTRATOR)
    once = str(uuid4())
    client.post("/desk/session")
    assert client.post(RENAME, {**ANSWERS, "_once": once}).status_code == 403
    assert not SentForm.objects.exists()
    client.post("/desk/session/begin", {"purpose": "更名", "minutes": "60"})
    assert client.post(RENAME, {**ANSWERS, "_once": once}).status_code == 302


def test_a_decision_sent_twice_is_one_and_says_done(country: Country) -> None:
    city = country.organizations["980100"]
    new = NewOrganization("980100", "980100-H01", "980100", "hospital", "示例医院")
    made = propose(country.actor("980100", ADMINISTRATOR), "organizations.organization.add", city, new)
    client = signed_in(country, "980100", LEADER)
    page = f"/desk/acts/{made.pk}"
    answers = {"digest": made.digest, "decision": "yes", "_once": token(client.get(page).content)}
    results = [client.post(page, answers) for _ in range(2)]
    assert [each.headers["Location"] for each in results] == ["/desk/acts/"] * 2
    assert Organization.objects.filter(code="980100-H01").count() == 1


def test_the_database_keeps_a_token_once(country: Country) -> None:
    client = signed_in(country, "980100", ADMINISTRATOR)
    client.post(RENAME, {**ANSWERS, "_once": str(uuid4())})
    kept = SentForm.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        SentForm.objects.create(staff=kept.staff, token=kept.token, digest="0" * 64, address="/", at=NOW)
    assert "示例新市" not in f"{kept.digest}{kept.address}"
    with clock.at(NOW + timedelta(days=8)):
        forget()
    assert not SentForm.objects.exists()


def test_a_form_with_a_secret_leaves_no_trace_of_it(country: Country) -> None:
    client = signed_in(country, "980100", ADMINISTRATOR)
    answers = {"present": "wrong", "password": "TEST_ONLY-long-enough", "again": "TEST_ONLY-long-enough"}
    client.post("/desk/me/password", {**answers, "_once": str(uuid4())})
    client.post("/desk/me/recovery-codes", {"_once": str(uuid4())})
    assert not SentForm.objects.exists()


def test_every_form_that_does_something_has_a_token() -> None:
    # nobody is signed in yet, or a ceremony goes on in a room of its own
    open_ones = {"sign_in.html", "code.html", "recovery.html", "set_up.html", "room.html"}
    open_ones |= {"secret_form.html"}  # it holds a passphrase
    for path in Path(desk.__file__).parent.rglob("*.html"):
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text("utf-8"), re.DOTALL):
            # a letter is printed anew each time, its code counts no more when the next is made
            again = "sign-out" in form or "desk:enquiry:code" in form
            if path.name not in open_ones and not again:
                assert "{% once %}" in form, path


@pytest.mark.django_db(transaction=True)
def test_sent_at_the_same_moment_it_is_done_once(transactional_db: None) -> None:
    found(date(2026, 1, 1), NOW, NOW + timedelta(hours=8))
    staff = Staff.objects.get(number="980100-administrator-1")
    together, once = Barrier(6), str(uuid4())
    report = {
        "kind": "other",
        "summary": "门禁异常",
        "discovered_at": "2026-03-02T08:00",
        "secrecy": "0",
        "_answered": ["kind", "what", "secrecy"],
        "_act": "confirm",
        "_once": once,
    }

    def send(_number: int) -> str:
        client = Client(headers={"accept-language": "en"})
        try:
            with clock.at(NOW):
                client.force_login(staff)
                together.wait(10)
                return client.post("/desk/incidents/report", report).headers.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        led = set(pool.map(send, range(6)))
    incident = Incident.objects.get()
    assert led == {f"/desk/incidents/{incident.number}/reported"}
    assert Row.objects.filter(act="incidents.incident.open").count() == 1
    assert SentForm.objects.count() == 1
