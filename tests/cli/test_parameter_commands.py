"""``shebaoka parameters`` without a database: national defaults and what is still to be confirmed."""

import json

import pytest
from typer.testing import CliRunner

from shebaoka.cli.main import app
from shebaoka.spec.parameters import parameters


def test_every_national_default_is_listed_with_its_source() -> None:
    answer = CliRunner().invoke(app, ["parameters", "list", "--json"])
    assert answer.exit_code == 0
    rows = {row["key"]: row for row in json.loads(answer.stdout)}
    assert rows.keys() == parameters().keys()
    assert rows["incidents.secret-report-hours"]["value"] == 24
    assert rows["incidents.secret-report-hours"]["source"] == "L"


@pytest.mark.parametrize("arguments", [["open"], ["list", "--open"]])
def test_what_is_still_to_be_confirmed(arguments: list[str]) -> None:
    answer = CliRunner().invoke(app, ["parameters", *arguments, "--json"])
    assert answer.exit_code == 0
    rows = json.loads(answer.stdout)
    assert {row["source"] for row in rows} == {"K", "?"}
    assert len(rows) == sum(entry.source in "K?" for entry in parameters().values())


def test_names_are_said_in_the_language_asked_for() -> None:
    answer = CliRunner().invoke(app, ["parameters", "list", "-l", "es"], terminal_width=200)
    assert "Intervalo entre simulacros" in answer.stdout
