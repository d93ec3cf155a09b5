"""Production deployments for tests: devices that say they are real ones, and their authorizations."""

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from shebaoka.vault.backends import create_vault, open_vault
from shebaoka.vault.gate import Authorization, read_authorization
from shebaoka.vault.model import Body, Vault
from shebaoka.vault.settings import Settings, read_settings
from vault.backends.benches import Libraries
from vault.pkcs11 import softhsm
from vault.support import CITY

TODAY = date(2026, 6, 1)
MAKER, MODEL, SERIAL = "Example Cipher Works", "EX-HSM 9", "EX00000000000007"
PASSWORD = "open sesame"
STUBS = Path(__file__).parent / "pkcs11" / "stub"

AUTHORIZATION = f"""maker = "{MAKER}"
model = "{MODEL}"
serial = "{SERIAL}"
owner = {{ level = "city", code = "980100", name = "示例甲市" }}
certificate = {{ number = "GM000000000", kind = "product", issued = 2024-01-01, expires = 2028-12-31 }}
conformity = {{ reference = "示例核字1号", date = 2024-03-01 }}
"""


@dataclass
class Deployment:
    """A folder with shebaoka.toml, an authorization, and a device for one vault named ``city``."""

    folder: Path
    backend: str
    mode: str = "production"
    authorization: str = AUTHORIZATION
    vaults: list[Vault] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return read_settings(self.folder / "shebaoka.toml")

    @property
    def authorized(self) -> Authorization | None:
        path = self.folder / "hsm.toml"
        return read_authorization(path) if path.exists() else None

    def write(self, libraries: Libraries, **changes: str) -> "Deployment":
        for name, value in changes.items():
            setattr(self, name, value)
        (self.folder / "hsm.toml").write_text(self.authorization, "utf-8")
        device = {
            "software": "",
            "pkcs11": 'token = "vendor"\nmechanisms = "vendor.toml"\n',
            "sdf": "",
        }[self.backend]
        if self.backend == "pkcs11":
            device += f'library = "{libraries.vendor()}"\n'
            (self.folder / "vendor.toml").write_bytes((STUBS / "vendor.toml").read_bytes())
        if self.backend == "sdf":
            device += f'library = "{libraries.sdf()}"\n'
        secret = self.folder / "secret"
        secret.write_text(softhsm.PIN if self.backend == "pkcs11" else PASSWORD, "utf-8")
        secret.chmod(0o600)
        (self.folder / "shebaoka.toml").write_text(
            f'mode = "{self.mode}"\nauthorization = "hsm.toml"\n[vaults.city]\nbackend = "{self.backend}"\n'
            f'path = "city.keys"\nsecret = "file:secret"\n{device}',
            "utf-8",
        )
        return self

    def says(self, maker: str = MAKER, model: str = MODEL, serial: str = SERIAL) -> None:
        """What the device says of itself from now on."""
        os.environ["SHEBAOKA_VENDOR_TOKEN"] = f"{maker:32}{model:16}{serial:16}"
        (self.folder / "device" / "identity").write_text(f"{maker}\n{model}\n{serial}\n", "ascii")

    def create(self, owner: Body = CITY) -> Vault:
        given = self.authorized
        return self._kept(
            create_vault(self.settings, "city", unasked, owner, authorization=given, today=TODAY)
        )

    def open(self, today: date = TODAY) -> Vault:
        given = self.authorized
        return self._kept(open_vault(self.settings, "city", unasked, authorization=given, today=today))

    def close(self) -> None:
        """Devices have few sessions."""
        for vault in self.vaults:
            getattr(vault, "close", lambda: None)()

    def _kept(self, vault: Vault) -> Vault:
        self.vaults.append(vault)
        return vault


def unasked(prompt: str) -> str:
    raise AssertionError(f"asked for {prompt}")


def deployed(folder: Path, backend: str, libraries: Libraries, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """A production deployment whose device says that it is what the authorization is for."""
    device = folder / "device"
    device.mkdir()
    (device / "kek-1.key").write_bytes(bytes(range(16)))
    (device / "password").write_text(PASSWORD, "utf-8")
    monkeypatch.setenv("SHEBAOKA_SDF_STUB", str(device))
    monkeypatch.setenv("SHEBAOKA_VENDOR_TOKEN", "")
    deployment = Deployment(folder, backend).write(libraries)
    deployment.says()
    return deployment
