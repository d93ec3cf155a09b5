"""`shebaoka carriers` and `shebaoka psam wipe`: keys from the ministry to a province, by its custodians."""

import json
from pathlib import Path

import pytest

from cli.conftest import Shebaoka
from pcsc.stack import READER_NAMES, PcscStack
from shebaoka.reader.images import open_chip
from shebaoka.vault.software import SoftwareVault

SECRET = {"SHEBAOKA_PASSPHRASE": "open sesame"}
PINS = {"SHEBAOKA_PIN": "314159", "SHEBAOKA_MOTHER_PIN": "271828", "SHEBAOKA_TRANSMISSION_PIN": "141421"}
ENVIRONMENT = SECRET | PINS
PROVINCE = ("--level", "province", "--code", "98", "--name", "示例甲省")


@pytest.fixture
def vaults(tmp_path: Path, shebaoka: Shebaoka, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.setitem(SoftwareVault.create.__func__.__kwdefaults__, "work", 4)  # type: ignore[attr-defined]
    ministry, province = tmp_path / "ministry.vault", tmp_path / "province.vault"
    for path, body in (
        (ministry, ("--level", "nation", "--name", "人力资源和社会保障部")),
        (province, PROVINCE),
    ):
        made = shebaoka("vault", "create", path, *body, "-a", "SM4", **SECRET)
        assert made.code == 0, made.err
    assert "MCK" in shebaoka("carriers", "keys", "--vault", ministry, **SECRET).out
    return ministry, province


def issued(shebaoka: Shebaoka, ministry: Path, folder: Path) -> dict[str, Path]:
    cards = {}
    kinds = (("master-control", "PIN"), ("mother", "MOTHER_PIN"), ("transmission", "TRANSMISSION_PIN"))
    for number, (kind, secret) in enumerate(kinds):
        cards[kind] = folder / f"{kind}.chip"
        serial = f"990000000000000{number}"
        where = ("--image", cards[kind], "--vault", ministry, "--serial", serial, "--seal", f"S-{number}")
        environment = SECRET | {"SHEBAOKA_PIN": PINS[f"SHEBAOKA_{secret}"]}
        done = shebaoka("carriers", "issue", kind, *where, *PROVINCE, **environment)
        assert (done.code, done.err) == (0, "")
        assert done.out == f"{kind} card {serial} of 示例甲省 (98): issued by 人力资源和社会保障部, 3 uses\n"
    return cards


def test_keys_travel(shebaoka: Shebaoka, vaults: tuple[Path, Path], tmp_path: Path) -> None:
    ministry, province = vaults
    cards = issued(shebaoka, ministry, tmp_path)
    pair = ("--mother", cards["mother"], "--transmission", cards["transmission"])
    done = shebaoka("carriers", "export", "--vault", ministry, *pair, "--json", **ENVIRONMENT)
    assert done.code == 0, done.err
    exported = json.loads(done.out)
    again = shebaoka("carriers", "export", "--vault", ministry, *pair, "--json", **ENVIRONMENT)
    assert json.loads(again.out) == exported
    early = shebaoka("carriers", "import", "--vault", province, *pair, **ENVIRONMENT)
    assert early.code == 2
    assert "load it from the master control card first" in early.err
    card = ("--image", cards["master-control"])
    facts = json.loads(shebaoka("carriers", "show", *card, "--json").out)
    wrong = shebaoka("carriers", "control", "--vault", province, *card, "--kcv", "123456", **ENVIRONMENT)
    assert wrong.code == 2
    kcv = ("--kcv", facts["control_kcv"])
    loaded = shebaoka("carriers", "control", "--vault", province, *card, *kcv, **ENVIRONMENT)
    assert (loaded.code, facts["control_kcv"] in loaded.out) == (0, True)
    taken = shebaoka("carriers", "import", "--vault", province, *pair, "--json", **ENVIRONMENT)
    assert taken.code == 0, taken.err
    result = json.loads(taken.out)
    assert (result["reference"], len(result["keys"])) == (exported["reference"], exported["keys"])
    assert result["uses_left"] == {"mother": 2, "transmission": 2}
    shown = json.loads(shebaoka("vault", "show", province, "--json", **SECRET).out)
    assert {key["name"] for key in result["keys"]} < {key["name"] for key in shown["keys"]}


def test_show(shebaoka: Shebaoka, vaults: tuple[Path, Path], tmp_path: Path) -> None:
    cards = issued(shebaoka, vaults[0], tmp_path)
    facts = json.loads(shebaoka("carriers", "show", "--image", cards["mother"], "--json").out)
    assert (facts["kind"], facts["state"], facts["seal"], facts["test_only"]) == (
        "mother",
        "empty",
        "S-1",
        True,
    )
    card = ("--image", cards["master-control"])
    assert shebaoka("carriers", "control", "--vault", vaults[1], *card, **ENVIRONMENT).code == 0
    told = shebaoka("carriers", "show", *card).out
    assert "uses left      2" in told
    assert "control key" in told.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["show"], "name the carrier: --image FILE"),
        (["show", "--image", "a", "--reader", "0"], "name the carrier"),
        (["show", "--image", "missing.chip"], "missing.chip: cannot be read"),
        (["keys", "--vault", "missing.vault"], "missing.vault: cannot be read"),
    ],
)
def test_one_clear_line(shebaoka: Shebaoka, arguments: list[str], problem: str) -> None:
    done = shebaoka("carriers", *arguments, **ENVIRONMENT)
    assert done.code == 2
    assert done.err.startswith(f"shebaoka: {problem}")
    assert done.err.count("\n") == 1


