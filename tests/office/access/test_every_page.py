"""What holds on every page of the portal, walked by its addresses: headers, no caching, nothing personal in
addresses, logs or error pages, forms with their token, signed out everywhere."""

import logging
import re
from collections.abc import Iterator
from io import StringIO
from unittest.mock import patch
from uuid import UUID

import pytest
import structlog
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from office.access.holders import GOOD, NUMBER, PHONE, changed
from office.country import Country
from shebaoka.office.access.services import sign_in
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.portal import holder
from shebaoka.office.portal.urls import app_name, urlpatterns

NAME = "李芳"
PERSONAL = (NUMBER, NUMBER[-8:], NAME, PHONE, GOOD)
SOMETHING = {"pk": UUID(int=5), "name": "work"}
HEADERS = {
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_ADDRESS = re.compile(r'(?:href|action|src)="([^"]*)"')
_INLINE = re.compile(
    r"<script(?![^>]* src=)[^>]*>(?!\s*</script>)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I
)


def address_of(pattern: URLPattern) -> str:
    names = pattern.pattern.converters
    return reverse(f"{app_name}:{pattern.name}", kwargs={name: SOMETHING[name] for name in names})


PAGES = [address_of(pattern) for pattern in urlpatterns]
HERS = [page for page in PAGES if page.startswith("/me/")]


@pytest.fixture
def token(country: Country) -> str:
    """The cookie of a holder who is signed in."""
    _, opened = changed(country)
    return opened.token


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What the office's own log gets, as it is written."""
    found = StringIO()
    [handler] = (
        each
        for each in logging.getLogger().handlers
        if isinstance(each.formatter, structlog.stdlib.ProcessorFormatter)
    )
    monkeypatch.setattr(handler, "stream", found)
    return found


def browser(token: str = "", *, strict: bool = False) -> Client:
    client = Client(enforce_csrf_checks=strict, raise_request_exception=False)
    if token:
        client.cookies["holder"] = token
    return client


def answers(client: Client) -> Iterator[tuple[str, HttpResponse]]:
    for page in PAGES:
        yield page, client.get(page)  # type: ignore[misc]  # the client has its own response


@pytest.mark.parametrize("signed_in", [True, False])
def test_headers_and_scripts(token: str, signed_in: bool) -> None:
    for page, answer in answers(browser(token if signed_in else "")):
        assert answer.status_code < 500, page
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, page
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), page
        assert "unsafe" not in policy, page
        assert "*" not in policy, page
        if answer.headers["Content-Type"].startswith("text/html"):
            assert _INLINE.search(answer.content.decode()) is None, page


def test_who_is_not_signed_in_sees_nothing_of_anybody(token: str) -> None:
    for page, answer in answers(browser()):
        content = answer.content.decode()
        assert not any(each in content for each in PERSONAL), page
        if page in HERS:
            assert answer.status_code in (302, 405), page
            assert answer.status_code == 405 or answer.headers["Location"].startswith("/sign-in"), page


def test_nothing_personal_in_addresses(token: str) -> None:
    for page, answer in answers(browser(token)):
        found = [page, answer.headers.get("Location", "")]
        if answer.headers["Content-Type"].startswith("text/html"):
            found += _ADDRESS.findall(answer.content.decode())
        assert not any(each in address for address in found for each in PERSONAL), page


def test_nothing_personal_in_logs(token: str, logged: StringIO) -> None:
    client = browser(token)
    answers_of_hers = {"number": NUMBER, "password": GOOD, "new": GOOD, "name": NAME, "code": "123456"}
    for page, _ in answers(client):
        client.post(page, answers_of_hers)
    browser().post("/sign-in", {"number": NUMBER, "password": GOOD})
    written = logged.getvalue()
    assert "/sign-in" in written
    assert not any(each in written for each in (*PERSONAL, token, '"123456"', str(SOMETHING["pk"])))


def test_an_error_of_ours_tells_nothing(token: str, logged: StringIO) -> None:
    error = RuntimeError(f"{PERSONAL} {token}")
    with patch("shebaoka.office.portal.entrance.services.sign_in", side_effect=error):
        failed = [browser().post("/sign-in", {"number": NUMBER, "password": GOOD})]
    with patch.object(holder, "session_of", side_effect=error):
        failed += [browser(token).get(page) for page in HERS]
    assert {answer.status_code for answer in failed} <= {500, 405}
    assert len([answer for answer in failed if answer.status_code == 500]) > 10
    for answer in failed:
        assert not any(each in answer.content.decode() for each in (*PERSONAL, token))
        assert answer.headers["Cache-Control"] == "no-store"
    written = logged.getvalue()
    assert "RuntimeError" in written
    assert not any(each in written for each in (*PERSONAL, token))


def test_no_form_is_taken_without_its_token(token: str) -> None:
    client = browser(token, strict=True)
    for page in PAGES:
        assert client.post(page, {"number": NUMBER, "password": GOOD}).status_code in (403, 405), page


def test_the_cookie_is_for_this_host_and_no_script(token: str) -> None:
    client = browser()
    client.post("/sign-in", {"number": NUMBER, "password": GOOD})
    kept = client.cookies["holder"]
    assert (kept["httponly"], kept["samesite"], kept["path"], kept["domain"]) == (True, "Lax", "/", "")


def test_signed_out_everywhere_is_out_on_every_page(token: str) -> None:
    second = sign_in(number=NUMBER, password=GOOD)
    assert isinstance(second, Opened)
    other = browser(second.token)
    assert other.get("/me/").status_code == 200
    browser(token).post("/sign-out", {"everywhere": "1"})
    for kept in (token, second.token):
        client = browser(kept)
        for page in HERS:
            answer = client.get(page)
            assert answer.status_code in (302, 405), page
            assert answer.status_code == 405 or answer.headers["Location"].startswith("/sign-in"), page
