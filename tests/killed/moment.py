"""A folder at the moment before every command that is to be killed: vaults of all three back ends, carriers
filled for two provinces, PSAMs, a key block."""

import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from scan.house import House
from shebaoka.carriers.keys import set_up_carriers
from shebaoka.cli.vault_roots import set_up
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.model import MINISTRY, Body, KeyDefinition, Level
from shebaoka.vault.software import SoftwareVault
from vault.pkcs11 import softhsm
from vault.sdf.stub import build as sdf_stub

WORD, TOKEN_PIN, DEVICE_WORD = "open sesame", "4711", "device sesame"
SM4, TDES = Algorithm.SM4, Algorithm.TDES
PIN, NEW_PIN = "314159", "271828"
COMPONENTS: dict[str, str] = {f"SHEBAOKA_COMPONENT_{number}": str(number) * 32 for number in (1, 2)}
PINS = {"SHEBAOKA_MOTHER_PIN": PIN, "SHEBAOKA_TRANSMISSION_PIN": PIN}
KINDS = ("master-control", "mother", "transmission")
SOFT, HSM, SDF = "province.vault", "hsm", "sdf"
NEW = {SOFT: "new.vault", HSM: "new-hsm", SDF: "new-sdf"}
SUITES = {SOFT: SM4, HSM: TDES, SDF: SM4}
ABOVE = {SOFT: "ministry.vault", HSM: "ministry.vault", SDF: "sm4.vault"}  # the device computes SM4 only
BODIES = {
    SOFT: Body(Level.PROVINCE, "98", "示例甲省"),
    HSM: Body(Level.PROVINCE, "99", "示例乙省"),
    SDF: Body(Level.PROVINCE, "97", "示例丙省"),
}
NATIONAL, OWN = ("UK3DF01", "IRK"), "UK1DF01"
"""Keys that come from above, and one that provinces make."""


def environment() -> dict[str, str]:
    """Everything it names lies in the folder in which a command runs."""
    return {
        "SHEBAOKA_PASSPHRASE": WORD,
        "SOFTHSM2_CONF": "softhsm2.conf",
        "SCAN_TOKEN_PIN": TOKEN_PIN,
        "SHEBAOKA_SDF_STUB": "device",
        "SCAN_DEVICE_WORD": DEVICE_WORD,
    }


@dataclass(frozen=True)
class Moment:
    """``house`` runs commands in the folder; ``backends``: names of the vaults in it."""

    house: House
    backends: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Copied for each command."""
        return self.house.work

    def copy(self, name: str) -> "Moment":
        """The same in another folder, which may be changed."""
        folder = self.house.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return replace(self, house=self.house.at(folder))

    def needs(self, backend: str) -> None:
        """Skips the test when the back end cannot be had here."""
        if backend not in self.backends:
            pytest.skip(softhsm.missing() if backend == HSM else sdf_stub.missing())


def prepare(house: House, library: Path) -> Moment:
    """The folder ``house.work`` and what is in it."""
    folder = house.work
    for name, suites in (("ministry.vault", (SM4, TDES)), ("sm4.vault", (SM4,))):
        vault = SoftwareVault.create(folder / name, WORD, MINISTRY, work=4)
        set_up(vault, suites, [])
        for suite in suites:
            set_up_carriers(vault, suite)
        vault.save()
    backends = [SOFT]
    _rooted(folder / SOFT, SOFT)
    settings = []
    if not softhsm.missing():
        _token(folder)
        for name in (HSM, NEW[HSM]):
            settings += [
                f'[vaults.{name}]\nbackend = "pkcs11"\npath = "{name}.file"\nlibrary = "{softhsm.library()}"',
                'token = "killed"\nmechanisms = "softhsm"\nsecret = "env:SCAN_TOKEN_PIN"',
            ]
        backends.append(HSM)
    if not sdf_stub.missing():
        _device(folder)
        sdf_stub.build(library)
        for name in (SDF, NEW[SDF]):
            settings += [
                f'[vaults.{name}]\nbackend = "sdf"\npath = "{name}.file"\nlibrary = "{library}"',
                'secret = "env:SCAN_DEVICE_WORD"',
            ]
        backends.append(SDF)
    (folder / "shebaoka.toml").write_text("\n".join(settings) + "\n", "utf-8")
    for name in backends:
        _fill(house, name)
    psam = ("--vault", "ministry.vault", "--terminal", "980100000001")
    house.ok("psam", "make", "made.psam", *psam)
    house.ok("psam", "make", "loaded.psam", *psam)
    house.ok("psam", "load", "--vault", "ministry.vault", "--psam", "loaded.psam")
    return Moment(house, tuple(backends))


def _token(folder: Path) -> None:
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(
        "directories.tokendir = tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    words = ["--init-token", "--free", "--label", "killed", "--pin", TOKEN_PIN, "--so-pin", "47114711"]
    subprocess.run(
        ["softhsm2-util", *words],
        check=True,
        capture_output=True,
        cwd=folder,
        env=os.environ | {"SOFTHSM2_CONF": "softhsm2.conf"},
    )


def _device(folder: Path) -> None:
    (folder / "device").mkdir()
    (folder / "device" / "kek-1.key").write_bytes(os.urandom(16))
    (folder / "device" / "password").write_text(DEVICE_WORD, "utf-8")


def _fill(house: House, name: str) -> None:
    """A vault with a root of its own, the control key loaded, keys for it on carriers and in a block."""
    body, suite = BODIES[name], SUITES[name]
    where = ("--level", body.level, "--code", body.code, "--name", body.name)
    if name != SOFT:
        house.ok("vault", "create", name, "--empty", *where)
        _own_root(house, name)
    for number, kind in enumerate(KINDS):
        image, serial = f"{body.code}-{kind}.chip", f"99{body.code:0>13}{number}"
        own = ("--image", image, "--serial", serial, "--uses", "9", "-a", suite.label)
        house.ok("carriers", "issue", kind, "--vault", ABOVE[name], *own, *where, SHEBAOKA_PIN=PIN)
    pair = pair_of(name)
    keys = [word for key in NATIONAL for word in ("-k", key)]
    house.ok("carriers", "export", "--vault", ABOVE[name], *pair, *keys)
    control = f"{body.code}-{KINDS[0]}.chip"
    house.ok("carriers", "control", "--vault", name, "--image", control, SHEBAOKA_PIN=PIN)
    block = ("-a", suite.label, "-o", f"{body.code}.block", "--components", "2", "--to", body.code)
    house.ok("keys", "export-block", ABOVE[name], NATIONAL[0], *block, **COMPONENTS)


def _rooted(path: Path, name: str) -> None:
    """A software vault of this body, with a root of its own."""
    own = SoftwareVault.create(path, WORD, BODIES[name], work=4)
    own.generate(KeyDefinition(OWN, "update", SUITES[name], scope=Scope.PROVINCE))
    own.save()


def _own_root(house: House, name: str) -> None:
    """The same in the device, by way of a block."""
    twin, block = f"{BODIES[name].code}.twin", ("--components", "2")
    suite = ("-a", SUITES[name].label)
    _rooted(house.work / twin, name)
    house.ok("keys", "export-block", twin, OWN, *suite, "-o", "own.block", *block, **COMPONENTS)
    house.ok("keys", "import-block", name, "own.block", *block, **COMPONENTS)
    for file in (twin, "own.block"):
        (house.work / file).unlink()


def pair_of(name: str) -> tuple[str, ...]:
    """The two cards with a vault's keys, as options."""
    code = BODIES[name].code
    return ("--mother", f"{code}-mother.chip", "--transmission", f"{code}-transmission.chip")
