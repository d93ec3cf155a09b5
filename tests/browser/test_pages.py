"""Every page a person can reach by following links: axe at WCAG 2.2 AA, reflow, weight; some by keyboard."""

import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page, expect

from browser.looking import LONG, LONGEST, Desk, faults, transferred
from office.country import Country
from office.pages import signed_in
from shebaoka.office.organizations.services import NewOrganization
from shebaoka.office.organizations.two_persons import propose

MOST = 400 if LONG else 12
LINK = re.compile(r'<a[^>]* href="([^"#]+)"')
PERSONS = (
    "leader",
    "administrator",
    "key-administrator",
    "key-custodian",
    "psam-keeper",
    "security-officer",
    "policy-clerk",
    "auditor",
)


def waiting_act(country: Country) -> None:
    """Something that waits for a leader's check."""
    clerk, city = country.actor("980100", "organizations.administrator"), country.organizations["980100"]
    new = NewOrganization("980100", "980100-H01", "980100", "hospital", "示例医院")
    propose(clerk, "organizations.organization.add", city, new, reason="新定点")


def walk(client: Client, page: Page, seen: set[str]) -> Iterator[str]:
    """The faults of one page of every route that links lead to, but for those in ``seen``. The client follows
    the links, which is quicker; the browser looks."""
    ahead = deque(["/desk/"])
    here: set[str] = set()
    while ahead and len(seen) < MOST:
        url = ahead.popleft()
        name = resolve(urlsplit(url).path).view_name
        if name in here:
            continue
        here.add(name)
        answer = client.get(url, follow=True)
        if answer.status_code != 200:
            yield f"{url} answers {answer.status_code}"
        elif answer.headers["Content-Type"].startswith("text/html"):
            ahead += [link for link in LINK.findall(answer.content.decode()) if link.startswith("/desk/")]
            if name not in seen:
                page.goto(url)
                yield from faults(page)
        seen.add(name)


@pytest.mark.parametrize("code", ["980100", "000000"] if LONG else ["980100"])
def test_no_page_has_a_fault(desk: Desk, code: str) -> None:
    """Every route once, by the first of the persons who can reach it; all roles, also of the ministry, with
    SHEBAOKA_LONG=1."""
    waiting_act(desk.country)
    seen: set[str] = set()
    found: list[str] = []
    for role in PERSONS if LONG else PERSONS[:1]:
        name = f"organizations.{role}"
        page = desk.open(code, name, language="es", dark=code == "980100")
        found += walk(signed_in(desk.country, code, name), page, seen)
        desk.close()
    assert found == []


def test_faults_are_found(desk: Desk) -> None:
    page = desk.open()
    page.set_content(
        "<html><body><main><h1>A</h1><h1>B</h1><p style='color:#aaa;background:#fff'>pale</p>"
        "<input><div style='width:900px'>wide</div></main></body></html>"
    )
    found = " ".join(faults(page))
    for fault in ("color-contrast", "label", "html-has-lang", "2 main headings", "wider than 320 pixels"):
        assert fault in found


def test_what_is_wrong_is_heard_first(desk: Desk) -> None:
    page = desk.open("980100", "organizations.administrator", scripts=False)
    page.goto("/desk/organizations/980100/add")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title("Error: What is it? – Add an organization below 示例甲市 – Shebaoka")
    heard = page.locator("main").aria_snapshot()
    assert heard.index("alert") < heard.index("What is it?")
    page.get_by_role("link", name="Choose: What is it?").click()
    assert page.url.endswith("#id_kind_0")
    expect(page.get_by_role("group", name="What is it?")).to_have_accessible_description(
        "Error: Choose: What is it?"
    )
    assert {"banner", "main", "navigation", "contentinfo"} <= landmarks(page)


def landmarks(page: Page) -> set[str]:
    """The landmarks of a page, as they are heard."""
    names = ("banner", "main", "navigation", "contentinfo")
    return {name for name in names if page.get_by_role(name).count()}  # type: ignore[arg-type]


def test_a_page_is_worked_by_keyboard(desk: Desk) -> None:
    page = desk.open("980100", "organizations.administrator", scripts=False)
    page.goto("/desk/organizations/980100/rename")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.get_by_label("New name").evaluate("field => field === document.activeElement"):
            break
    page.keyboard.type("示例新市")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Reason")).to_be_visible()
    page.get_by_role("button", name="Continue").press("Enter")
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    page.get_by_role("button", name="Propose").press("Enter")
    expect(page.get_by_role("heading", name="Proposed")).to_be_visible()


def test_the_menu_of_a_phone_needs_no_script(desk: Desk) -> None:
    page = desk.open("980100", "organizations.leader", width="phone", scripts=False)
    page.goto("/desk/")
    entry = page.get_by_role("navigation").get_by_role("link", name="Organizations and staff")
    expect(entry).to_be_hidden()
    page.get_by_role("link", name="Menu", exact=True).click()
    expect(entry).to_be_visible()
    entry.click()
    expect(page.get_by_role("heading", name="Organizations and staff")).to_be_visible()


@pytest.mark.parametrize("url", ["/desk/", "/desk/organizations/980100", "/desk/me"])
def test_a_page_is_light(desk: Desk, url: str) -> None:
    page = desk.open("980100", "organizations.leader", language="zh-hans")
    assert transferred(page, url) <= LONGEST


def test_nothing_comes_from_elsewhere_and_no_policy_is_broken(desk: Desk) -> None:
    page = desk.open("980100", "organizations.leader", width="phone")
    heard: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda message: heard.append(message.text))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    for url in ("/desk/", "/desk/me", "/desk/organizations/"):
        page.goto(url)
    assert heard == []
    assert hosts == {urlsplit(desk.address).netloc}
