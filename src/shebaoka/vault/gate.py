"""The gate: a vault opens for production only with an authorization that fits its device (M47 art. 22, R-26).

An authorization says what the office holds on a device: certificate, ministry conformity, whose keys may lie
in it. It is passed in, never looked up from here; a deployment that is not marked production needs none."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from shebaoka.spec.errors import SpecError
from shebaoka.spec.loading import read_toml
from shebaoka.vault.model import Body, Vault, VaultError

WARNING = timedelta(days=90)
"""Before the expiry of a certificate it is warned of (R-26)."""

Marking = Literal["test", "production"]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]

_SIMULATORS = ("softhsm", "kryoptic", "mozilla", "shebaoka", "sdf stub")
"""In maker or model, in small letters: devices that are programs."""


class GateError(VaultError):
    """The gate stays shut: one line with the reason. Nothing was opened."""


class CertificateKind(StrEnum):
    """Model certificate (商用密码产品型号证书), or the product certification (商用密码产品认证证书) that has
    replaced it since 2020."""

    MODEL = "model"
    PRODUCT = "product"


class Certificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The certificate of a device. ``expires``: the last day it is valid."""

    number: Line
    kind: CertificateKind
    issued: date
    expires: date


class Conformity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That the device meets the ministry's specifications: reference and date of the document."""

    reference: Line
    date: date


class Authorization(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A device that may hold production keys. ``serial``: as the device says it; ``owner``: the body whose
    keys; ``vaults``: names in the settings, all of the owner's when empty; ``digest``: SHA-256 of its file in
    hex."""

    maker: Line
    model: Line
    serial: Line
    owner: Body
    certificate: Certificate
    conformity: Conformity | None = None
    vaults: tuple[Line, ...] = ()
    digest: str = ""

    def __str__(self) -> str:
        return f"{self.maker} {self.model} {self.serial}, certificate {self.certificate.number}"


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """What a device says of itself (C_GetTokenInfo, SDF_GetDeviceInfo)."""

    maker: str
    model: str
    serial: str

    @property
    def simulator(self) -> bool:
        """Whether it is a program by its own account."""
        said = f"{self.maker} {self.model}".lower()
        return any(name in said for name in _SIMULATORS)

    def __str__(self) -> str:
        return f"{self.maker} {self.model}, serial {self.serial or 'not told'}"


@dataclass(frozen=True, slots=True)
class VaultFacts:
    """What is known of a vault before it is opened. ``device``: None for software, and for a device that does
    not say who it is; ``owner``: None when the settings do not name one."""

    name: str
    backend: str
    owner: Body | None
    device: DeviceIdentity | None


@dataclass(frozen=True, slots=True)
class Admission:
    """The gate is open. ``warning``: what to do soon; empty without."""

    production: bool
    warning: str = ""


def read_authorization(path: Path) -> Authorization:
    """An authorization from its file (TOML). Raises GateError with file, place and what is wrong."""
    try:
        raw = read_toml(path)
        if "digest" in raw:
            raise GateError(f"{path}: digest is computed, not written")
        digest = sha256(path.read_bytes()).hexdigest()
        read = msgspec.convert(raw | {"digest": digest}, Authorization)
    except SpecError as error:
        raise GateError(str(error)) from None
    except OSError as error:
        raise GateError(f"{path}: cannot be read: {error.strerror}") from None
    except (msgspec.ValidationError, VaultError) as error:
        raise GateError(f"{path}: {error}") from None
    if read.certificate.issued > read.certificate.expires:
        raise GateError(f"{path}: the certificate expires before it was issued")
    return read


def admit(mode: Marking, authorization: Authorization | None, facts: VaultFacts, today: date) -> Admission:
    """Whether the vault may be opened, and for what. Raises GateError with the first reason against it."""
    if mode != "production":
        return Admission(production=False)
    refuse = f"vault {facts.name}: refused in production: "
    device = facts.device
    if facts.backend == "software":
        raise GateError(f"{refuse}keys in software are TEST_ONLY; production keys lie in a device (art. 22)")
    if device is None:
        raise GateError(f"{refuse}its device does not say who it is")
    if device.simulator:
        raise GateError(f"{refuse}{device.maker} {device.model} is a simulator, for tests only")
    if authorization is None:
        raise GateError(f"{refuse}no authorization of its device is given; name its file in the settings")
    problem = (
        _other_device(authorization, facts, device)
        or _certificate(authorization.certificate, today)
        or _conformity(authorization.conformity, today)
    )
    if problem:
        raise GateError(refuse + problem)
    return Admission(production=True, warning=_warning(facts.name, authorization.certificate, today))


def check_content(mode: Marking, authorization: Authorization | None, name: str, vault: Vault) -> None:
    """After opening: the vault is the authorized body's, and holds no TEST_ONLY key in production, no other
    key in a test (R-55). Raises GateError; the caller closes the vault."""
    production = mode == "production"
    if production and authorization is not None and not _same(authorization.owner, vault.owner):
        raise GateError(
            f"vault {name}: belongs to {vault.owner}; its authorization is for {authorization.owner}"
        )
    wrong = [handle for handle in vault.handles() if handle.test_only is production]
    if wrong:
        kind = "TEST_ONLY keys" if production else "keys of production"
        raise GateError(
            f"vault {name}: holds {len(wrong)} {kind}, {wrong[0].name} v{wrong[0].version} first; "
            f"a {mode} deployment does not open it (R-55)"
        )


def _other_device(authorization: Authorization, facts: VaultFacts, device: DeviceIdentity) -> str:
    if authorization.vaults and facts.name not in authorization.vaults:
        return f"its authorization is for {', '.join(authorization.vaults)}"
    if facts.owner is not None and not _same(facts.owner, authorization.owner):
        return f"its authorization is for keys of {authorization.owner}, not of {facts.owner}"
    if device.serial != authorization.serial:
        told = f"says serial {device.serial}" if device.serial else "tells no serial"
        return f"its device {told}; the authorization is for serial {authorization.serial}"
    return ""


def _certificate(certificate: Certificate, today: date) -> str:
    if today < certificate.issued:
        return f"certificate {certificate.number} is valid from {certificate.issued} only"
    if today > certificate.expires:
        return f"certificate {certificate.number} expired on {certificate.expires}"
    return ""


def _conformity(conformity: Conformity | None, today: date) -> str:
    if conformity is None:
        return "its device has no proof of conformity from the ministry (art. 22)"
    if today < conformity.date:
        return f"the proof of conformity {conformity.reference} is dated {conformity.date}"
    return ""


def _warning(name: str, certificate: Certificate, today: date) -> str:
    left = certificate.expires - today
    if left >= WARNING:
        return ""
    return (
        f"vault {name}: certificate {certificate.number} of its device expires on {certificate.expires}, in "
        f"{left.days} days; the vault will not open after it"
    )


def _same(one: Body, other: Body) -> bool:
    return (one.level, one.code) == (other.level, other.code)
