"""The back ends under test, each with what the suite needs to know of it. A new back end is one class here
and lines in CASES."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Body, Mode, Vault
from shebaoka.vault.pkcs11.modes import Modes
from shebaoka.vault.pkcs11.table import Table, read_table
from shebaoka.vault.pkcs11.token import Token
from shebaoka.vault.pkcs11.vault import TokenVault
from shebaoka.vault.sdf.vault import SdfVault
from shebaoka.vault.software import SoftwareVault
from vault.pkcs11 import softhsm

SOFTWARE, SOFTHSM, VENDOR, VENDOR_STRICT, SDF = "software", "SoftHSM", "vendor token", "vendor strict", "SDF"
TDES, DES, SM4 = Algorithm.TDES, Algorithm.DES, Algorithm.SM4
ALGORITHMS = {
    SOFTWARE: (TDES, DES, SM4),
    SOFTHSM: (TDES, DES),
    VENDOR: (TDES, DES, SM4),
    VENDOR_STRICT: (TDES, DES, SM4),
    SDF: (SM4,),
}
"""What each back end declares."""
CASES = [
    (name, algorithm)
    for name, algorithms in ALGORITHMS.items()
    for algorithm in algorithms
    if name != VENDOR or algorithm is SM4  # in batch its 3DES is SoftHSM's
]


class BackendUnderTest(Protocol):
    """``secret_error``: what a wrong passphrase, PIN or password gives; ``folds``: whether TAC keys can be
    made."""

    name: str

    @property
    def folds(self) -> bool: ...

    @property
    def secret_error(self) -> str: ...

    def create(self, owner: Body) -> Vault:
        """A new vault that lasts."""

    def open(self, owner: Body) -> Vault:
        """The vault that was saved last, once more."""

    def open_wrongly(self, owner: Body, secret: str) -> Vault:
        """The same with a wrong secret."""

    def files(self) -> list[Path]:
        """What lies on disk."""


class SoftwareBench:
    name = SOFTWARE
    folds = True
    secret_error = "wrong passphrase, or the file is damaged"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, owner: Body) -> Path:
        return self._folder / f"{owner.level}.vault"

    def create(self, owner: Body) -> Vault:
        return SoftwareVault.create(self._path(owner), "open sesame", owner, work=4)

    def open(self, owner: Body) -> Vault:
        return SoftwareVault.open(self._path(owner), "open sesame")

    def open_wrongly(self, owner: Body, secret: str) -> Vault:
        return SoftwareVault.open(self._path(owner), secret)

    def files(self) -> list[Path]:
        return [path for path in self._folder.iterdir() if path.is_file()]


@dataclass
class TokenBench:
    name: str
    folder: Path
    library: str
    label: str
    table: Table
    modes: Modes
    secret_error = "wrong PIN"

    def __post_init__(self) -> None:
        self._tokens: list[Token] = []

    @property
    def folds(self) -> bool:
        return self.modes.ciphers is Mode.BATCH

    def path(self, owner: Body) -> Path:
        return self.folder / f"{owner.level}.register"

    def token(self, pin: str = softhsm.PIN) -> Token:
        self._tokens.append(Token(self.library, self.label, pin))
        return self._tokens[-1]

    def create(self, owner: Body) -> TokenVault:
        return TokenVault.create(self.token(), self.table, owner, self.path(owner), self.modes)

    def open(self, owner: Body) -> TokenVault:
        return TokenVault.open(self.token(), self.table, self.path(owner), self.modes)

    def open_wrongly(self, owner: Body, secret: str) -> TokenVault:
        return TokenVault.open(self.token(secret), self.table, self.path(owner), self.modes)

    def files(self) -> list[Path]:
        return [path for path in self.folder.iterdir() if path.is_file()]

    def close(self) -> None:
        for token in self._tokens:
            token.close()


@dataclass
class SdfBench:
    folder: Path
    library: Path
    name = SDF
    folds = True
    secret_error = "password"

    def __post_init__(self) -> None:
        self._vaults: list[SdfVault] = []
        (self.folder / "device").mkdir()
        (self.folder / "device" / "kek-1.key").write_bytes(bytes(range(16)))
        (self.folder / "device" / "password").write_text("open sesame", "utf-8")

    def _path(self, owner: Body) -> Path:
        return self.folder / f"{owner.level}.sdf"

    def _kept(self, vault: SdfVault) -> SdfVault:
        self._vaults.append(vault)
        return vault

    def create(self, owner: Body) -> SdfVault:
        return self._kept(
            SdfVault.create(self.library, self._path(owner), owner, kek=1, password="open sesame")
        )

    def open(self, owner: Body) -> SdfVault:
        return self._kept(SdfVault.open(self.library, self._path(owner), password="open sesame"))

    def open_wrongly(self, owner: Body, secret: str) -> SdfVault:
        return self._kept(SdfVault.open(self.library, self._path(owner), password=secret))

    def files(self) -> list[Path]:
        return [path for path in self.folder.iterdir() if path.is_file()]

    def close(self) -> None:
        for vault in self._vaults:
            vault.close()


@dataclass(frozen=True)
class Libraries:
    """How to get the libraries of the session; each call skips the test when one cannot be had."""

    softhsm: Callable[[], str]
    vendor: Callable[[], str]
    sdf: Callable[[], Path]


def bench(name: str, folder: Path, libraries: Libraries) -> BackendUnderTest:
    """A back end with an empty folder of its own."""
    folder.mkdir()
    if name == SOFTWARE:
        return SoftwareBench(folder)
    if name == SDF:
        return SdfBench(folder, libraries.sdf())
    if name == SOFTHSM:
        return TokenBench(name, folder, libraries.softhsm(), "suite", read_table("softhsm"), Modes())
    modes = Modes.all(Mode.STRICT) if name == VENDOR_STRICT else Modes()
    table = read_table("vendor.toml", Path(__file__).parents[1] / "pkcs11" / "stub")
    return TokenBench(name, folder, libraries.vendor(), "vendor", table, modes)
