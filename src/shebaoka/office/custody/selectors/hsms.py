"""Readers of the register of HSMs, and the authorization that the gate of the vaults asks for."""

from datetime import date, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.bodies import body_of
from shebaoka.office.custody.choices import HsmStatus
from shebaoka.office.custody.models import Hsm, HsmCertificate
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.vault.gate import Authorization, Certificate, CertificateKind, Conformity

SERVING = (HsmStatus.IN_USE, HsmStatus.SPARE)


def hsms(actor: Actor) -> QuerySet[Hsm]:
    """The devices of the actor's area with their certificates, the one that is valid longest first."""
    certificates = HsmCertificate.objects.order_by("-expires", "-issued")
    return (
        Hsm.objects.filter(organization__path__startswith=actor.organization.path)
        .select_related("organization", "place", "custodian", "deputy")
        .prefetch_related(Prefetch("certificates", certificates))
        .order_by("organization__path", "serial")
    )


def hsm(actor: Actor, organization: str, serial: str) -> Hsm:
    """One of them. Raises Refusal ``base.not-found``."""
    found = hsms(actor).filter(organization__code=organization, serial=serial).first()
    if found is None:
        raise Refusal("base.not-found", what=serial)
    return found


def certificate_of(device: Hsm, day: date) -> HsmCertificate | None:
    """The certificate that counts on ``day``: the valid one that lasts longest; without a valid one the
    last."""
    all_of_it = device.certificates.order_by("-expires", "-issued")
    return all_of_it.filter(issued__lte=day, expires__gte=day).first() or all_of_it.first()


def unfit(device: Hsm, day: date) -> str | None:
    """Why a device may not be used for production (M47 art. 22), None for one that may."""
    certificate = certificate_of(device, day)
    if device.simulator:
        return _("it is a simulator, for tests only")
    if device.status not in SERVING:
        return _("it is not in use: %(status)s") % {"status": device.get_status_display()}
    if certificate is None or not certificate.issued <= day <= certificate.expires:
        return _("its certificate is not valid")
    if device.conformity_on is None or device.conformity_on > day:
        return _("it has no proof of conformity from the ministry")
    return None


def expiring(
    actor: Actor, day: date | None = None, *, body: Organization | None = None
) -> list[tuple[Hsm, date, int]]:
    """Devices in use, of ``body`` or of all, whose last certificate expires soon or has expired: device, last
    day, days left."""
    day = day or clock.today()
    found = []
    serving = hsms(actor).filter(status__in=SERVING, simulator=False)
    for device in serving if body is None else serving.filter(organization=body):
        last = max((each.expires for each in device.certificates.all()), default=None)
        within = timedelta(days=parameter(device.organization, "custody.certificate-warning-days", day))
        if last is not None and last - day < within:
            found.append((device, last, (last - day).days))
    return found


def authorization(device: Hsm, day: date | None = None) -> Authorization | None:
    """What the gate of the vaults asks for (R-26), built from the register; None for a simulator and for a
    device that is not in use or has no certificate. An expired one is given: the gate refuses it by name."""
    day = day or clock.today()
    certificate = certificate_of(device, day)
    if device.simulator or device.status not in SERVING or certificate is None:
        return None
    conformity = None
    if device.conformity_on is not None:
        conformity = Conformity(device.conformity, device.conformity_on)
    return Authorization(
        maker=device.maker,
        model=device.model,
        serial=device.serial,
        owner=body_of(device.organization),
        certificate=Certificate(
            certificate.number,
            CertificateKind(certificate.kind),
            certificate.issued,
            certificate.expires,
        ),
        conformity=conformity,
        vaults=tuple(device.vaults),
    )


def authorizations(body: Organization, day: date | None = None) -> dict[str, Authorization]:
    """All of a body, by serial number."""
    found = {}
    for device in Hsm.objects.filter(organization=body).select_related("organization").order_by("serial"):
        given = authorization(device, day)
        if given is not None:
            found[device.serial] = given
    return found
