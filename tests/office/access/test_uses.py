"""What the card can do: every row leads to a page or a command that exists, in each language."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve
from typer.main import get_command

from office.access.test_portal import text
from office.country import Country
from shebaoka.cli.main import app
from shebaoka.domain.card_secrets import password_required, secrets
from shebaoka.office.portal.uses import LANGUAGES, default_rules, tries, uses_page, write_uses

DOCS = Path(__file__).parents[3] / "docs"
PAGES = [(name, each.page) for name, each in tries().items() if each.page]
COMMANDS = [(name, each.command) for name, each in tries().items() if each.command]


def test_every_use_has_a_row() -> None:
    assert tries().keys() == secrets().uses.keys()


def test_the_pages_exist(country: Country) -> None:
    for use, page in PAGES:
        resolve(urlsplit(page).path)
        if "use=" in page:
            assert page == f"/?use={use}"
    for page in {page for _, page in PAGES}:
        assert Client().get(page).status_code in {200, 302}, page


@pytest.mark.parametrize(("use", "command"), COMMANDS)
def test_the_command_exists(use: str, command: str) -> None:
    first, *rest = command.split()
    assert first == "shebaoka"
    found, options = get_command(app), set()
    while rest and hasattr(found, "commands"):
        found = found.commands[rest.pop(0)]
        options = {name for each in found.params for name in getattr(each, "opts", ())}
    assert not hasattr(found, "commands")
    assert {each for each in rest if each.startswith("--")} <= options


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_docs_are_as_the_data_say(language: str, tmp_path: Path) -> None:
    write_uses(tmp_path)
    name = f"card-uses.{language}.md"
    assert (DOCS / name).read_text("utf-8") == (tmp_path / name).read_text("utf-8")
    assert f"docs/{name}" in (DOCS.parent / "README.md").read_text("utf-8")


def test_the_secret_of_a_row_is_that_of_the_answer() -> None:
    page = uses_page("en", default_rules())
    for name, use in secrets().uses.items():
        row = re.search(rf"^\| {re.escape(use.name.en)} \|.*$", page, re.MULTILINE)
        assert row is not None
        answer = password_required(name, default_rules())
        if answer.secret is not None and answer.needed != "refused":
            named = secrets().secrets[answer.secret].name.en
            assert named in row[0] or answer.needed == "no"


@pytest.mark.parametrize("language", ["zh-hans", "en", "es"])
def test_the_portal_shows_the_same(country: Country, language: str) -> None:
    page = text(Client(headers={"accept-language": language}).get("/uses", {"region": "980100"}))
    for name, use in secrets().uses.items():
        assert {"zh-hans": use.name.zh, "en": use.name.en, "es": use.name.es}[language] in page
        assert (tries()[name].page or tries()[name].command) in page
