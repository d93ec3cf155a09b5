"""keys export-block and import-block, on the command line."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.key_blocks import add_commands
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.block_usages import KEY_BLOCK_PROTECTION
from shebaoka.vault.model import MINISTRY, Body, KeyDefinition, Level, VaultError
from shebaoka.vault.software import SoftwareVault

PROVINCE = Body(Level.PROVINCE, "98", "示例甲省")
WORK = 4
COMPONENTS = ("00112233445566778899AABBCCDDEEFF", "3C6EF372A54FF53A510E527F9B05688C")

app = typer.Typer()
add_commands(app)


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEBAOKA_PASSPHRASE", "open sesame")
    for number, component in enumerate(COMPONENTS, 1):
        monkeypatch.setenv(f"SHEBAOKA_COMPONENT_{number}", component)


def made(path: Path, owner: Body) -> SoftwareVault:
    vault = SoftwareVault.create(path, "open sesame", owner, work=WORK)
    scope = Scope(owner.level.value)
    kbpk = KeyDefinition("KBPK-01", KEY_BLOCK_PROTECTION, Algorithm.TDES, scope=scope, exportable=False)
    vault.generate_from_components(kbpk, [bytes.fromhex(part) for part in COMPONENTS])
    if owner is MINISTRY:
        vault.generate(KeyDefinition("STK", "maintenance", Algorithm.DES, scope=Scope.NATION))
        vault.generate(KeyDefinition("IRK", "internal-authentication", Algorithm.SM4, scope=Scope.NATION))
    vault.save()
    return vault


def run(*words: str | Path) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_a_sub_key_to_the_province_under_a_key_of_the_vault(tmp_path: Path) -> None:
    above, below, block = tmp_path / "above", tmp_path / "below", tmp_path / "block"
    made(above, MINISTRY)
    made(below, PROVINCE)
    said = run("export-block", above, "STK", "-o", block, "--protection", "KBPK-01", "--to", "98")
    assert said == f"{block}: STK v1 DES, block of version B\n"
    said = run("import-block", below, block, "--protection", "KBPK-01:1")
    handle = SoftwareVault.open(below, "open sesame").find("STK")
    assert said == f"{below}: STK v1 DES, check value {handle.kcv}\n"
    assert handle.owner == PROVINCE
    with pytest.raises(UsageProblem, match="exists already"):
        run("export-block", above, "STK", "-o", block, "--protection", "KBPK-01")


def test_a_root_to_another_hsm_under_aes_components(tmp_path: Path) -> None:
    first, second, block = tmp_path / "first", tmp_path / "second", tmp_path / "block"
    made(first, MINISTRY)
    made(second, Body(Level.NATION, "", "部")).discard()
    said = run("export-block", first, "IRK:1", "-a", "SM4", "-o", block, "--components", "2")
    assert "protection key: check value " in said
    assert "block of version D" in said
    run("import-block", second, block, "--components", "2")
    ours = SoftwareVault.open(first, "open sesame").find("IRK", 1, Algorithm.SM4)
    assert SoftwareVault.open(second, "open sesame").find("IRK", 1, Algorithm.SM4).kcv == ours.kcv
    for text in (said, block.read_text("ascii")):
        for component in COMPONENTS:
            assert component not in text


def test_refusals_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, block = tmp_path / "vault", tmp_path / "block"
    made(path, MINISTRY)
    before = path.read_bytes()
    export = ("export-block", path, "STK", "-o", block)
    for words, reason in [
        (export, "say what protects the block"),
        ((*export, "--components", "2", "--protection", "KBPK-01"), "say what protects the block"),
        ((*export, "--protection", "ABSENT"), "holds no ABSENT"),
        ((*export, "--protection", "KBPK-01:x"), "write NAME or NAME:VERSION"),
        ((*export, "--protection", "KBPK-01", "-a", "AES"), "choose 3DES, DES or SM4"),
        ((*export, "--protection", "STK"), "does not protect key blocks"),
        ((*export, "--protection", "KBPK-01", "--to", "9"), "has six digits|has 6 digits"),
    ]:
        with pytest.raises((UsageProblem, VaultError), match=reason):
            run(*words)
        assert not block.exists()
    block.write_bytes(b"D0000\xff garbage")
    with pytest.raises(VaultError, match="key block, block: character 6"):
        run("import-block", path, block, "--components", "2")
    for value, reason in [("00", "32, 48 or 64 hex digits"), ("xy", "component 2 is not hex")]:
        monkeypatch.setenv("SHEBAOKA_COMPONENT_2", value)
        with pytest.raises(UsageProblem, match=reason) as caught:
            run("import-block", path, block, "--components", "2")
        assert COMPONENTS[0] not in str(caught.value)
    monkeypatch.setenv("SHEBAOKA_COMPONENT_2", COMPONENTS[0])
    with pytest.raises(UsageProblem, match="two components are the same"):
        run("import-block", path, block, "--components", "2")
    assert path.read_bytes() == before
