"""`shebaoka keys list|rotate|activate|...` as an officer types them."""

import json
from pathlib import Path

import pytest

from cli.conftest import Shebaoka
from shebaoka.journal.verify import verify_file
from shebaoka.vault.software import SoftwareVault

SECRET = {"SHEBAOKA_PASSPHRASE": "open sesame"}
APPROVED = ("--requester", "陈一", "--approver", "李二", "--approver", "王三", "--reason", "年度轮换")


@pytest.fixture
def vault(tmp_path: Path, shebaoka: Shebaoka, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(SoftwareVault.create.__func__.__kwdefaults__, "work", 4)  # type: ignore[attr-defined]
    path = tmp_path / "ministry.vault"
    words = ("--level", "nation", "--name", "示例部", "-a", "SM4")
    assert shebaoka("vault", "create", path, *words, **SECRET).code == 0
    return path


def states(shebaoka: Shebaoka, vault: Path, name: str) -> dict[int, str]:
    told = json.loads(shebaoka("keys", "list", "--vault", vault, "--json", **SECRET).out)
    return {key["version"]: key["state"] for key in told["keys"] if key["name"] == name}


def test_the_life_of_a_version(tmp_path: Path, shebaoka: Shebaoka, vault: Path) -> None:
    chain = tmp_path / "keys.jsonl"

    def act(command: str, *words: str) -> str:
        place = ("--vault", vault, "-k", "IRK", "--journal", chain)
        done = shebaoka("keys", command, *place, *words, *APPROVED, **SECRET)
        assert done.code == 0, done.err
        return done.out

    assert "version 4 of 1 keys waits to be activated" in act("rotate")
    assert states(shebaoka, vault, "IRK")[4] == "generated"
    act("activate", "-v", "4")
    act("suspend", "-v", "2")
    act("retire", "-v", "1")
    assert states(shebaoka, vault, "IRK") == {1: "retired", 2: "suspended", 3: "active", 4: "active"}
    act("destroy", "-v", "1", "--yes")
    assert "minimum version 3 of 1 SM4 keys" in act("minimum", "-v", "3")
    listed = shebaoka("keys", "list", "--vault", vault, "-l", "zh", **SECRET).out
    assert "停用 < min" in listed
    assert "IRK v1 SM4, destroyed" in listed
    assert states(shebaoka, vault, "IRK") == {2: "suspended", 3: "active", 4: "active"}
    assert states(shebaoka, vault, "STK") == {1: "active"}
    assert len(verify_file(chain).records) == 2 * 6


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("activate", "-v", "1", *APPROVED), "is active; after that comes"),
        (("retire", "-v", "9", *APPROVED), "has no SM4 keys of version 9"),
        (("retire", "-v", "1", "-k", "NONE", *APPROVED), "--key NONE"),
        (("retire", "-v", "1", "-a", "DES", *APPROVED), "choose 3DES or SM4"),
        (("minimum", "-v", "9", *APPROVED), "has no active SM4 keys of version 9"),
        (("retire", "-v", "1", *APPROVED[:4], "--reason", "x"), "name two approvers"),
        (("retire", "-v", "1", "--requester", "李二", *APPROVED[2:]), "R-50"),
        (("rotate", "-k", "KID-01", *APPROVED), "not rotated"),
    ],
)
def test_a_refusal_changes_nothing(
    shebaoka: Shebaoka, vault: Path, words: tuple[str, ...], reason: str
) -> None:
    before = vault.read_bytes()
    refused = shebaoka("keys", words[0], "--vault", vault, *words[1:], **SECRET)
    assert refused.code != 0
    assert reason in refused.err
    assert vault.read_bytes() == before


def test_a_psam_with_two_versions(tmp_path: Path, shebaoka: Shebaoka, vault: Path) -> None:
    both = tmp_path / "both.vault"
    assert shebaoka("vault", "create", both, "--level", "nation", "--name", "示例部", **SECRET).code == 0
    for command, words in (("rotate", ()), ("activate", ("-v", "4"))):
        for suite in ("SM4", "3DES"):
            changed = ("--vault", both, "-k", "IRK", "-a", suite, *words, *APPROVED)
            assert shebaoka("keys", command, *changed, **SECRET).code == 0
    counts = []
    one = ("--key-version", "1")
    for versions in (one, (*one, "--beside", "4"), ()):
        image = tmp_path / f"psam{len(versions)}.chip"
        order = (image, "--terminal", "980100000001", "--vault", both, *versions)
        assert shebaoka("psam", "make", *order, **SECRET).code == 0
        loaded = shebaoka("psam", "load", "--vault", both, "--psam", image, **SECRET)
        assert loaded.code == 0, loaded.err
        counts.append([int(line.split()[0]) for line in loaded.out.splitlines()])
    assert [after - before for before, after in zip(*counts[:2], strict=True)] == [1, 1]
    assert counts[2] > counts[1]  # the live version, and all keys of version 1 beside it
    shown = shebaoka("psam", "show", "--psam", tmp_path / "psam0.chip").out
    assert "authentication key version 4" in shown
    assert "3DES 4/4/4, 1 beside; SM4 4/4/4, 1 beside" in shown
    for wrong, problem in (((*one, "--beside", "1"), "different numbers"), (("--beside", "4"), "is named")):
        same = ("--terminal", "980100000001", "--vault", both, *wrong)
        refused = shebaoka("psam", "make", tmp_path / "third.chip", *same, **SECRET)
        assert problem in refused.err
        assert not (tmp_path / "third.chip").exists()
