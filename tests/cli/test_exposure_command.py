"""`shebaoka keys exposure`: a lost carrier from the journals, lists and return files its users have."""

import json
import re
from pathlib import Path

import pytest

from cli.conftest import Outcome, Shebaoka
from shebaoka.vault.software import SoftwareVault

ROOT = Path(__file__).parents[2]
SECRETS = {
    "SHEBAOKA_PASSPHRASE": "open sesame",
    "SHEBAOKA_PIN": "314159",
    "SHEBAOKA_MOTHER_PIN": "271828",
    "SHEBAOKA_TRANSMISSION_PIN": "141421",
}
BODIES = {
    "nation": ("--level", "nation", "--name", "人力资源和社会保障部"),
    "98": ("--level", "province", "--code", "98", "--name", "示例甲省"),
    "99": ("--level", "province", "--code", "99", "--name", "示例乙省"),
}
MOTHER, TRANSMISSION = "9900000000000001", "9900000000000002"


@pytest.fixture
def folder(tmp_path: Path, shebaoka: Shebaoka, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ministry that exported to a province, two provinces that took keys in, and a PSAM; lists of keys."""
    monkeypatch.setitem(SoftwareVault.create.__func__.__kwdefaults__, "work", 4)  # type: ignore[attr-defined]

    def run(*arguments: str | Path) -> Outcome:
        done = shebaoka(*arguments, **SECRETS)
        assert done.code == 0, done.err
        return done

    for name, body in BODIES.items():
        run("vault", "create", tmp_path / f"{name}.vault", *body)
    ministry = tmp_path / "nation.vault"
    run("carriers", "keys", "--vault", ministry)
    for code in ("98", "99"):
        run("vault", "hand-down", ministry, tmp_path / f"{code}.vault")
    for kind, serial in (("mother", MOTHER), ("transmission", TRANSMISSION)):
        where = ("--image", tmp_path / f"{kind}.chip", "--serial", serial, "--vault", ministry)
        run("carriers", "issue", kind, *where, *BODIES["98"])
    pair = ("--mother", tmp_path / "mother.chip", "--transmission", tmp_path / "transmission.chip")
    run("carriers", "export", "--vault", ministry, *pair)
    for name in BODIES:
        (tmp_path / f"{name}.json").write_text(
            run("vault", "show", tmp_path / f"{name}.vault", "--json").out, "utf-8"
        )
    for path in tmp_path.glob("*.chip"):
        path.unlink()
    return tmp_path


def ask(shebaoka: Shebaoka, folder: Path, *lost: str) -> Outcome:
    lists = [option for name in BODIES for option in ("--vault", folder / f"{name}.json")]
    return shebaoka("keys", "exposure", *lost, "--records", folder / "nation.carried", *lists)


def test_a_lost_mother_card(shebaoka: Shebaoka, folder: Path) -> None:
    done = ask(shebaoka, folder, "--carrier", MOTHER, "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert {key["owner"] for key in told["keys"]} == {"98"}
    assert {key["hold"] for key in told["keys"]} == {"sealed"}
    listed = json.loads((folder / "98.json").read_text("utf-8"))["keys"]
    received = {key["id"]: key["kcv"] for key in listed if key["parent"] and key["usage"] != "control"}
    assert {key["id"]: key["kcv"] for key in told["keys"]} == received
    assert [(card["serial"], card["effects"]) for card in told["cards"]] == [(TRANSMISSION, ["pair"])]
    pair = json.loads(ask(shebaoka, folder, "--carrier", MOTHER, "--carrier", TRANSMISSION, "--json").out)
    assert {key["hold"] for key in pair["keys"]} == {"known"}
    assert told["disagreements"] == pair["disagreements"] == []


def test_it_is_told_in_both_languages(shebaoka: Shebaoka, folder: Path) -> None:
    english = ask(shebaoka, folder, "--carrier", MOTHER).out
    assert f"lost: mother card {MOTHER} of 示例甲省 (98)" in english
    assert re.search(r"IRK +1 +SM4 +sealed +98 *\n", english)
    chinese = ask(shebaoka, folder, "--carrier", TRANSMISSION, "-l", "zh").out
    assert "未暴露任何密钥" in chinese
    assert "传输密钥卡不含层级密钥" in chinese


def test_a_lost_vault_and_a_known_key(shebaoka: Shebaoka, folder: Path) -> None:
    told = json.loads(ask(shebaoka, folder, "--hsm", "99", "--json").out)
    assert {key["owner"] for key in told["keys"]} == {"99"}
    told = json.loads(ask(shebaoka, folder, "--key", "nation:IRK:2:SM4", "--json").out)
    assert [key["id"] for key in told["keys"]] == ["nation:IRK:2:SM4", "98:IRK:2:SM4", "99:IRK:2:SM4"]


def test_a_psam_made_and_wiped_is_in_the_journal(shebaoka: Shebaoka, folder: Path) -> None:
    psam, vault = folder / "psam.chip", folder / "nation.vault"
    made = shebaoka("psam", "make", psam, "--terminal", "980100000001", "--vault", vault, **SECRETS)
    assert made.code == 0, made.err
    loaded = shebaoka("psam", "load", "--vault", vault, "--psam", psam, **SECRETS)
    assert loaded.code == 0, loaded.err
    told = json.loads(ask(shebaoka, folder, "--psam", "980100000001", "--json").out)
    assert {key["hold"] for key in told["keys"]} == {"usable"}
    assert {"nation", "province"} <= {key["level"] for key in told["keys"]}
    assert shebaoka("psam", "wipe", "--vault", vault, "--psam", psam, "--yes", **SECRETS).code == 0
    assert json.loads(ask(shebaoka, folder, "--psam", "980100000001", "--json").out)["keys"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "say what was lost"),
        (("--carrier", "1234"), "no record names the card 1234"),
        (("--hsm", "97"), "no list names a key of 97"),
        (("--key", "x"), "no list names the key 'x'"),
        (("--hsm", "98", "-o", "affected.csv"), "--output needs --cards"),
        (("--hsm", "98", "--vault", str(ROOT / "pyproject.toml")), "pyproject.toml"),
        (("--hsm", "98", "--records", str(ROOT / "pyproject.toml")), "pyproject.toml"),
    ],
)
def test_refusals_are_one_line(
    shebaoka: Shebaoka, folder: Path, arguments: tuple[str, ...], message: str
) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    done = ask(shebaoka, folder, *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("shebaoka: ")
    assert done.err.count("\n") == 1
    assert message in done.err
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_every_place_named_by_the_page_of_the_measures_exists() -> None:
    page = ROOT / "docs/reference/m47.md"
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8"))
    assert len(links) > 30
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing == []
