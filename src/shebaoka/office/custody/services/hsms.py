"""The writers of the register of HSMs (R-26)."""

from datetime import date
from typing import Literal

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody import hooks
from shebaoka.office.custody.choices import HSM_MOVES, HsmStatus
from shebaoka.office.custody.models import Hsm, HsmCertificate
from shebaoka.office.custody.services.common import CUSTODIAN, own_body, person, place_of, two_signers, words
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.organizations.two_persons import two_persons


class NewHsm(msgspec.Struct, frozen=True):
    """A device of ``organization`` with its first certificate. ``place``: code of the storage place;
    ``custodian`` and ``deputy``: staff numbers; ``vaults``: names in the deployment's settings;
    ``certificate_kind``: model or product."""

    organization: str
    maker: str
    model: str
    serial: str
    place: str
    custodian: str
    deputy: str
    certificate: str
    certificate_kind: Literal["model", "product"]
    issued: date
    expires: date
    conformity: str = ""
    conformity_on: date | None = None
    vaults: tuple[str, ...] = ()
    simulator: bool = False


class NewCertificate(msgspec.Struct, frozen=True):
    """Another certificate of a device."""

    organization: str
    serial: str
    certificate: str
    certificate_kind: Literal["model", "product"]
    issued: date
    expires: date


class Conformity(msgspec.Struct, frozen=True):
    """The ministry's document that a device meets its specifications."""

    organization: str
    serial: str
    conformity: str
    conformity_on: date


class HsmKeeping(msgspec.Struct, frozen=True):
    """Another place, custodian, or use of a device; ``reason`` for a device that is out of use."""

    organization: str
    serial: str
    place: str
    custodian: str
    deputy: str
    status: str
    vaults: tuple[str, ...] = ()
    reason: str = ""


@two_persons("custody.hsm.add", NewHsm, rehearsed=True)
def hsm_add(act: Act, new: NewHsm) -> Hsm:
    """A device comes into the register. Raises Refusal ``custody.hsm-known``, ``custody.dates``."""
    body = own_body(act, new.organization)
    maker, serial = words(new.maker), words(new.serial)
    if Hsm.objects.filter(maker=maker, serial=serial).exists():
        raise Refusal("custody.hsm-known", serial=serial)
    if bool(new.conformity.strip()) != (new.conformity_on is not None):
        raise Refusal("custody.conformity-halved")
    custodian, deputy = _keepers(body, new.custodian, new.deputy)
    made = Hsm.objects.create(
        organization=body,
        maker=maker,
        model=words(new.model),
        serial=serial,
        simulator=new.simulator,
        vaults=list(new.vaults),
        conformity=new.conformity.strip(),
        conformity_on=new.conformity_on,
        place=place_of(body, new.place),
        custodian=custodian,
        deputy=deputy,
        added_on=clock.today(),
    )
    _certify(made, new.certificate, new.certificate_kind, new.issued, new.expires)
    act.about(made, serial=serial, certificate=new.certificate, expires=new.expires)
    return made


@two_persons("custody.hsm.certify", NewCertificate, rehearsed=True)
def hsm_certify(act: Act, new: NewCertificate) -> Hsm:
    """A further certificate; the one that is valid longest counts. Raises Refusal."""
    hsm = _device(act, new.organization, new.serial)
    if hsm.certificates.filter(number=new.certificate).exists():
        raise Refusal("custody.certificate-known", number=new.certificate)
    _certify(hsm, new.certificate, new.certificate_kind, new.issued, new.expires)
    act.about(hsm, serial=hsm.serial, certificate=new.certificate, expires=new.expires)
    return hsm


@two_persons("custody.hsm.conform", Conformity, rehearsed=True)
def hsm_conform(act: Act, new: Conformity) -> Hsm:
    """The proof of conformity of a device (art. 22)."""
    hsm = _device(act, new.organization, new.serial)
    hsm.conformity, hsm.conformity_on = words(new.conformity), new.conformity_on
    hsm.save(update_fields=["conformity", "conformity_on"])
    act.about(hsm, serial=hsm.serial, conformity=hsm.conformity)
    return hsm


@two_persons("custody.hsm.keep", HsmKeeping, rehearsed=True)
def hsm_keep(act: Act, to: HsmKeeping) -> Hsm:
    """Another place, custodians, use. A lost device opens an incident. Raises Refusal."""
    hsm = _device(act, to.organization, to.serial)
    if to.status not in HsmStatus.values:
        raise Refusal("base.not-found", what=to.status)
    status = HsmStatus(to.status)
    if status != hsm.status and status not in HSM_MOVES[HsmStatus(hsm.status)]:
        raise Refusal("custody.not-now", serial=hsm.serial, status=hsm.get_status_display())
    custodian, deputy = _keepers(hsm.organization, to.custodian, to.deputy)
    lost = status is HsmStatus.LOST and hsm.status != HsmStatus.LOST
    hsm.place = place_of(hsm.organization, to.place)
    hsm.custodian, hsm.deputy = custodian, deputy
    hsm.status, hsm.vaults = status, list(to.vaults)
    hsm.save(update_fields=["place", "custodian", "deputy", "status", "vaults"])
    extra = {}
    what = words(to.reason) if lost else ""
    if lost and two_signers(act) is not None:
        report = hooks.Report(
            act.actor, hsm.organization, "hsm-lost", act.time, what, hsm, serials=(hsm.serial,)
        )
        extra = {"incident": hooks.open_incident(report)}
    act.about(hsm, serial=hsm.serial, status=status.value, **extra)
    return hsm


def _device(act: Act, organization: str, serial: str) -> Hsm:
    body = own_body(act, organization)
    found = Hsm.objects.select_for_update(of=("self",)).filter(organization=body, serial=serial).first()
    if found is None:
        raise Refusal("base.not-found", what=serial)
    found.organization = body
    return found


def _keepers(body: Organization, custodian: str, deputy: str) -> tuple[Staff, Staff]:
    if custodian == deputy:
        raise Refusal("custody.two-persons-needed")
    return person(body, custodian, CUSTODIAN), person(body, deputy, CUSTODIAN)


def _certify(hsm: Hsm, number: str, kind: str, issued: date, expires: date) -> None:
    if issued > expires:
        raise Refusal("custody.dates")
    HsmCertificate.objects.create(hsm=hsm, number=words(number), kind=kind, issued=issued, expires=expires)
