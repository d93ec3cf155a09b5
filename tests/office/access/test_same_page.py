"""Whatever is wrong, and whoever's number it is: the same page, byte for byte but for tokens and what was
typed (PW-01, PW-05)."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest
from django.test import Client

from office.access.holders import GOOD, INITIAL, NUMBER, changed, covered
from office.access.test_portal import english
from office.country import Country
from office.people.invented import enroll, number
from shebaoka.domain.enquiry_password import initial
from shebaoka.office.access.models import Account
from shebaoka.office.base import clock
from shebaoka.office.base.records import writing
from shebaoka.office.people.services import NewPerson, person_enroll

UNKNOWN = number(birth=date(1977, 7, 7), sequence=3)
FIRST = number(birth=date(1985, 5, 5), sequence=7)
LATE = number(birth=date(1968, 1, 9), sequence=9, region="990101")
WRONG = "31415926"
_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=|nonce=)"[^"]+"')


def body(client: Client, path: str, sent: Mapping[str, str] | None = None) -> bytes:
    """The page without its token and without what was typed."""
    answer = client.get(path) if sent is None else client.post(path, sent)
    content: bytes = _TOKEN.sub(b"", answer.content)
    for typed in (sent or {}).values():
        content = content.replace(b'value="%s"' % typed.encode(), b"")
    return f"{answer.status_code} {answer.headers.get('location', '')}".encode() + content


@pytest.fixture
def known(country: Country) -> Iterator[tuple[str, ...]]:
    """Nobody's, one with the initial password, a changed one, one past the last day."""
    changed(country)
    enroll(country, "王强", number=FIRST)
    there, by = country.organizations["990100"], country.actor("990100", "people.counter-clerk")
    person_enroll(by, agency=there, new=NewPerson(number=LATE, name="赵敏"))
    covered(country)
    covered(country, since=clock.today(), due=clock.today() + timedelta(days=3), code="990100")
    with clock.at(clock.now() + timedelta(days=10)):
        yield UNKNOWN, FIRST, NUMBER, LATE


def test_a_wrong_password_is_one_page(known: tuple[str, ...]) -> None:
    pages = {each: body(english(), "/sign-in", {"number": each, "password": WRONG}) for each in known}
    assert {*pages.values()} == {pages[UNKNOWN]}
    assert pages[UNKNOWN].startswith(b"422")
    with writing("tests.off"):
        Account.objects.update(off=True)
    assert body(english(), "/sign-in", {"number": NUMBER, "password": GOOD}) == pages[UNKNOWN]


def test_an_initial_value_leads_to_one_page_and_a_wrong_proof_to_another(known: tuple[str, ...]) -> None:
    seen: dict[str, list[bytes]] = {}
    for each in known:
        client = english()
        password = INITIAL if each == NUMBER else initial("id-last8", each)
        seen[each] = [
            body(client, "/sign-in", {"number": each, "password": password}),
            body(client, "/sign-in/proof"),
            *(
                page
                for proof, code in (("phone", "123456"), ("letter", "ABCD-EFGH-JKLM"), ("counter", "ABCD"))
                for page in (
                    body(client, "/sign-in/proof", {"proof": proof}),
                    body(client, "/sign-in/code"),
                    body(client, "/sign-in/code", {"code": code}),
                )
            ),
        ]
    assert all(pages == seen[UNKNOWN] for pages in seen.values())
    assert seen[UNKNOWN][0] == b"302 /sign-in/proof"


def test_who_cannot_sign_in_begins_again_for_every_number_alike(known: tuple[str, ...]) -> None:
    seen = []
    for each in known:
        client = english()
        seen.append(
            [
                body(client, "/cannot-sign-in", {"number": each}),
                body(client, "/sign-in/proof"),
                body(client, "/sign-in/proof", {"proof": "counter"}),
                body(client, "/sign-in/code", {"code": "ABCD"}),
            ]
        )
    assert all(pages == seen[0] for pages in seen)