def test_pin_and_erasure(shebaoka: Shebaoka, vaults: tuple[Path, Path], tmp_path: Path) -> None:
    ministry, province = vaults
    card = issued(shebaoka, ministry, tmp_path)["master-control"]
    own = ("--image", card)
    assert shebaoka("carriers", "pin", *own, **SECRET, SHEBAOKA_PIN="999999", SHEBAOKA_NEW_PIN="1").code == 2
    new = {"SHEBAOKA_NEW_PIN": "868686"}
    done = shebaoka("carriers", "pin", *own, **PINS, **new)
    assert (done.code, "PIN changed" in done.out) == (0, True)
    for secret in ("314159", "868686"):
        assert secret not in done.out + done.err
    old = shebaoka("carriers", "control", "--vault", province, *own, **ENVIRONMENT)
    assert "wrong; 2 tries left" in old.err
    refused = shebaoka("carriers", "erase", "--vault", province, *own, **ENVIRONMENT)
    assert "only 人力资源和社会保障部 can erase it" in refused.err
    assert shebaoka("carriers", "erase", "--vault", ministry, *own, **ENVIRONMENT).code == 0
    assert json.loads(shebaoka("carriers", "show", *own, "--json").out)["state"] == "blank"


def test_in_readers(
    shebaoka: Shebaoka, vaults: tuple[Path, Path], tmp_path: Path, pcsc_stack: PcscStack
) -> None:
    ministry, _ = vaults
    cards = issued(shebaoka, ministry, tmp_path)
    pcsc_stack.put(open_chip(cards["mother"]), open_chip(cards["transmission"]))
    pair = ("--mother-reader", READER_NAMES[0], "--transmission-reader", READER_NAMES[1])
    done = shebaoka("carriers", "export", "--vault", ministry, *pair, "-k", "ADF-MK", **ENVIRONMENT)
    assert done.code == 0, done.err
    assert done.out.startswith("1 keys for 示例甲省")
    shown = shebaoka("carriers", "show", "--reader", READER_NAMES[0], "--json", **ENVIRONMENT)
    assert json.loads(shown.out)["state"] == "complete"
    bad = shebaoka("carriers", "export", "--vault", ministry, *pair, "-k", "NOPE", **ENVIRONMENT)
    assert "has no such key" in bad.err


def test_the_end_of_a_psam(shebaoka: Shebaoka, vaults: tuple[Path, Path], tmp_path: Path) -> None:
    _, province = vaults
    full = tmp_path / "full.vault"
    body = ("--level", "nation", "--name", "人力资源和社会保障部")
    assert shebaoka("vault", "create", full, *body, **SECRET).code == 0
    psam = tmp_path / "psam.chip"
    terminal = ("--terminal", "980100000001", "--vault", full)
    made = shebaoka("psam", "make", psam, *terminal, **SECRET)
    assert made.code == 0, made.err
    where = ("--psam", psam)
    assert shebaoka("psam", "load", "--vault", full, *where, **SECRET).code == 0
    lacking = shebaoka("psam", "wipe", "--vault", province, *where, "--yes", **SECRET)
    assert "holds no KID-02" in lacking.err
    for _ in range(2):
        done = shebaoka("psam", "wipe", "--vault", full, *where, "--yes", **SECRET)
        assert (done.code, done.out.split(":")[0]) == (0, "PSAM 980100000001")
    after = shebaoka("psam", "load", "--vault", full, *where, **SECRET)
    assert (after.code, "6A88" in after.err) == (2, True)
    assert "980100000001" in shebaoka("psam", "show", *where).out
