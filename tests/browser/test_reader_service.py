"""The local reader service from a page in a real browser: ``shebaoka-reader.js`` under a strict policy."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.reader_page import pages
from driver.bench import CARD, PIN
from driver.service import READER, House, save, serving

CONNECT = """async (port) => {
  scope = window;
  scope.asked = [];
  scope.digits = {};
  scope.reader = new ShebaokaReader({
    port, language: "en", seconds: 60,
    onPin: async (ask) => { scope.asked.push(ask.entry); return scope.digits[ask.entry] ?? null; },
  });
  try { await reader.connect(); } catch (error) { return { id: error.id }; }
  return { paired: reader.paired, demonstration: reader.demonstration };
}"""
BASIC = """async (card) => {
  const hsm = async (step, out) => {
    const body = JSON.stringify({ step, out, card });
    return (await (await fetch("/hsm", { method: "POST", body })).json()).key;
  };
  return reader.basic({ hsm });
}"""
CALL = """async ([name, given]) => {
  try { return { info: await reader.call(name, given) }; }
  catch (error) { return { code: error.code, id: error.id }; }
}"""


@dataclass
class Place:
    """The reader service, and the port of the page's server."""

    house: House
    port: int


@pytest.fixture
def place(tmp_path: Path) -> "Iterator[Place]":
    """A service without PSAM, so that a 3.0 card needs the office; it allows the page by its name only."""
    save(tmp_path, "3.0", "card-3.0-sm4")
    with serving(tmp_path, with_psam=False) as house, pages(house.port) as port:
        house.origins[:] = [f"http://localhost:{port}"]
        yield Place(house, port)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def call(page: Page, name: str, **given: object) -> Any:
    return page.evaluate(CALL, [name, given])


def test_a_page_of_an_allowed_origin_reads_the_card(place: Place, page: Page) -> None:
    house, problems = place.house, list[str]()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(f"http://localhost:{place.port}/")
    assert page.evaluate(CONNECT, house.port) == {"paired": False, "demonstration": True}
    assert call(page, "iReadCardBas", iType=3)["code"] == -12
    page.evaluate("() => reader.beginPairing('desk')")
    assert page.evaluate("(code) => reader.finishPairing(code).then((a) => a.paired)", house.shown[-1])
    assert page.evaluate("() => reader.waitForCard(0.1)") is None
    page.evaluate("(name) => reader.insert(name)", READER)
    assert page.evaluate("() => reader.waitForCard()")["name"] == READER
    assert call(page, "iReadCardBas", iType=3)["code"] == -2201
    basic = page.evaluate(BASIC, None)
    assert (basic["name"], basic["cardNumber"], basic["version"]) == ("测试", "A00000011", "3.00")
    page.evaluate("(pin) => { digits.pin = pin; }", PIN)
    read = call(page, "iReadCard", iType=1, iAuthType=1, pCardInfo=CARD, pFileAddr="DF01EF05|20|$")
    assert read == {"code": -2201, "id": None}
    assert call(page, "iVerifyPIN", iType=1) == {"info": ""}
    page.evaluate("() => { digits.pin = undefined; }")
    assert call(page, "iVerifyPIN", iType=1)["code"] == -31
    assert page.evaluate("() => asked") == ["pin", "pin"]
    page.reload()
    assert page.evaluate(CONNECT, house.port)["paired"]  # the token was kept
    page.evaluate("() => reader.unpair()")
    assert house.pairings.all() == []
    assert not problems


def test_two_calls_at_once_are_answered_in_turn(place: Place, page: Page) -> None:
    house = place.house
    page.goto(f"http://localhost:{place.port}/")
    house.readers.virtual[0].insert("")
    page.evaluate(CONNECT, house.port)
    page.evaluate("() => reader.beginPairing()")
    page.evaluate("(code) => reader.finishPairing(code)", house.shown[-1])
    names = page.evaluate(
        f"async () => (await Promise.all([1, 2, 3].map(() => ({BASIC})(null)))).map((b) => b.name)"
    )
    assert names == ["测试"] * 3


def test_a_page_of_a_foreign_origin_is_refused(
    place: Place, page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    """The very same page under another name of the same server."""
    house = place.house
    caplog.set_level(logging.INFO, "shebaoka.driver")
    house.readers.virtual[0].insert("")
    page.goto(f"http://127.0.0.1:{place.port}/")
    assert page.evaluate(CONNECT, house.port) == {"id": "no-service"}
    assert "not allowed here" in caplog.text
    assert house.shown == []


def test_the_example_page(tmp_path: Path, page: Page) -> None:
    save(tmp_path, "2.0", "card-2.0-sm4")
    with serving(tmp_path) as house, pages(house.port) as port:
        house.origins[:] = [f"http://localhost:{port}"]
        page.goto(f"http://localhost:{port}/page.html#{house.port}")
        page.get_by_label("Code shown").wait_for()
        page.get_by_label("Code shown").fill(house.shown[-1])
        page.get_by_role("button", name="Pair").click()
        page.get_by_role("button", name="Read the card").click()
        expect(page.get_by_role("status")).to_contain_text("No card")
        page.get_by_role("button", name="Put a card").click()
        expect(page.get_by_role("status")).to_contain_text("A card is in the reader")
        page.get_by_role("button", name="Read the card").click()
        expect(page.get_by_role("status")).to_have_text("测试, card A00000011, valid until 20300101")
