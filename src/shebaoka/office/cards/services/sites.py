"""Production sites and their keys: registered and closed by two persons (R-13, R-14)."""

from datetime import date
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Batch, Site
from shebaoka.office.cards.sealing import UnfitCertificateError, certificate_of, ended, fingerprint
from shebaoka.office.cards.services.common import organization_of, words
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.selectors import switch


class NewSite(msgspec.Struct, frozen=True):
    """A site and its key. ``number``: two digits; ``until``: last day of its authorization;
    ``certificate``: PEM."""

    organization: str
    number: str
    name: str
    until: date
    certificate: str


class SiteClosing(msgspec.Struct, frozen=True):
    """Nothing is encrypted for that key any more."""

    site: UUID
    why: str


@two_persons("cards.site.register", NewSite, rehearsed=True)
def site_register(act: Act, new: NewSite) -> Site:
    """The site's key from now on; an earlier one of the same site is closed. Raises Refusal
    ``cards.no-site``, ``cards.site-certificate``, ``cards.site-over``."""
    body = organization_of(new.organization)
    act.on(body)
    if len(new.number) != 2 or not (new.number.isascii() and new.number.isdigit()):
        raise Refusal("cards.no-site")
    try:
        certificate = certificate_of(new.certificate)
    except UnfitCertificateError as error:
        raise Refusal("cards.site-certificate") from error
    if new.until < clock.today() or ended(certificate, clock.today()):
        raise Refusal("cards.site-over", number=new.number)
    open_now = Site.objects.select_for_update(no_key=True).filter(
        organization=body, number=new.number, closed_at=None
    )
    for earlier in open_now:
        _close(act, earlier, "another key")
    made = Site.objects.create(
        organization=body,
        number=new.number,
        name=words(new.name, 80),
        until=new.until,
        certificate=certificate.public_bytes(Encoding.PEM).decode(),
        fingerprint=fingerprint(certificate),
        registered_at=act.time,
        registered_by=act.actor.staff,
    )
    act.about(made, number=new.number, fingerprint=made.fingerprint, until=str(new.until))
    return made


@two_persons("cards.site.close", SiteClosing, rehearsed=True)
def site_close(act: Act, closing: SiteClosing) -> Site:
    """The site makes no more cards, or lost its key. Raises Refusal ``base.not-found``."""
    found = (
        Site.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .filter(pk=closing.site, closed_at=None)
        .first()
    )
    if found is None or not act.actor.organization.contains(found.organization):
        raise Refusal("base.not-found", what="site")
    act.on(found.organization)
    _close(act, found, words(closing.why))
    act.about(found, number=found.number, fingerprint=found.fingerprint)
    return found


def site_of(batch: Batch) -> Site | None:
    """Whom the order of a batch is encrypted for: the site with its number of the issuing body, else of the
    body above; None: nobody is registered and the region asks for none. Raises Refusal
    ``cards.site-needed``, ``cards.site-over``."""
    codes = batch.organization.path.rstrip("/").split("/")
    open_now = Site.objects.filter(number=batch.site, closed_at=None, organization__code__in=codes)
    found = open_now.order_by("-organization__path").first()
    if found is None:
        if switch(batch.organization, "cards.site-encryption"):
            raise Refusal("cards.site-needed", number=batch.site)
        return None
    if found.until < clock.today() or ended(certificate_of(found.certificate), clock.today()):
        raise Refusal("cards.site-over", number=found.number)
    return found


def _close(act: Act, site: Site, why: str) -> None:
    site.closed_at, site.why = act.time, why
    site.save(update_fields=["closed_at", "why"])
