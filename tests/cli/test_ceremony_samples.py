"""``shebaoka keys ceremony`` with sample cards in PC/SC readers, with none, and with simulated ones."""

import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from cli.conftest import Shebaoka
from cli.test_ceremony_commands import PASSPHRASE, PROVINCE, REHEARSAL, vault_of
from pcsc.stack import READER_NAMES, PcscStack
from shebaoka.card.card import blank_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.spec.algorithm import Algorithm
from vault.backends.benches import Libraries
from vault.conftest import libraries  # noqa: F401 - a fixture
from vault.deployments import deployed

SECRET = {"SHEBAOKA_PASSPHRASE": PASSPHRASE}
PARTS = {
    "SHEBAOKA_COMPONENT_1": "0123456789abcdeffedcba9876543210",
    "SHEBAOKA_COMPONENT_2": "5a1f00c3d2e4b596877869a5b4c3d2e1",
}
MAKERS_KEY = bytes(a ^ b for a, b in zip(*map(bytes.fromhex, PARTS.values()), strict=True))
BOTH = ("--sample-3des", READER_NAMES[0], "--sample-sm4", READER_NAMES[1])


def order(folder: Path, vault: Path, *more: str | Path) -> tuple[str | Path, ...]:
    """A ceremony of a province whose keys are for both ciphers."""
    script = folder / "both.toml"
    more_keys = '\n[[keys]]\nsuite = "3DES"\nnames = ["BK", "PUK"]\nsource = "device"\n'
    script.write_text(PROVINCE.read_text("utf-8") + more_keys, "utf-8")
    files = ("--transcript", folder / "t.jsonl", "--pdf", folder / "t.pdf", "--answers", REHEARSAL)
    return ("keys", "ceremony", script, "--vault", vault, *files, *more)


def sample_record(folder: Path) -> dict[str, object]:
    lines = (folder / "t.jsonl").read_text("utf-8").splitlines()
    return next(record["data"] for record in map(json.loads, lines) if record["data"].get("name") == "sample")


def paper(folder: Path) -> str:
    text = "".join(page.extract_text() for page in PdfReader(folder / "t.pdf").pages)
    return " ".join(text.replace("\0", "").split())


def blank(suite: Algorithm, number: int) -> Chip:
    historical = bytes.fromhex("008154300186988053010299") + bytes((number,))
    return blank_card(MemoryStore(), historical=historical, algorithm=suite, transport_key=MAKERS_KEY)


def test_sample_cards_in_readers(shebaoka: Shebaoka, tmp_path: Path, pcsc_stack: PcscStack) -> None:
    vault = vault_of(PROVINCE, tmp_path)
    chips = blank(Algorithm.TDES, 1), blank(Algorithm.SM4, 2)
    before = [dict(chip.state) for chip in chips]
    pcsc_stack.put(*chips)
    early = shebaoka(*order(tmp_path, vault, *BOTH), **SECRET)
    assert early.code == 2
    assert "`shebaoka keys blanks card`" in early.err
    assert not (tmp_path / "t.jsonl").exists()
    assert shebaoka("keys", "blanks", "card", "--vault", vault, **SECRET, **PARTS).code == 0
    held = shebaoka(*order(tmp_path, vault, *BOTH), **SECRET)
    assert held.code == 0, held.err
    assert [dict(chip.state) for chip in chips] == before
    record = sample_record(tmp_path)
    assert record["kind"] == "card"
    cards = {card["cipher"]: card["number"] for card in record["cards"]}  # type: ignore[attr-defined]
    assert cards == {"3DES": "8698805301029901", "SM4": "8698805301029902"}
    assert "8698805301029901" in held.out
    assert "SIMULATED" not in paper(tmp_path) + held.out


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ((), "simulated", "SIMULATED"),
        (("--no-sample", "blanks arrive in May"), "none", "blanks arrive in May"),
    ],
)
def test_without_sample_cards(
    shebaoka: Shebaoka, tmp_path: Path, words: tuple[str, ...], kind: str, said: str
) -> None:
    held = shebaoka(*order(tmp_path, vault_of(PROVINCE, tmp_path), *words), **SECRET)
    assert held.code == 0, held.err
    assert sample_record(tmp_path)["kind"] == kind
    assert said in held.out
    assert said in paper(tmp_path)


def test_an_empty_reader_aborts_and_leaves_nothing(
    shebaoka: Shebaoka, tmp_path: Path, pcsc_stack: PcscStack
) -> None:
    vault = vault_of(PROVINCE, tmp_path)
    assert shebaoka("keys", "blanks", "card", "--vault", vault, **SECRET, **PARTS).code == 0
    before = vault.read_bytes()
    pcsc_stack.put(blank(Algorithm.TDES, 1))
    refused = shebaoka(
        *order(tmp_path, vault, "--sample-3des", READER_NAMES[0], "--sample-sm4", "99"), **SECRET
    )
    assert refused.code == 2
    assert "aborted at step" in refused.err
    assert "test with a sample card" in refused.err
    assert vault.read_bytes() == before


@pytest.mark.parametrize("words", [("--no-sample", " "), ("--no-sample", "x", "--sample-sm4", "0")])
def test_what_contradicts_itself(shebaoka: Shebaoka, tmp_path: Path, words: tuple[str, ...]) -> None:
    vault = vault_of(PROVINCE, tmp_path)
    before = vault.read_bytes()
    refused = shebaoka(*order(tmp_path, vault, *words), **SECRET)
    assert (refused.code, refused.out) == (2, "")
    assert not (tmp_path / "t.jsonl").exists()
    assert vault.read_bytes() == before


def test_production_wants_a_card_or_a_reason(
    shebaoka: Shebaoka,
    tmp_path: Path,
    libraries: Libraries,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SHEBAOKA_SETTINGS", raising=False)
    deployed(tmp_path, "sdf", libraries, monkeypatch)
    city = (
        "keys",
        "ceremony",
        PROVINCE.with_name("city-keys.toml"),
        "--vault",
        "city",
        "--transcript",
        "t.jsonl",
    )
    monkeypatch.setattr("shebaoka.cli.ceremony_room.Terminal.__init__", lambda self, language: None)
    refused = shebaoka(*city)
    assert (refused.code, refused.out) == (2, "")
    assert "the sample card without --sample-3des, --sample-sm4 or --no-sample: simulated" in refused.err
    assert not (tmp_path / "t.jsonl").exists()
