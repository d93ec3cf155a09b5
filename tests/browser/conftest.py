"""A real browser on the office's pages: the system's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser.looking import Desk
from browser.serving import served
from office.conftest import _the_clock_stands, country, django_db_modify_db_settings, django_db_setup
from office.country import Country

__all__ = ("_the_clock_stands", "country", "django_db_modify_db_settings", "django_db_setup")

CHROMIUM = os.environ.get("SHEBAOKA_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; without one the tests of this folder are skipped. Playwright keeps a loop running in this
    thread until the end: a test that runs a loop of its own does it in another thread."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here (make test-deps)")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def desk(chromium: Browser, country: Country, settings: Any) -> Iterator[Desk]:
    """The desk in a browser, with the invented country behind it."""
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    with served() as address:
        looking = Desk(chromium, address, country)
        try:
            yield looking
        finally:
            looking.close()
