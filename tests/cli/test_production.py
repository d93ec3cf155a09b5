"""Commands in a deployment marked production: what opens, what is refused, what doctor says of the gate."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from cli.conftest import FIXTURES, Shebaoka
from shebaoka.vault.model import Level
from shebaoka.vault.software import SoftwareVault
from vault.backends.benches import Libraries
from vault.conftest import libraries  # noqa: F401 - a fixture
from vault.deployments import AUTHORIZATION, Deployment, deployed
from vault.support import CITY

CEREMONIES = FIXTURES.parent / "ceremonies"
MAKE = ("vault", "create", "city", "--level", Level.CITY, "--code", CITY.code, "--name", CITY.name)


@pytest.fixture
def place(
    tmp_path: Path,
    libraries: Libraries,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> Deployment:
    """A production deployment over a device, and the current folder in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SHEBAOKA_SETTINGS", raising=False)
    return deployed(tmp_path, "sdf", libraries, monkeypatch)


def gate_line(shebaoka: Shebaoka) -> tuple[int, str, str]:
    outcome = shebaoka("doctor", "--json")
    (line,) = (check for check in json.loads(outcome.out)["checks"] if check["what"] == "vault city: gate")
    return outcome.code, line["state"], line["note"]


def expiring(days: int) -> str:
    return AUTHORIZATION.replace("2028-12-31", str(date.today() + timedelta(days)))


def test_an_authorized_vault_works_and_doctor_says_so(
    place: Deployment,
    libraries: Libraries,  # noqa: F811 - the fixture
    shebaoka: Shebaoka,
) -> None:
    made = shebaoka(*MAKE)
    assert (made.code, made.err) == (0, "")
    keys = json.loads(shebaoka("vault", "show", "city", "--json").out)["keys"]
    assert keys
    assert not any(key["test_only"] for key in keys)
    code, state, note = gate_line(shebaoka)
    assert (code, state) == (0, "ok")
    authorized = place.authorized
    assert authorized is not None
    for said in (authorized.digest, "until 2028-12-31", "EX00000000000007", "GM000000000"):
        assert said in note
    place.write(libraries, authorization=expiring(30))
    shown = shebaoka("vault", "show", "city")
    assert shown.code == 0
    assert shown.err.startswith(
        "shebaoka: warning: vault city: certificate GM000000000 of its device expires"
    )
    assert gate_line(shebaoka)[:2] == (0, "warning")
    place.write(libraries, authorization=expiring(-1))
    refused = shebaoka("vault", "show", "city")
    assert (refused.code, refused.out) == (2, "")
    assert "refused in production: certificate GM000000000 expired on" in refused.err
    code, state, note = gate_line(shebaoka)
    assert (code, state) == (1, "broken")
    assert "expired on" in note
    place.write(libraries, mode="test")
    assert gate_line(shebaoka)[1:] == ("ok", "a test deployment: its keys are TEST_ONLY")


def test_everything_simulated_is_refused(
    place: Deployment,
    libraries: Libraries,  # noqa: F811 - the fixture
    shebaoka: Shebaoka,
) -> None:
    place.write(libraries, mode="test")
    card, psam = Path("card.chip"), Path("psam.chip")
    assert shebaoka("chip", "build", FIXTURES / "card-2.0-sm4.toml", "-o", card).code == 0
    assert shebaoka("chip", "build", FIXTURES / "psam-sm4.toml", "-o", psam).code == 0
    SoftwareVault.create(Path("file.vault"), "open sesame", CITY, work=2)
    place.write(libraries, mode="production")
    assert shebaoka(*MAKE).code == 0
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    carrier = (
        "--level",
        Level.CITY,
        "--code",
        CITY.code,
        "--name",
        CITY.name,
        "--serial",
        "9900000000000001",
    )
    people = FIXTURES.parent / "people"
    cards = (people / "people.xlsx", "-m", people / "mapping.toml", "-p", people / "product-3.0-dual.toml")
    city = ("--vault", "city")
    answers = ("--transcript", "t.jsonl", "--answers", CEREMONIES / "rehearsal.toml", "--letters", "letters")
    for words in (
        ("demo", "-o", "demo"),
        ("demo", "serve", "-o", "demo"),
        ("demo", "code", "DEMO-N10", "-o", "demo"),
        ("chip", "build", FIXTURES / "card-2.0-sm4.toml", "-o", "new.chip"),
        ("card", "show", "--chip", card),
        ("card", "show", "--reader", "0", "--psam", psam),
        ("psam", "show", "--psam", psam),
        ("psam", "make", "new.psam", "--terminal", "980100000001", *city),
        ("psam", "load", "--psam", psam, *city),
        ("carriers", "show", "--image", psam),
        ("carriers", "issue", "mother", *city, *carrier, "--image", "new.mother"),
        ("carriers", "control", *city, "--image", psam),
        ("cards", "make", *cards, *city, "-o", "batch"),
        ("keys", "ceremony", CEREMONIES / "city-keys.toml", *city, *answers),
        ("vault", "show", "file.vault"),
        ("vault", "create", "new.vault", "--level", "city", "--code", "980100", "--name", "x"),
        ("keys", "export-block", "file.vault", "IRK", "-o", "block", "--components", "2"),
        ("keys", "ceremony", CEREMONIES / "city-keys.toml", "--vault", "file.vault", *answers),
        ("keys", "close", "t.jsonl", "--vault", "file.vault"),
    ):
        outcome = shebaoka(*words, SHEBAOKA_PASSPHRASE="open sesame", SHEBAOKA_PIN="123456")
        assert outcome.code == 2, words
        assert outcome.out == ""
        if words[2:4] != ("--reader", "0"):  # without a PC/SC service the reader is what is missing
            assert "production" in outcome.err, words
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_an_authorization_that_is_not_there(place: Deployment, shebaoka: Shebaoka) -> None:
    Path("hsm.toml").unlink()
    outcome = shebaoka(*MAKE)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert outcome.err.startswith("shebaoka: hsm.toml: cannot be read")
    settings = Path("shebaoka.toml")
    settings.write_text(settings.read_text("utf-8").replace('authorization = "hsm.toml"\n', ""), "utf-8")
    outcome = shebaoka(*MAKE)
    assert outcome.code == 2
    assert "no authorization of its device is given" in outcome.err
    assert not Path("city.keys").exists()
    assert place.settings.authorization_of("city") is None
