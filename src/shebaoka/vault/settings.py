"""The settings of a deployment, ``shebaoka.toml``: its mode, and where the keys of each vault are.

Paths are relative to the folder of the file. No PIN, passphrase or key stands in it: ``secret`` says where
one comes from."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from shebaoka.spec.errors import SpecError
from shebaoka.spec.loading import read_toml
from shebaoka.vault.model import Body, VaultError
from shebaoka.vault.pkcs11.modes import Modes

FILE = "shebaoka.toml"
VARIABLE = "SHEBAOKA_SETTINGS"
_NEEDS = {"software": ("path",), "pkcs11": ("path", "library", "token"), "sdf": ("path", "library")}


class VaultSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One vault.

    ``path``: the sealed file of a software vault, the register file beside a token, the file beside a device.
    ``library``: the PKCS#11 or SDF library. ``token``: label of the PKCS#11 token; ``mechanisms``: its table,
    shipped or a TOML file; ``mode``: batch, strict, or one for each of ciphers, cards, hand_over. ``kek`` and
    ``pair``: key numbers in an SDF device. ``secret``: ``ask``, ``env:NAME`` or ``file:PATH``, where the
    passphrase, PIN or password comes from. ``owner``: the body the vault must belong to. ``authorization``:
    file of the authorization of its device, else that of the whole deployment."""

    backend: Literal["software", "pkcs11", "sdf"]
    path: str = ""
    owner: Body | None = None
    library: str = ""
    token: str = ""
    mechanisms: str = "standard"
    mode: Literal["batch", "strict"] | Modes = "batch"
    kek: int = 1
    pair: int = 1
    secret: str = "ask"  # noqa: S105 - not a secret, but where it comes from
    authorization: str = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file. ``mode``: a test or a production deployment (:mod:`shebaoka.vault.gate`). ``authorization``:
    file with that of the device, for all vaults that name none. ``folder`` is where the file lies."""

    mode: Literal["test", "production"] = "test"
    authorization: str = ""
    vaults: dict[str, VaultSettings] = msgspec.field(default_factory=dict)
    folder: str = "."

    def vault(self, name: str) -> VaultSettings:
        """The vault of that name. Raises VaultError naming those there are."""
        if name not in self.vaults:
            known = ", ".join(self.vaults) or "none"
            raise VaultError(f"{self.folder}/{FILE} names no vault {name}; vaults there: {known}")
        return self.vaults[name]

    def authorization_of(self, name: str) -> Path | None:
        """The file of the authorization of a vault's device; None when none is named. Raises VaultError."""
        named = self.vault(name).authorization or self.authorization
        return self.place(named) if named else None

    def place(self, path: str) -> Path:
        """A path of the file as seen from here."""
        return Path(self.folder) / path


def read_settings(path: Path) -> Settings:
    """A settings file. Raises VaultError with file, place and what is wrong."""
    try:
        raw = read_toml(path)
        if "folder" in raw:
            raise VaultError(f"{path}: folder is not a setting")
        settings = msgspec.convert(raw | {"folder": str(path.parent)}, Settings)
    except SpecError as error:
        raise VaultError(str(error)) from None
    except (msgspec.ValidationError, VaultError) as error:
        raise VaultError(f"{path}: {error}") from None
    for name, vault in settings.vaults.items():
        lacking = [field for field in _NEEDS[vault.backend] if not getattr(vault, field)]
        if lacking:
            raise VaultError(f"{path}: vaults.{name}: a {vault.backend} vault needs {', '.join(lacking)}")
        if vault.secret.partition(":")[0] not in ("ask", "env", "file"):
            raise VaultError(f'{path}: vaults.{name}: secret is "ask", "env:NAME" or "file:PATH"')
    return settings


def find_settings() -> Settings | None:
    """The file named by SHEBAOKA_SETTINGS, else ``shebaoka.toml`` in the current folder; None without."""
    path = place_of_settings()
    return read_settings(path) if path.exists() or os.environ.get(VARIABLE) else None


def place_of_settings() -> Path:
    """Where :func:`find_settings` looks."""
    return Path(os.environ.get(VARIABLE) or FILE)


def secret_of(settings: Settings, name: str, ask: Callable[[str], str]) -> str:
    """Passphrase, PIN or password of a vault. Raises VaultError when the source has none, or is a file that
    others may read."""
    kind, _, source = settings.vault(name).secret.partition(":")
    if kind == "env":
        if source not in os.environ:
            raise VaultError(f"vault {name}: set the variable {source}, where its secret comes from")
        return os.environ[source]
    if kind == "file":
        return _from_file(name, settings.place(source))
    word = {"software": "Passphrase", "pkcs11": "PIN", "sdf": "Password"}[settings.vault(name).backend]
    return ask(f"{word} of vault {name}")


def _from_file(name: str, path: Path) -> str:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise VaultError(f"vault {name}: {path} may be read by others; make it 0600")
        return path.read_text("utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise VaultError(f"vault {name}: {path} (its secret) cannot be read: {reason}") from None
