from pathlib import Path

import pytest

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.backends import create_vault, open_vault
from shebaoka.vault.model import KeyDefinition, Mode, VaultError
from shebaoka.vault.pkcs11.modes import Modes
from shebaoka.vault.settings import find_settings, read_settings, secret_of
from vault.backends.benches import Libraries
from vault.pkcs11 import softhsm
from vault.support import CITY, PROVINCE

OWNER = f'owner = {{ level = "city", code = "{CITY.code}", name = "{CITY.name}" }}\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "shebaoka.toml"
    path.write_text(text, "utf-8")
    return path


def unasked(prompt: str) -> str:
    raise AssertionError(f"asked for {prompt}")


def test_a_software_vault_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITY_SECRET", "open sesame")
    text = (
        f'[vaults.city]\nbackend = "software"\npath = "keys/city.vault"\nsecret = "env:CITY_SECRET"\n{OWNER}'
    )
    settings = read_settings(write(tmp_path, text))
    assert settings.mode == "test"
    (tmp_path / "keys").mkdir()
    vault = create_vault(settings, "city", unasked)
    handle = vault.generate(KeyDefinition("UKLOCAL", "update", Algorithm.SM4))
    vault.save()
    assert open_vault(settings, "city", unasked).handles() == (handle,)
    with pytest.raises(VaultError, match="wrong passphrase"):
        open_vault(settings, "city", "another")
    with pytest.raises(VaultError, match="the settings give it to"):
        create_vault(settings, "city", unasked, PROVINCE)
    with pytest.raises(VaultError, match=r"names no vault town; vaults there: city"):
        open_vault(settings, "town", unasked)
    monkeypatch.delenv("CITY_SECRET")
    with pytest.raises(VaultError, match="vault city: set the variable CITY_SECRET"):
        open_vault(settings, "city", unasked)


def test_another_body_behind_a_name_is_refused(tmp_path: Path) -> None:
    plain = '[vaults.city]\nbackend = "software"\npath = "v"\n'
    create_vault(read_settings(write(tmp_path, plain)), "city", "x", PROVINCE)
    with pytest.raises(VaultError, match=r"vault city: .* belongs to 示例甲省 \(98\), not to 示例甲市"):
        open_vault(read_settings(write(tmp_path, plain + OWNER)), "city", "x")
    with pytest.raises(VaultError, match="neither said nor in the settings"):
        create_vault(read_settings(write(tmp_path, plain)), "city", "x")


def test_a_token_vault_by_name(tmp_path: Path, libraries: Libraries) -> None:
    pin = tmp_path / "pin"
    pin.write_text(f"{softhsm.PIN}\n", "utf-8")
    pin.chmod(0o600)
    text = (
        '[vaults.city]\nbackend = "pkcs11"\npath = "city.register"\n'
        f'library = "{libraries.softhsm()}"\ntoken = "suite"\nmechanisms = "softhsm"\n'
        f'secret = "file:pin"\nmode = {{ cards = "strict" }}\n{OWNER}'
    )
    settings = read_settings(write(tmp_path, text))
    assert settings.vault("city").mode == Modes(cards=Mode.STRICT)
    vault = create_vault(settings, "city", unasked)
    handle = vault.generate(KeyDefinition("UKLOCAL", "update", Algorithm.TDES))
    vault.save()
    assert open_vault(settings, "city", unasked).handles() == (handle,)
    with pytest.raises(VaultError, match="not a key of this vault"):
        vault.wrap_for_chip(handle, [bytes(8)], open_vault(settings, "city", unasked).cipher(handle))
    pin.chmod(0o644)
    with pytest.raises(VaultError, match="may be read by others; make it 0600"):
        open_vault(settings, "city", unasked)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('mode = "demo"', r"Invalid enum value 'demo'"),
        ('[vaults.a]\nbackend = "clay"', r"Invalid enum value 'clay' - at `\$.vaults\[...\].backend`"),
        ('[vaults.a]\nbackend = "software"', "vaults.a: a software vault needs path"),
        ('[vaults.a]\nbackend = "pkcs11"\npath = "p"', "vaults.a: a pkcs11 vault needs library, token"),
        ('[vaults.a]\nbackend = "sdf"\npath = "p"', "vaults.a: a sdf vault needs library"),
        ('[vaults.a]\nbackend = "software"\npath = "p"\nsecret = "swordfish"', 'secret is "ask", "env:NAME"'),
        ('[vaults.a]\nbackend = "software"\npath = "p"\npassphrase = "x"', "unknown field `passphrase`"),
        ('folder = "/"', "folder is not a setting"),
        ("[vaults", "malformed TOML"),
        (
            '[vaults.a]\nbackend = "software"\npath = "p"\nowner = {level = "city", code = "1", name = ""}',
            "digits",
        ),
    ],
)
def test_wrong_settings_are_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(VaultError, match=message) as caught:
        read_settings(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "swordfish" not in str(caught.value)


def test_where_settings_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SHEBAOKA_SETTINGS", raising=False)
    assert find_settings() is None
    write(tmp_path, 'mode = "production"')
    found = find_settings()
    assert found is not None
    assert found.mode == "production"
    monkeypatch.setenv("SHEBAOKA_SETTINGS", str(tmp_path / "other.toml"))
    with pytest.raises(VaultError, match=r"other\.toml: cannot be read"):
        find_settings()


def test_asked_for_by_the_right_name(tmp_path: Path) -> None:
    text = "".join(
        f'[vaults.{backend}]\nbackend = "{backend}"\npath = "p"\nlibrary = "l"\ntoken = "t"\n'
        for backend in ("software", "pkcs11", "sdf")
    )
    settings = read_settings(write(tmp_path, text))
    asked = [secret_of(settings, name, lambda prompt: prompt) for name in settings.vaults]
    assert asked == ["Passphrase of vault software", "PIN of vault pkcs11", "Password of vault sdf"]
