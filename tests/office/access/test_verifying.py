"""Who cannot sign in, at the counter: the case, its cause, the sealed code, refusals (Q-4, PW-06)."""

import re
import unicodedata
from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from django.test import Client

from office.access.holders import GOOD, NUMBER, changed, covered, holder
from office.country import Country
from office.pages import signed_in
from office.parameters.deciding import put
from office.people.invented import both, number
from shebaoka.office.access import selectors
from shebaoka.office.access.choices import CaseState, Cause, Proof
from shebaoka.office.access.models import Account, LetterCode, Notice, Verification
from shebaoka.office.access.services import (
    Reset,
    Seen,
    activation_code_make,
    password_choose,
    proof_give,
    recovery_begin,
    sign_in,
    verification_find,
    verification_open,
    verification_settle,
)
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.actor import Actor, system
from shebaoka.office.people.choices import DocumentType
from shebaoka.paper.letters import ActivationLetter, activation_letters_pdf


def clerk(country: Country) -> Actor:
    return country.actor("980100", "people.counter-clerk")


def opened(country: Country, typed: str = NUMBER, name: str = "李芳") -> Verification:
    seen = Seen(typed, name, DocumentType(DocumentType.values[0]), typed)
    return verification_open(clerk(country), agency=country.organizations["980100"], seen=seen)


def code_of(call: object, *args: object, **values: object) -> str:
    with pytest.raises(Refusal) as refusal:
        call(*args, **values)  # type: ignore[operator]  # a service
    return refusal.value.code


def test_a_forgotten_password_ends_with_a_new_one(country: Country) -> None:
    person, _ = changed(country)
    with clock.at(clock.now() + timedelta(minutes=1)):
        case = opened(country)
    assert case.person == person
    assert case.number.startswith("980100-")
    assert code_of(verification_settle, clerk(country), case=case.pk) == "access.cause-unknown"
    verification_find(clerk(country), case=case.pk, cause=Cause.FORGOTTEN)
    assert code_of(verification_settle, clerk(country), case=case.pk) == "access.no-code-yet"
    with clock.at(clock.now() + timedelta(minutes=2)):
        made = activation_code_make(clerk(country), person=person.pk)
    assert made.code not in repr(made)
    verification_settle(clerk(country), case=case.pk)
    begun = recovery_begin(number=NUMBER)
    proof_give(begun.pk, proof=Proof.COUNTER, answer=made.code)
    assert isinstance(password_choose(begun.pk, new="92617058", told=True), Opened)
    assert code_of(verification_settle, clerk(country), case=case.pk) == "access.case-closed"


def test_a_wrong_register_is_put_right_first(country: Country) -> None:
    holder(country, number=number(sequence=5))
    case = opened(country)
    assert case.person is None
    verification_find(clerk(country), case=case.pk, cause=Cause.NUMBER)
    assert code_of(verification_settle, clerk(country), case=case.pk) == "access.register-unchanged"
    assert Verification.objects.get().state == CaseState.FOUND
    desk = signed_in(country, "980100", "people.counter-clerk")
    page = f"/desk/enquiry/case/{case.pk}"
    assert "Nobody of your area has this number." in desk.get(page).content.decode()
    assert desk.post(f"{page}/code").status_code == 404
    corrected = holder(country)
    letter = desk.post(f"{page}/code", once(desk, page))
    assert letter["Content-Type"] == "application/pdf"
    verification_settle(clerk(country), case=case.pk)
    assert Verification.objects.get().person == corrected


def test_who_is_insured_elsewhere_is_sent_there(country: Country) -> None:
    case = opened(country)
    there = country.organizations["990100"]
    assert code_of(verification_find, clerk(country), case=case.pk, cause=Cause.ELSEWHERE) == (
        "access.cause-lacks-agency"
    )
    verification_find(clerk(country), case=case.pk, cause=Cause.ELSEWHERE, elsewhere=there)
    verification_settle(clerk(country), case=case.pk)
    assert Verification.objects.get().elsewhere == there


def test_an_open_case_grows_old_and_is_overdue(country: Country) -> None:
    opened(country)
    assert not selectors.overdue(clerk(country)).exists()
    with clock.at(clock.now() + timedelta(days=9)):
        assert selectors.overdue(system(country.organizations["980100"])).count() == 1
        assert not selectors.overdue(system(country.organizations["990100"])).exists()


def test_cases_are_numbered_by_the_year(country: Country) -> None:
    first, second = opened(country), opened(country, number(sequence=8))
    assert int(second.number[-5:]) == int(first.number[-5:]) + 1


