"""Acting on the portal for somebody else: by a mandate, as a guardian; never with her secrets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.test import Client

from office.access.holders import NUMBER, OTHER, changed
from office.access.test_portal import english, text
from office.access.test_verifying import clerk, code_of
from office.again import again
from office.country import Country
from office.pages import signed_in as signed_in_at_desk
from office.people.invented import enroll, number
from shebaoka.journal.record import read_record
from shebaoka.office.access import services
from shebaoka.office.access.choices import Proof
from shebaoka.office.access.models import (
    Account,
    ActivationCode,
    CorrectionRequest,
    EarlierPassword,
    Mandate,
    Message,
    Notice,
    Passkey,
    PortalSession,
    SignInBegun,
)
from shebaoka.office.access.services import Terms, activation_code_make, password_choose, proof_give
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.audit.models import Chain, Row
from shebaoka.office.base import clock
from shebaoka.office.cards.models import ElectronicCard
from shebaoka.office.people.choices import Relation
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import NewGuardian, guardian_record

AGENT = number(birth=date(1985, 5, 5), sequence=7)
TODAY = date(2026, 3, 2)
WRITTEN = (
    *(Chain, Row, Person, Account, SignInBegun, PortalSession, EarlierPassword),
    *(ActivationCode, Notice, Message),
)
"""What two holders who sign in leave in the database."""


def signed_in(country: Country, person: Person, password: str) -> Opened:
    code = activation_code_make(clerk(country), person=person.pk)
    begun = services.recovery_begin(number=person.number)
    proof_give(begun.pk, proof=Proof.COUNTER, answer=code.code)
    return password_choose(begun.pk, new=password, told=True)


def client_of(opened: Opened) -> Client:
    client = english()
    client.cookies["holder"] = opened.token
    return client


def terms(*scopes: str, **values: object) -> Terms:
    said = {"number": AGENT, "name": "王强", "since": TODAY, "until": TODAY + timedelta(days=30), **values}
    return Terms(scopes=scopes, **said)  # type: ignore[arg-type]


@pytest.fixture
def two(country: Country) -> tuple[Opened, Opened]:
    """The sessions of a holder and of who is to act for her."""

    def made() -> tuple[Opened, Opened]:
        _, holder = changed(country)
        agent = enroll(country, "王强", number=AGENT)
        return holder, signed_in(country, agent, OTHER)

    return again("two holders", WRITTEN, made)


@contextmanager
def secrets_stay(person: Person) -> Iterator[None]:
    """Within, no row of a secret of the person changes."""
    before = _secrets(person)
    yield
    assert _secrets(person) == before


def _secrets(person: Person) -> list[object]:
    kept = (
        Account.objects.filter(person=person),
        EarlierPassword.objects.filter(account__person=person),
        Passkey.objects.filter(person=person),
        ElectronicCard.objects.filter(person=person),
    )
    return [list(rows.order_by("pk").values()) for rows in kept]


def test_an_agent_acts_within_her_mandate_and_both_names_stand_in_the_record(
    two: tuple[Opened, Opened],
) -> None:
    holder, agent = two
    mandate = services.mandate_give(holder.session, terms=terms("requests", "records"))
    client, whom = client_of(agent), holder.session.person
    assert "李芳" in text(client.get("/me/mandates"))
    client.post("/me/acting", {"person": str(whom.pk), "mandate": str(mandate.pk)})
    page = text(client.get("/me/"))
    assert "You act for 李芳" in page
    assert NUMBER[-4:] not in page
    assert "You act for 李芳" in text(client.get("/me/records"))
    with secrets_stay(whom):
        client.post("/me/requests/correction", {"wrong": "电话", "right": "13900000009"})
        for path in ("cards", "statement", "readers", "section/none"):
            assert client.get(f"/me/{path}").status_code in {403, 404}, path
        for path in ("password", "passkeys", "electronic", "mandates", "sessions", "messages"):
            assert client.get(f"/me/{path}").status_code == 403, path
    request = CorrectionRequest.objects.get()
    assert request.person == whom
    row = read_record(Row.objects.get(act="access.correction.ask").line.encode())
    assert row.persons["holder"] == str(whom.pk)
    assert row.persons["agent"] == str(agent.session.person.pk)
    shown = text(client_of(holder).get("/me/readers"))
    assert "王强, who acts for the holder" in shown
    assert "Acting for the holder on the portal" in shown


def test_what_the_mandate_does_not_cover_changes_nothing(two: tuple[Opened, Opened]) -> None:
    holder, agent = two
    mandate = services.mandate_give(holder.session, terms=terms("summary"))
    client, whom = client_of(agent), holder.session.person
    client.post("/me/acting", {"person": str(whom.pk), "mandate": str(mandate.pk)})
    sent = {"present": OTHER, "new": "64820915", "again": "64820915", "told": "on"}
    with secrets_stay(whom), secrets_stay(agent.session.person):
        assert client.post("/me/requests/leak", {"told": "x"}).status_code == 403
        assert client.post("/me/requests/correction", {"wrong": "x", "right": "y"}).status_code == 403
        assert client.post("/me/statement").status_code == 403
        assert client.post("/me/password", sent).status_code == 403
        give = {"number": AGENT, "name": "王强", "scopes": "cards", "since": TODAY, "until": TODAY}
        assert client.post("/me/mandates/give", give).status_code == 403
        assert client.post(f"/me/mandates/{mandate.pk}/end").status_code == 403
    assert not CorrectionRequest.objects.exists()
    assert not whom.leak_cases.exists()
    assert not whom.statements.exists()
    assert Mandate.objects.get().ended_at is None


@pytest.mark.parametrize("who", [0, 1])
def test_either_ends_it_and_it_is_over_on_the_next_page(two: tuple[Opened, Opened], who: int) -> None:
    holder, agent = two
    mandate = services.mandate_give(holder.session, terms=terms("summary"))
    client = client_of(agent)
    person = str(holder.session.person.pk)
    client.post("/me/acting", {"person": person, "mandate": str(mandate.pk)})
    assert client.get("/me/").status_code == 200
    services.mandate_end(PortalSession.objects.get(pk=two[who].session.pk), mandate=mandate.pk)
    assert client.get("/me/").status_code == 403
    page = text(client.get("/me/"))
    assert "You act for" not in page
    assert client.post("/me/acting", {"person": person, "mandate": str(mandate.pk)}).status_code == 403
    for opened in two:
        assert opened.session.person.messages.filter(kind="mandate-ended").exists()
    assert code_of(services.mandate_end, holder.session, mandate=mandate.pk) == ("access.mandate-over")


def test_its_days_are_kept(two: tuple[Opened, Opened], country: Country) -> None:
    holder, agent = two
    later = terms("summary", since=TODAY + timedelta(days=2), until=TODAY + timedelta(days=3))
    services.mandate_give(holder.session, terms=later)
    person = agent.session.person
    assert services.representable(person) == []
    for days, many in ((2, 1), (3, 1), (4, 0)):
        with clock.at(clock.now() + timedelta(days=days)):
            assert len(services.representable(person)) == many


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (terms("summary", name="王强强"), "access.agent-unknown"),
        (terms("summary", number="1"), "access.agent-unknown"),
        (terms("summary", number=NUMBER, name="李芳"), "access.mandate-self"),
        (terms(), "access.mandate-scopes"),
        (terms("password"), "access.mandate-scopes"),
        (terms("summary", since=TODAY - timedelta(days=1)), "access.mandate-dates"),
        (terms("summary", until=TODAY - timedelta(days=1)), "access.mandate-dates"),
        (terms("summary", until=TODAY + timedelta(days=365)), "access.mandate-dates"),
    ],
)
def test_a_wrong_mandate_is_none(two: tuple[Opened, Opened], wrong: Terms, code: str) -> None:
    assert code_of(services.mandate_give, two[0].session, terms=wrong) == code
    assert not Mandate.objects.exists()


def test_giving_one_needs_a_second_proof_and_guessing_is_slow(two: tuple[Opened, Opened]) -> None:
    session = two[0].session
    session.proof, session.strong_until = "", None
    assert code_of(services.mandate_give, session, terms=terms("summary")) == ("access.second-proof")
    session.strong_until = clock.now() + timedelta(minutes=9)
    wrong = terms("summary", name="某")
    codes = {code_of(services.mandate_give, session, terms=wrong) for _ in "1234567"}
    assert codes == {"access.agent-unknown", "access.wait"}
    assert not Mandate.objects.exists()


def test_a_guardian_acts_until_the_ward_is_of_age(two: tuple[Opened, Opened], country: Country) -> None:
    _, agent = two
    child = _ward(country, date(2012, 6, 1))
    (found,) = services.representable(agent.session.person)
    assert (found.person, found.mandate, found.until) == (child, None, date(2030, 5, 31))
    client = client_of(agent)
    client.post("/me/acting", {"person": str(child.pk)})
    assert child.number in text(client.get("/me/"))
    assert client.get("/me/password").status_code == 403
    with clock.at(clock.now().replace(year=2030, month=5, day=31)):
        assert services.representable(agent.session.person)
    with clock.at(clock.now().replace(year=2030, month=6, day=1)):
        assert services.representable(agent.session.person) == []


def test_a_guardianship_recorded_of_an_adult_stands(two: tuple[Opened, Opened], country: Country) -> None:
    _ward(country, date(1950, 6, 1))
    assert len(services.representable(two[1].session.person)) == 1


def test_nobody_acts_for_somebody_by_her_id_alone(two: tuple[Opened, Opened]) -> None:
    holder, agent = two
    client = client_of(agent)
    for sent in (
        {"person": str(holder.session.person.pk)},
        {"person": "x"},
        {"person": AGENT, "mandate": "1"},
    ):
        assert client.post("/me/acting", sent).status_code == 403
    assert "You act for" not in text(client.get("/me/"))


def test_a_written_mandate_at_the_counter(two: tuple[Opened, Opened], country: Country) -> None:
    whom = two[0].session.person
    by = clerk(country)
    nothing = {"person": whom.pk, "terms": terms("cards"), "document": " "}
    assert code_of(services.mandate_record, by, **nothing) == "access.mandate-paper"
    stranger = country.actor("990100", "people.counter-clerk")
    paper = {**nothing, "document": "委托书 2026-03-01"}
    assert code_of(services.mandate_record, stranger, **paper) == "base.not-found"
    assert not Mandate.objects.exists()
    made = services.mandate_record(by, person=whom.pk, terms=terms("cards"), document="委托书 2026-03-01")
    assert made.recorded_by == by.staff
    assert "委托书 2026-03-01" in text(client_of(two[0]).get("/me/mandates"))
    assert code_of(services.mandate_withdraw, stranger, mandate=made.pk) == "base.not-found"
    services.mandate_withdraw(by, mandate=made.pk)
    assert services.representable(two[1].session.person) == []


def test_the_pages_of_a_mandate(two: tuple[Opened, Opened]) -> None:
    holder, agent = (client_of(each) for each in two)
    sent = {"number": AGENT, "name": "王强", "scopes": ["cards"], "since": TODAY, "until": TODAY}
    assert holder.post("/me/mandates/give", {**sent, "scopes": []}).status_code == 422
    page = text(holder.post("/me/mandates/give", sent, follow=True))
    assert "王强 may act for you until 2026-03-02" in page
    assert "See the cards, report one lost" in page
    mandate = Mandate.objects.get()
    agent.post("/me/acting", {"person": str(mandate.holder_id), "mandate": str(mandate.pk)})
    assert "Act for myself again" in text(agent.get("/me/cards"))
    agent.post("/me/acting")
    assert "Mandates given to me" in text(agent.get("/me/mandates"))
    assert holder.post(f"/me/mandates/{mandate.pk}/end")["Location"] == "/me/mandates"
    assert "Withdrawn by the holder" in text(agent.get("/me/mandates"))


def _ward(country: Country, birth: date) -> Person:
    guardian = NewGuardian(name="王强", document_number=AGENT, relation=Relation.FATHER)
    ward = enroll(country, "王小小", number=number(birth=birth, sequence=9), guardian=guardian)
    if birth.year < 2000:
        guardian_record(clerk(country), person=ward.pk, new=guardian)
    return ward


def test_the_desk_records_shows_and_withdraws_one(two: tuple[Opened, Opened], country: Country) -> None:
    desk = signed_in_at_desk(country, "980100", "people.counter-clerk")
    sent: dict[str, object] = {"holder": NUMBER, "number": AGENT, "name": "王强", "scopes": ["cards"]}
    sent |= {"since": TODAY, "until": TODAY}
    assert desk.post("/desk/enquiry/mandate/new", {**sent, "document": ""}).status_code == 422
    assert not Mandate.objects.exists()
    page = text(desk.post("/desk/enquiry/mandate/new", {**sent, "document": "2026-01"}, follow=True))
    assert "The mandate is recorded" in page
    mandate = Mandate.objects.get()
    assert "王强" in text(desk.get("/desk/enquiry/"))
    assert "Recording of a written mandate" in text(client_of(two[0]).get("/me/readers"))
    far = signed_in_at_desk(country, "990100", "people.counter-clerk")
    assert far.get(f"/desk/enquiry/mandate/{mandate.pk}").status_code == 404
    assert far.post(f"/desk/enquiry/mandate/{mandate.pk}/withdraw").status_code == 404
    assert Mandate.objects.get().ended_at is None
    desk.post(f"/desk/enquiry/mandate/{mandate.pk}/withdraw")
    assert Mandate.objects.get().ended_by == "counter"
