"""``shebaoka doctor`` and vaults named in the settings."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from shebaoka.cli.main import app
from vault.backends.benches import Libraries
from vault.conftest import libraries  # noqa: F401 - a fixture
from vault.pkcs11 import softhsm

CITY = ["--level", "city", "--code", "980100", "--name", "示例甲市"]


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def checks(result: Result) -> dict[str, dict[str, str]]:
    return {check["what"]: check for check in json.loads(result.stdout)["checks"]}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SHEBAOKA_SETTINGS", raising=False)
    return tmp_path


def test_without_settings(place: Path) -> None:
    result = run("doctor", "--json")
    found = checks(result)
    assert result.exit_code == 0
    assert found["OpenSSL: SM4, 3DES"]["state"] == found["Python"]["state"] == "ok"
    assert found["fonts"]["state"] == found["libraries"]["state"] == "ok"
    assert found["settings"]["state"] == "missing"
    assert "What works here" in run("doctor").stdout


def test_what_is_configured_and_does_not_work(place: Path) -> None:
    (place / "shebaoka.toml").write_text(
        '[vaults.a]\nbackend = "software"\npath = "a.vault"\n'
        '[vaults.b]\nbackend = "pkcs11"\npath = "b"\nlibrary = "./no.so"\ntoken = "t"\n'
        '[vaults.c]\nbackend = "sdf"\npath = "c"\nlibrary = "./no.so"\n',
        "utf-8",
    )
    result = run("doctor", "--json")
    found = checks(result)
    assert result.exit_code == 1
    assert (found["vault a"]["state"], found["vault a"]["note"]) == (
        "missing",
        "a.vault: make it with `shebaoka vault create a`",
    )
    assert found["vault b: PKCS#11 library"]["state"] == "broken"
    assert found["vault c: SDF library"]["state"] == "broken"
    (place / "shebaoka.toml").write_text("mode = 3", "utf-8")
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert "shebaoka.toml" in checks(result)["settings"]["note"]


def test_a_token_vault_from_making_to_reading(
    place: Path,
    libraries: Libraries,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CITY_PIN", softhsm.PIN)
    head = f'[vaults.city]\nbackend = "pkcs11"\npath = "city.register"\nlibrary = "{libraries.softhsm()}"\n'
    tail = 'mechanisms = "softhsm"\nsecret = "env:CITY_PIN"\n'
    settings = place / "shebaoka.toml"
    settings.write_text(f'{head}token = "nobody"\n{tail}', "utf-8")
    found = checks(run("doctor", "--json"))
    assert (
        "no token is labelled nobody; labels present: full, other, pins, suite, vendor"
        in (found["vault city: token"]["note"])
    )
    settings.write_text(f'{head}token = "suite"\n{tail}', "utf-8")
    made = run("vault", "create", "city", *CITY, "--empty")
    assert made.exit_code == 0, made.output
    result = run("doctor", "--json")
    assert result.exit_code == 0, result.stdout
    assert checks(result)["vault city: mechanisms"]["note"] == "3DES, DES; batch and strict"
    shown = json.loads(run("vault", "show", "city", "--json").stdout)
    assert shown == {"owner": {"level": "city", "code": "980100", "name": "示例甲市"}, "keys": []}
    monkeypatch.setenv("CITY_PIN", "swordfish")
    refused = run("vault", "show", "city")
    assert "wrong PIN" in str(refused.exception)
    assert "swordfish" not in str(refused.exception)
