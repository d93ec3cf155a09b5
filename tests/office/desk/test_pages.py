"""What all pages share: headers, languages, refusals, and what went wrong."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from office.country import Country
from office.pages import signed_in
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag
from shebaoka.office.organizations.services import NewOrganization
from shebaoka.office.organizations.two_persons import propose

LANGUAGES = ("zh-hans", "en", "es")


def test_pages_load_nothing_from_elsewhere_and_are_kept_by_nobody(country: Country) -> None:
    answer = Client().get("/desk/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script(?! src=\"/static/)|\son\w+=|\sstyle=|<style", answer.content.decode())


def test_the_language_is_chosen_by_a_button_and_kept(country: Country) -> None:
    client = Client(headers={"accept-language": "fr"})
    page = client.get("/desk/sign-in").content.decode()
    assert '<html lang="zh-Hans">' in page
    answer = client.post("/language", {"language": "es", "next": "/desk/sign-in?next=/desk/me"})
    assert answer.headers["Location"] == "/desk/sign-in?next=/desk/me"
    page = client.get("/desk/sign-in").content.decode()
    assert '<html lang="es">' in page
    assert "Iniciar sesión" in page
    elsewhere = client.post("/language", {"language": "en", "next": "https://example.org/"})
    assert elsewhere.headers["Location"] == "/"


def test_signing_in_leads_to_no_other_site(country: Country) -> None:
    client = signed_in(country, "980100", "organizations.leader")
    for url in ("https://example.org/", "//example.org", "javascript:alert(1)"):
        assert client.get("/desk/sign-in", {"next": url}).headers["Location"] == "/desk/"


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh-hans", "找不到页面"), ("en", "Page not found"), ("es", "Página no encontrada")],
)
def test_what_is_not_there_is_said_in_her_language(country: Country, language: str, title: str) -> None:
    answer = Client(headers={"accept-language": language}).get("/desk/nothing")
    assert (answer.status_code, f"<h1>{title}</h1>" in answer.content.decode()) == (404, True)


def test_a_form_from_elsewhere_is_refused_with_a_page(country: Country) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = client.post("/desk/sign-in", {"number": "980100-leader-1", "password": "x"})
    assert answer.status_code == 403
    assert "This form is no longer valid" in answer.content.decode()


def test_our_own_fault_is_said_without_the_database(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(country, "980100", "organizations.leader")
    client.raise_request_exception = False
    monkeypatch.setattr("shebaoka.office.organizations.selectors.organizations", None)
    answer = client.get("/desk/organizations/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Sorry, something is wrong here" in page
    assert "TypeError" not in page


def test_a_refusal_is_a_page_with_what_to_do(country: Country) -> None:
    client = signed_in(country, "980100", "organizations.auditor")
    answer = client.get("/desk/organizations/980100/add")
    refusal = Refusal("organizations.not-allowed", act="x")
    assert answer.status_code == refusal.status
    assert refusal.remedy in answer.content.decode()


def test_without_a_session_the_answers_are_not_lost(country: Country) -> None:
    client = signed_in(country, "980100", "organizations.administrator")
    client.post("/desk/session")
    question = client.get("/desk/organizations/980100/rename")
    assert (
        question.headers["Location"] == "/desk/session/begin?next=%2Fdesk%2Forganizations%2F980100%2Frename"
    )
    answers = {"name": "示例新市", "_answered": ["name", "reason"], "_act": "confirm"}
    answer = client.post("/desk/organizations/980100/rename", answers)
    assert answer.status_code == 403
    assert "示例新市" in answer.content.decode()


def test_pieces_escape_what_people_typed() -> None:
    bad = "<script>alert(1)</script>"
    table = Table(bad, [Column(bad)], [[Link(bad, f'/"{bad}', bad)], [Tag(bad)]])
    for piece in (table, Summary([Row(bad, bad)]), Tag(bad), Link(bad, "/")):
        assert "<script" not in str(piece)
    with pytest.raises(ValueError, match="argument"):
        str(Table("", [Column("a"), Column("b")], [["one"]]))


class Outline(HTMLParser):
    """Headings, ids, links and named controls of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes note of an element."""
        found = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a" and (found.get("href") or "").startswith("/"):
            self.links.append(str(found["href"]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("code", "role"),
    [
        ("980100", "organizations.administrator"),
        ("980100", "organizations.leader"),
        ("000000", "organizations.auditor"),
    ],
)
def test_every_link_leads_to_a_page_in_good_order(
    country: Country, code: str, role: str, language: str
) -> None:
    new = NewOrganization("980100", "980100-H01", "980100", "hospital", "示例医院")
    clerk = country.actor("980100", "organizations.administrator")
    propose(clerk, "organizations.organization.add", country.organizations["980100"], new)
    client = signed_in(country, code, role, language=language)
    seen: set[str] = set()
    ahead = ["/desk/"]
    while ahead:
        url = ahead.pop()
        name = resolve(urlsplit(url).path).view_name
        if name in seen:
            continue
        seen.add(name)
        answer = client.get(url, follow=True)
        assert answer.status_code == 200, url
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        outline = Outline(answer.content.decode())
        assert outline.levels.count(1) == 1, url
        steps = [after - before for before, after in zip(outline.levels, outline.levels[1:], strict=False)]
        assert all(step <= 1 for step in steps), (url, outline.levels)
        assert len(outline.ids) == len(set(outline.ids)), url
        assert answer.headers["Content-Language"] == language
        if url.startswith("/desk/"):  # public pages name pages of every role
            ahead += outline.links
    assert {"desk:home", "desk:acts:home", "desk:organizations:home", "desk:me"} <= seen
