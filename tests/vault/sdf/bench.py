"""A stub device on the bench: its folder, its faults, the vaults opened in it."""

from hashlib import sha256
from pathlib import Path

from shebaoka.vault.model import Body
from shebaoka.vault.sdf.vault import SdfVault
from vault.support import CITY


class Bench:
    def __init__(self, library: Path, folder: Path) -> None:
        self.library = library
        self.folder = folder
        self.device = folder / "device"
        self.device.mkdir()
        self.key_encryption_key(1)
        self._vaults: list[SdfVault] = []

    def key_encryption_key(self, number: int, seed: str = "") -> None:
        (self.device / f"kek-{number}.key").write_bytes(sha256(f"KEK {number}{seed}".encode()).digest()[:16])

    def password(self, password: str) -> None:
        (self.device / "password").write_text(password, encoding="utf-8")

    def faults(self, *lines: str) -> None:
        """``SDF_Function CODE [NTH]``: what the device refuses from now on; nothing when empty."""
        path = self.device / "faults"
        path.unlink(missing_ok=True)
        if lines:
            path.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")

    def path(self, name: str = "city") -> Path:
        return self.folder / f"{name}.sdf"

    def create(self, owner: Body = CITY, name: str = "city", *, kek: int = 1, password: str = "") -> SdfVault:
        vault = SdfVault.create(self.library, self.path(name), owner, kek=kek, password=password)
        self._vaults.append(vault)
        return vault

    def open(self, name: str = "city", *, password: str = "") -> SdfVault:
        vault = SdfVault.open(self.library, self.path(name), password=password)
        self._vaults.append(vault)
        return vault

    def close(self) -> None:
        for vault in self._vaults:
            vault.close()
