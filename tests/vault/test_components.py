"""A key from components inside the vault: what it refuses whatever was asked, and what it forgets."""

from pathlib import Path

import pytest

from shebaoka.vault.ceremony.script import read_script
from shebaoka.vault.ceremony.selection import planned_keys
from shebaoka.vault.model import MINISTRY, HierarchyError, KeyDefinition, VaultError
from shebaoka.vault.software import SoftwareVault
from vault.ceremony.room import PASSPHRASE, script_text
from vault.support import CITY


@pytest.fixture
def vault() -> SoftwareVault:
    return SoftwareVault.create(None, PASSPHRASE, MINISTRY)


@pytest.mark.parametrize(
    ("suite", "components", "said"),
    [
        ("SM4", ["00112233445566778899AABBCCDDEEFF"], "at least 2 components"),
        ("SM4", ["00112233445566778899AABBCCDDEEFF", "0011"], "component 2 has 2 bytes"),
        ("SM4", ["00112233445566778899AABBCCDDEEFF"] * 2, "the same"),
        ("SM4", ["00112233445566778899AABBCCDDEEFF", "00" * 16], "one byte repeated"),
        (
            "SM4",
            ["00112233445566778899AABBCCDDEEFF", "FFEEDDCCBBAA99887766554433221100"],
            "weak key",
        ),
        (
            "3DES",
            ["00112233445566778899AABBCCDDEEFF", "8899AABBCCDDEEFE0011223344556677"],
            "weak key",
        ),
        (
            "3DES",
            ["00112233445566778899AABBCCDDEEFF", "01102332455467768998ABBACDDCEFFE"],
            "weak key",
        ),
    ],
)
def test_bad_components_make_no_key(
    vault: SoftwareVault, tmp_path: Path, suite: str, components: list[str], said: str
) -> None:
    definition = _definition(tmp_path, suite)
    with pytest.raises(VaultError, match=said) as refused:
        vault.generate_from_components(definition, [bytes.fromhex(part) for part in components])
    assert not any(part.lower() in str(refused.value).lower() for part in components)
    assert vault.handles() == ()


def test_only_the_body_of_the_level_makes_it(tmp_path: Path) -> None:
    city = SoftwareVault.create(None, PASSPHRASE, CITY)
    with pytest.raises(HierarchyError, match="R-24"):
        city.generate_from_components(_definition(tmp_path, "SM4"), [bytes(range(16)), bytes(range(1, 17))])


def test_discard_goes_back_to_what_was_saved(vault: SoftwareVault, tmp_path: Path) -> None:
    sm4, tdes = _definition(tmp_path, "SM4"), _definition(tmp_path, "3DES")
    kept = vault.generate(sm4)
    vault.save()
    lost = vault.generate(tdes)
    vault.discard()
    assert vault.handles() == (kept,)
    with pytest.raises(VaultError):
        vault.cipher(lost)
    assert vault.generate(tdes).kcv != lost.kcv


def _definition(folder: Path, suite: str) -> KeyDefinition:
    path = folder / f"{suite}.toml"
    path.write_text(script_text().replace('"SM4"', f'"{suite}"'), "utf-8")
    return planned_keys(read_script(path))[0].definition
