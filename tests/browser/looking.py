"""Looking at a page as different people do: with a phone, in the dark, without scripts, by ear."""

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

from office.country import Country
from office.pages import signed_in

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {"phone": 360, "desk": 1280}
LONGEST = 100_000
LONG = os.environ.get("SHEBAOKA_LONG") == "1"
"""Every view of every page, not one of each."""


@cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


@dataclass
class Desk:
    """The office's pages in a browser; every page opened is closed with the desk."""

    browser: Browser
    address: str
    country: Country
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self,
        code: str = "",
        role: str = "",
        *,
        nth: int = 1,
        language: str = "en",
        width: str = "desk",
        dark: bool = False,
        scripts: bool = True,
    ) -> Page:
        """A new page of a new browser profile, signed in as somebody of the country, or as nobody."""
        context = self.browser.new_context(
            base_url=self.address,
            locale={"zh-hans": "zh-CN"}.get(language, language),
            viewport={"width": WIDTHS[width], "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(30_000)
        self.contexts.append(context)
        if code:
            client = signed_in(self.country, code, role, nth)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [
                    {
                        "name": settings.SESSION_COOKIE_NAME,
                        "value": value,
                        "url": self.address,
                        "httpOnly": True,
                    }
                ]
            )
        return context.new_page()

    def close(self) -> None:
        """Closes every profile."""
        while self.contexts:
            self.contexts.pop().close()


def faults(page: Page) -> list[str]:
    """What axe finds at WCAG 2.2 AA and what it cannot see: an overflow at 320 CSS pixels (1.4.10), text in
    two languages, no or two main headings, controls smaller than 24 by 24 (2.5.8)."""
    page.evaluate(_axe())
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    lines = [
        f"{each['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
    if page.locator("h1").count() != 1:
        lines.append(f"{page.locator('h1').count()} main headings")
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    if page.evaluate("document.documentElement.scrollWidth") > 320:
        lines.append(f"wider than 320 pixels: {page.evaluate(_WIDEST)}")
    if size:
        page.set_viewport_size(size)
    return [f"{page.url}: {line}" for line in lines]


_WIDEST = """
() => [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > 320)
    .slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" ")
"""


def transferred(page: Page, url: str) -> int:
    """Bytes that come over the network for a page with everything on it, nothing cached before."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(url, wait_until="networkidle")
    session.detach()
    return int(sum(sizes))
