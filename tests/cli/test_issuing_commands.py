"""Vaults, PSAMs and cards from the command line, as a card centre makes them."""

import json
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from cli.conftest import Shebaoka

PEOPLE = Path(__file__).parents[2] / "examples" / "people"
SECRET = "test passphrase"


@pytest.fixture
def city(tmp_path: Path, shebaoka: Shebaoka, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the vaults of the ministry, an invented province and a city."""
    monkeypatch.setenv("SHEBAOKA_PASSPHRASE", SECRET)
    for name, *options in (
        ("ministry", "--level", "nation"),
        ("province", "--level", "province", "--code", "98"),
        ("city", "--level", "city", "--code", "980100"),
    ):
        assert shebaoka("vault", "create", tmp_path / f"{name}.vault", *options, "--name", name).code == 0
    for above, below in (("ministry", "province"), ("province", "city")):
        down = shebaoka("vault", "hand-down", tmp_path / f"{above}.vault", tmp_path / f"{below}.vault")
        assert down.code == 0
    return tmp_path


def make(
    shebaoka: Shebaoka, city: Path, people: str, *more: str | Path
) -> tuple[int, dict[str, object], str]:
    outcome = shebaoka(
        "cards",
        "make",
        PEOPLE / people,
        *("--mapping", PEOPLE / "mapping.toml"),
        *("--product", PEOPLE / "product-3.0-dual.toml"),
        *("--vault", city / "city.vault"),
        *("--folder", city / "batch"),
        "--json",
        *more,
    )
    return outcome.code, json.loads(outcome.out) if outcome.out else {}, outcome.err


def test_a_vault_shows_check_values_and_never_a_key(shebaoka: Shebaoka, city: Path) -> None:
    keys = json.loads(shebaoka("vault", "show", city / "city.vault", "--json").out)["keys"]
    assert {key["algorithm"] for key in keys} == {"3DES", "DES", "SM4"}
    assert all(len(key["kcv"]) == 6 for key in keys)
    assert set(keys[0]) == {
        "id", "usage", "name", "version", "algorithm", "level", "parent", "kcv", "exportable", "test_only"
    }  # fmt: skip


def test_a_city_makes_no_national_keys(shebaoka: Shebaoka, city: Path) -> None:
    before = (city / "city.vault").read_bytes()
    outcome = shebaoka("vault", "hand-down", city / "city.vault", city / "province.vault")
    assert outcome.code == 2
    assert (city / "city.vault").read_bytes() == before


def test_a_wrong_passphrase_is_one_line(shebaoka: Shebaoka, city: Path) -> None:
    outcome = shebaoka("vault", "show", city / "city.vault", SHEBAOKA_PASSPHRASE="not the one")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "not the one" not in outcome.err


def test_cards_and_a_psam_that_opens_them(shebaoka: Shebaoka, city: Path) -> None:
    code, result, _ = make(shebaoka, city, "people-gbk.csv")
    assert code == 0
    assert (result["made"], result["failed"], result["refused"]) == (3, 0, 0)
    psam = city / "one.psam"
    made = shebaoka("psam", "make", psam, "--terminal", "980100000001", "--vault", city / "ministry.vault")
    assert made.code == 0
    told = json.loads(shebaoka("psam", "show", "--psam", psam, "--json").out)
    assert told["terminal number"] == "980100000001"
    card = min((city / "batch" / "cards").iterdir())
    empty = shebaoka("card", "read", "SSSE/EF06", "--chip", card, "--psam", psam)
    assert empty.code == 2  # no key in the PSAM yet
    loaded = shebaoka("psam", "load", "--psam", psam, "--vault", city / "ministry.vault")
    assert loaded.code == 0
    read = shebaoka("card", "read", "SSSE/EF06", "--chip", card, "--psam", psam, "--json")
    assert read.code == 0
    records = json.loads(read.out)["files"]["SSSE/EF06"]["records"]
    assert records[0]["items"][0]["shown"].startswith("98")
    again = shebaoka("psam", "load", "--psam", psam, "--vault", city / "ministry.vault")
    assert again.code == 0  # loading can be repeated: keys that are there are compared


def test_bad_rows_are_reported_and_good_ones_made_once(shebaoka: Shebaoka, city: Path) -> None:
    code, checked, _ = make(shebaoka, city, "people-with-mistakes.csv", "--check-only")
    assert code == 1
    assert (checked["made"], checked["refused"]) == (0, 5)
    shutil.rmtree(city / "batch")  # a check took no numbers and noted nobody: the list can start again
    code, first, _ = make(shebaoka, city, "people-with-mistakes.csv")
    assert code == 1
    made = first["made"]
    assert (made, first["refused"]) == (3, 5)
    code, second, _ = make(shebaoka, city, "people-with-mistakes.csv")
    assert (second["made"], second["resumed"]) == (made, True)
    assert len(list((city / "batch" / "cards").iterdir())) == made


def test_a_first_generation_card_can_be_made(shebaoka: Shebaoka, city: Path) -> None:
    product = city / "product.toml"
    product.write_text('name = "old"\nlayout = "1.0"\n', "utf-8")
    people = city / "people.csv"
    people.write_text("社会保障号码,姓名,性别\n980101198503120019,李样本,1\n", "utf-8")
    mapping = city / "mapping.toml"
    columns = {"社会保障号码": "SSSE.EF06.08", "姓名": "name"}
    text = "".join(f'[columns."{name}"]\nto = "{place}"\n' for name, place in columns.items())
    mapping.write_text(text, "utf-8")
    outcome = shebaoka(
        "cards", "make", people, "-m", mapping, "-p", product, "--vault", city / "city.vault",
        "-o", city / "b",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err + outcome.out
    card = next((city / "b" / "cards").iterdir())
    assert json.loads(shebaoka("card", "show", "--chip", card, "--json").out)["generation"] == "1.0"


def test_another_list_does_not_go_into_a_batch(shebaoka: Shebaoka, city: Path) -> None:
    make(shebaoka, city, "people-gbk.csv")
    code, _, err = make(shebaoka, city, "people-with-mistakes.csv")
    assert code == 2
    assert "choose another folder" in err


def test_faces_of_a_batch_are_printed_and_those_that_must_not_are_held(
    shebaoka: Shebaoka, city: Path
) -> None:
    make(shebaoka, city, "people-gbk.csv")
    pdf = city / "faces.pdf"
    printed = shebaoka("cards", "faces", city / "batch", "-o", pdf, "--json")
    assert (printed.code, json.loads(printed.out)["printed"]) == (0, 3)
    text = "".join(page.extract_text().replace("\x00", "") for page in PdfReader(pdf).pages)
    assert "980101198503120019" in text
    before = pdf.read_bytes()
    (city / "photos").mkdir()
    held = shebaoka("cards", "faces", city / "batch", "-o", pdf, "--photos", city / "photos", "--json")
    assert held.code == 1
    assert [entry["reasons"] for entry in json.loads(held.out)["held"]] != []
    assert pdf.read_bytes() == before
    assert shebaoka("cards", "faces", city, "-o", pdf).code == 2