def test_nothing_is_opened_without_a_document(country: Country) -> None:
    assert code_of(opened, country, name=" ") == "access.document-unseen"
    assert not Verification.objects.exists()


def test_back_to_the_initial_value_only_where_the_region_chooses_it(country: Country) -> None:
    person, _ = changed(country)
    covered(country)
    with pytest.raises(Refusal) as refusal:
        both(country, "access.reset", Reset(person.pk, "980100-2026-V00001"))
    assert refusal.value.code == "access.no-reset"
    assert Account.objects.get().state == "changed"
    assert isinstance(sign_in(number=NUMBER, password=GOOD), Opened)


def test_the_letter_is_sealed_paper_with_the_code_once(country: Country) -> None:
    letter = ActivationLetter("李芳", "示例甲市", "980100-2026-V00001", "ABCD-EFGH-JKLM-NPQR", 72)
    assert "ABCD" not in repr(letter)
    [page] = pypdf.PdfReader(BytesIO(activation_letters_pdf([letter]))).pages
    text = page.extract_text().replace("\x00", "")
    assert text.count("ABCD") == 1
    assert "72" in text


def receipt_of(country: Country, case: Verification) -> str:
    desk = signed_in(country, "980100", "people.counter-clerk")
    answer = desk.get(f"/desk/enquiry/case/{case.pk}/receipt")
    assert answer["Content-Type"] == "application/pdf"
    found = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages)
    return unicodedata.normalize("NFKC", found).replace("\x00", "")


def test_she_leaves_with_a_receipt(country: Country) -> None:
    holder(country)
    case = opened(country)
    paper = receipt_of(country, case)
    assert case.number in paper
    assert "正在核实" in paper
    assert NUMBER not in paper
    assert "李芳" not in paper


def test_the_receipt_sends_her_to_the_agency_where_she_is_insured(country: Country) -> None:
    case, place = opened(country), country.organizations["990100"]
    put(country, "990100", "enquiry.agency-address", "示例路1号，周一至周五")
    verification_find(clerk(country), case=case.pk, cause=Cause.ELSEWHERE, elsewhere=place)
    verification_settle(clerk(country), case=case.pk)
    case.refresh_from_db()
    paper = receipt_of(country, case)
    assert place.name in paper
    assert "示例路1号" in paper
    finder = Client(headers={"accept-language": "en"}).get("/cannot-sign-in", {"place": "990100"})
    assert "示例路1号" in finder.content.decode()


def test_the_security_officer_sees_whose_digits_are_off(country: Country) -> None:
    changed(country)
    with writing("tests.off"):
        Account.objects.update(off=True)
    desk = signed_in(country, "980100", "organizations.security-officer")
    page = desk.get("/desk/enquiry/attacks").content.decode()
    assert NUMBER[-4:] in page
    assert NUMBER not in page
    elsewhere = signed_in(country, "990100", "organizations.security-officer")
    assert NUMBER[-4:] not in elsewhere.get("/desk/enquiry/attacks").content.decode()


def test_at_hand_out_she_is_told_and_gets_her_letter(country: Country) -> None:
    person = holder(country)
    covered(country)
    desk = signed_in(country, "980100", "people.counter-clerk")
    page = "/desk/enquiry/hand-out"
    assert desk.post(page, {"number": NUMBER, **once(desk, page)})["Location"] == f"{page}/{person.pk}"
    told = "".join(
        each.extract_text()
        for each in pypdf.PdfReader(BytesIO(desk.get(f"{page}/{person.pk}/notice").content)).pages
    )
    assert "妥善保管社会保障卡" in unicodedata.normalize("NFKC", told).replace("\x00", "")
    letter = desk.post(f"{page}/{person.pk}/letter", once(desk, f"{page}/{person.pk}"))
    assert letter["Content-Type"] == "application/pdf"
    assert LetterCode.objects.filter(person=person, withdrawn_at=None).count() == 1
    answer = desk.post(f"{page}/{person.pk}", {"sheet": "S-7", **once(desk, f"{page}/{person.pk}")})
    assert answer.status_code == 302
    notice = Notice.objects.get()
    assert (notice.occasion, notice.medium, notice.accepted, notice.proof) == (
        "hand-out",
        "paper",
        True,
        "S-7",
    )
    elsewhere = signed_in(country, "990100", "people.counter-clerk")
    assert elsewhere.get(f"{page}/{person.pk}").status_code == 404
    assert elsewhere.post(f"{page}/{person.pk}/letter").status_code == 404


def once(desk: Client, page: str) -> dict[str, str]:
    """The token of the form."""
    return dict(re.findall(r'name="(_once)" value="([^"]+)"', desk.get(page).content.decode()))
