"""Blank chips that obey a maker's own transport key: PSAMs and carriers are made of them in a reader."""

import json
from pathlib import Path

import pytest

from cli.conftest import Shebaoka
from pcsc.stack import READER_NAMES, PcscStack
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.chip.values import KEY, MASTER
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.psam.carrier.carrier import blank_carrier
from shebaoka.psam.psam import blank_psam
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.software import SoftwareVault

SECRET = {"SHEBAOKA_PASSPHRASE": "open sesame"}
PIN = {"SHEBAOKA_PIN": "314159"}
PARTS = {
    "SHEBAOKA_COMPONENT_1": "0123456789abcdeffedcba9876543210",
    "SHEBAOKA_COMPONENT_2": "5a1f00c3d2e4b596877869a5b4c3d2e1",
}
MAKERS_KEY = bytes(a ^ b for a, b in zip(*map(bytes.fromhex, PARTS.values()), strict=True))
OTHER_KEY = bytes(range(16))
FIRST = ("--reader", READER_NAMES[0])


@pytest.fixture
def ministry(tmp_path: Path, shebaoka: Shebaoka, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(SoftwareVault.create.__func__.__kwdefaults__, "work", 4)  # type: ignore[attr-defined]
    path = tmp_path / "ministry.vault"
    made = shebaoka("vault", "create", path, "--level", "nation", "--name", "示例部", **SECRET)
    assert made.code == 0, made.err
    assert shebaoka("carriers", "keys", "--vault", path, **SECRET).code == 0
    return path


def blank(kind: str, key: bytes) -> Chip:
    historical = bytes.fromhex("00810102030088980000000077")
    if kind == "psam":
        return blank_psam(MemoryStore(), historical=historical, algorithm=Algorithm.TDES, transport_key=key)
    return blank_carrier(
        MemoryStore(), kind, historical=historical, algorithm=Algorithm.SM4, transport_key=key
    )


def brought_in(shebaoka: Shebaoka, kind: str, vault: Path, *more: str) -> None:
    done = shebaoka("keys", "blanks", kind, "--vault", vault, *more, **SECRET, **PARTS)
    assert (done.code, done.err) == (0, "")
    assert not any(part in done.out.lower() for part in PARTS.values())


def test_components_become_keys_that_stay(shebaoka: Shebaoka, ministry: Path) -> None:
    brought_in(shebaoka, "psam", ministry)
    keys = json.loads(shebaoka("vault", "show", ministry, "--json", **SECRET).out)["keys"]
    held = {key["algorithm"]: key for key in keys if key["name"] == "TRANSPORT-PSAM"}
    assert held.keys() == {"SM4", "3DES"}
    assert not any(key["exportable"] for key in held.values())
    sm4 = SoftwareVault.open(ministry, "open sesame").find("TRANSPORT-PSAM", 1, Algorithm.SM4)
    expected = SoftwareCipher(Algorithm.SM4, MAKERS_KEY).encrypt(bytes(16))[:3].hex().upper()
    assert sm4.kcv == held["SM4"]["kcv"] == expected


@pytest.mark.parametrize(
    ("words", "environment", "problem"),
    [
        (("--kcv", "000000"), PARTS, "not 000000"),
        ((), PARTS | {"SHEBAOKA_COMPONENT_2": "xy"}, "component 2 is not hex"),
        ((), PARTS | {"SHEBAOKA_COMPONENT_2": PARTS["SHEBAOKA_COMPONENT_1"]}, "two components are the same"),
        ((), PARTS | {"SHEBAOKA_COMPONENT_2": "0123"}, "component 2 has 2 bytes"),
        (("-a", "DES"), PARTS, "choose 3DES or SM4"),
    ],
)
def test_wrong_components_leave_nothing(
    shebaoka: Shebaoka, ministry: Path, words: tuple[str, ...], environment: dict[str, str], problem: str
) -> None:
    before = ministry.read_bytes()
    done = shebaoka("keys", "blanks", "carrier", "--vault", ministry, *words, **SECRET, **environment)
    assert (done.code, done.out) == (2, "")
    assert problem in done.err
    assert not any(part in done.err.lower() for part in PARTS.values())
    assert ministry.read_bytes() == before


def test_a_psam_is_made_of_a_chip_in_a_reader(
    shebaoka: Shebaoka, ministry: Path, pcsc_stack: PcscStack
) -> None:
    order = ("psam", "make", "--terminal", "980100000001", "--vault", ministry, *FIRST)
    chip = blank("psam", MAKERS_KEY)
    pcsc_stack.put(chip)
    tree = {address for address in chip.state if address[0] in (KEY, MASTER)}
    refused = shebaoka(*order, **SECRET)  # the vault has none: the public test key is tried, and refused
    assert (refused.code, refused.out) == (2, "")
    assert {address for address in chip.state if address[0] in (KEY, MASTER)} == tree
    brought_in(shebaoka, "psam", ministry)
    pcsc_stack.put(blank("psam", MAKERS_KEY))
    made = shebaoka(*order, **SECRET)
    assert made.code == 0, made.err
    assert shebaoka(*order, **SECRET).code == 0  # it is this PSAM already
    loaded = shebaoka("psam", "load", "--psam-reader", READER_NAMES[0], "--vault", ministry, **SECRET)
    assert loaded.code == 0, loaded.err
    shown = shebaoka("psam", "show", "--psam-reader", READER_NAMES[0], "--json")
    assert json.loads(shown.out)["terminal number"] == "980100000001"


def test_a_carrier_is_issued_on_a_chip_in_a_reader(
    shebaoka: Shebaoka, ministry: Path, pcsc_stack: PcscStack
) -> None:
    body = ("--level", "province", "--code", "98", "--name", "示例甲省", "--serial", "9900000000000001")
    order = ("carriers", "issue", "mother", "--vault", ministry, *body, *FIRST)
    brought_in(shebaoka, "carrier", ministry, "-a", "SM4")
    brought_in(shebaoka, "carrier", ministry, "-a", "SM4", "--version", "2")
    pcsc_stack.put(blank("mother", OTHER_KEY))
    refused = shebaoka(*order, **SECRET, **PIN)
    assert (refused.code, refused.out) == (2, "")
    missing = shebaoka(*order, "--transport-version", "3", **SECRET, **PIN)
    assert "`shebaoka keys blanks carrier`" in missing.err
    pcsc_stack.put(blank("mother", MAKERS_KEY))
    issued = shebaoka(*order, "--transport-version", "2", **SECRET, **PIN)
    assert issued.code == 0, issued.err
    shown = json.loads(shebaoka("carriers", "show", *FIRST, "--json").out)
    assert (shown["state"], shown["serial"]) == ("empty", "9900000000000001")


def test_what_is_named_wrongly(shebaoka: Shebaoka, ministry: Path, tmp_path: Path) -> None:
    order = ("psam", "make", "--terminal", "980100000001", "--vault", ministry)
    assert "name the PSAM" in shebaoka(*order, **SECRET).err
    assert "name the PSAM" in shebaoka(*order, tmp_path / "x.psam", *FIRST, **SECRET).err
    assert "--seal" in shebaoka(*order, *FIRST, "--seal", **SECRET).err


def test_a_ministry_of_sm4_alone_makes_and_loads_a_psam(tmp_path: Path, shebaoka: Shebaoka) -> None:
    vault, image = tmp_path / "sm4.vault", tmp_path / "sm4.psam"
    naming = ("--level", "nation", "--name", "示例部", "--algorithm", "SM4")
    assert shebaoka("vault", "create", vault, *naming, **SECRET).code == 0
    made = shebaoka("psam", "make", image, "--terminal", "980100000007", "--vault", vault, **SECRET)
    assert (made.code, made.err) == (0, "")
    loaded = shebaoka("psam", "load", "--psam", image, "--vault", vault, **SECRET)
    assert (loaded.code, loaded.err) == (0, "")
    assert loaded.out.splitlines() == ["43 SM4 keys loaded by 示例部"]
    assert "980100000007" in shebaoka("psam", "show", "--psam", image).out
