"""A later part contributes records: on the page, in the statement, as a scope; nothing before."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pypdf
import pytest

from office.access.holders import changed
from office.access.test_mandates import client_of, terms, two
from office.access.test_portal import english, text
from office.country import Country
from shebaoka.office.access import services
from shebaoka.office.access.scopes import scopes
from shebaoka.office.access.sections import Section, register, sections, withdraw
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.base.catalogue import Words
from shebaoka.office.people.models import Person

__all__ = ["two"]
PAID = Words("养老缴费", "Pension contributions", "Cotizaciones de pensión")
MONTH, SUM = Words("月份", "Month", "Mes"), Words("金额", "Amount", "Importe")


def rows(person: Person) -> list[tuple[str, str]]:
    return [("2026-01", f"{len(person.name)}00.00")]


@pytest.fixture
def paid() -> Iterator[Section]:
    made = Section("pension-paid", PAID, (MONTH, SUM), rows, ("people.pension",), stated=True)
    register(made)
    yield made
    withdraw(made.name)


def test_nothing_is_shown_while_no_part_stands_for_it(country: Country) -> None:
    _, opened = changed(country)
    client = client_of(opened)
    assert sections() == []
    assert not [name for name in scopes() if name.startswith("section-")]
    assert "Pension" not in text(client.get("/me/"))
    assert client.get("/me/section/pension-paid").status_code == 404


def test_a_registered_section_is_on_page_and_statement(country: Country, paid: Section) -> None:
    _, opened = changed(country)
    client = client_of(opened)
    assert "/me/section/pension-paid" in text(client.get("/me/"))
    page = text(client.get("/me/section/pension-paid"))
    assert "Pension contributions" in page
    assert "200.00" in page
    pdf = pypdf.PdfReader(BytesIO(client.post("/me/statement").content)).pages[0].extract_text()
    sheet = pdf.replace("\x00", "")
    assert "养老缴费" in sheet
    assert "200.00" in sheet
    code = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", sheet)
    assert code is not None
    assert "200.00" in text(english().post("/check", {"code": code[0]}))


def test_digits_alone_do_not_open_it(country: Country, paid: Section) -> None:
    _, opened = changed(country)
    opened.session.proof = ""
    opened.session.save(update_fields=["proof"])
    assert client_of(opened).get("/me/section/pension-paid")["Location"] == "/me/prove"


def test_a_mandate_covers_it_only_by_its_scope(two: tuple[Opened, Opened], paid: Section) -> None:
    holder, agent = two
    without = services.mandate_give(holder.session, terms=terms("statement"))
    client, person = client_of(agent), str(holder.session.person.pk)
    client.post("/me/acting", {"person": person, "mandate": str(without.pk)})
    assert client.get("/me/section/pension-paid").status_code == 403
    sheet = pypdf.PdfReader(BytesIO(client.post("/me/statement").content)).pages[0].extract_text()
    assert "养老缴费" not in sheet.replace("\x00", "")
    within = services.mandate_give(
        holder.session, terms=terms("section-pension-paid", until=terms().since + timedelta(days=1))
    )
    client.post("/me/acting")
    client.post("/me/acting", {"person": person, "mandate": str(within.pk)})
    assert "200.00" in text(client.get("/me/section/pension-paid"))
    assert "Pension insurance" in text(client_of(holder).get("/me/readers"))


def test_a_name_is_taken_once(paid: Section) -> None:
    with pytest.raises(ValueError, match="pension-paid"):
        register(paid)
