"""Production sites: whose key an order is encrypted for, registered and closed by two persons (R-14)."""

from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import attempt
from shebaoka.office.base.pieces import Code, Column, Link, Row, Summary, Table, Tag
from shebaoka.office.cards import selectors
from shebaoka.office.cards.models import Site
from shebaoka.office.cards.sealing import (
    UnfitCertificateError,
    certificate_of,
    fingerprint,
    own_certificate,
)
from shebaoka.office.cards.services import NewSite, SiteClosing
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.cards.common import PAGE, bodies, to
from shebaoka.office.desk.cards.forms import WhyForm
from shebaoka.office.desk.cards.site_forms import SiteForm
from shebaoka.office.organizations import selectors as tree
from shebaoka.office.organizations.actor import Actor


@desk()
def sites(request: DeskRequest) -> HttpResponse:
    """Sites of her area, and what they check our signature with."""
    may = request.actor.may("cards.site.close")
    rows = [
        (
            each.number,
            each.name,
            each.organization.name,
            Code(in_groups(each.fingerprint)),
            each.until,
            _standing(each),
            Link(_("Close the key"), reverse("desk:cards:site-close", args=[each.pk]), each.number)
            if may and each.closed_at is None and request.actor.organization.contains(each.organization)
            else "",
        )
        for each in selectors.sites(request.actor)
    ]
    columns = [
        Column(_("Production site")),
        Column(_("Card maker")),
        Column(_("Issuing body")),
        Column(_("Fingerprint (SHA-256)")),
        Column(_("Authorized until")),
        Column(_("Status")),
        Column(_("Close the key")),
    ]
    register = to("site-register", _("Register a production site"))
    page = {
        "title": _("Production sites"),
        "back": reverse("desk:cards:home"),
        "text": _("The file for a card maker is encrypted for its site, and only that site opens it."),
        "facts": Summary(
            [
                Row(_("Our certificate"), Code(in_groups(fingerprint(own_certificate())))),
                Row(_("The site checks our signature with it"), to("site-office", _("Download"))),
            ]
        ),
        "sections": [Table(_("Sites"), columns, rows, _("None yet."), hide_caption=True)],
        "registers": [register] if request.actor.may("cards.site.register") else [],
    }
    return render(request, PAGE, page)


@desk()
def office_certificate(request: DeskRequest) -> HttpResponse:
    """What sites check the signature of a file with."""
    content = own_certificate().public_bytes(Encoding.PEM)
    response = HttpResponse(content, content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="office.pem"'
    return response


@desk("cards.site.register")
def register(request: DeskRequest) -> HttpResponse:
    """To be checked by a second person, who compares the fingerprint with what the site says."""
    form = SiteForm.of(request, bodies=bodies(request.actor))
    answer = attempt(
        form,
        lambda answers: proposed(
            request,
            "cards.site.register",
            tree.organization(request.actor, answers["organization"]),
            NewSite(**answers),
        ),
    )
    if answer is not None:
        return answer
    page = {
        "form": form,
        "title": _("Register a production site"),
        "text": _(
            "A second person compares the fingerprint with what the site says of it by another way, and "
            "checks it. A key that the site had before is closed."
        ),
        "button": _("Propose"),
        "back": reverse("desk:cards:sites"),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk("cards.site.close")
def close(request: DeskRequest, id: UUID) -> HttpResponse:
    """To be checked by a second person."""
    found = selectors.sites(request.actor).filter(pk=id, closed_at=None).first()
    if found is None:
        raise Refusal("base.not-found", what="site")
    form = WhyForm.of(request)
    answer = attempt(
        form,
        lambda answers: proposed(
            request,
            "cards.site.close",
            found.organization,
            SiteClosing(found.pk, answers["why"]),
            subject=found,
        ),
    )
    if answer is not None:
        return answer
    page = {
        "form": form,
        "title": _("Close the key of production site %(number)s") % {"number": found.number},
        "button": _("Propose"),
        "back": reverse("desk:cards:sites"),
    }
    return render(request, "desk/form.html", page, status=form.status)


def in_groups(digest: str) -> str:
    """A fingerprint as people compare it."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def certificate_read(_actor: Actor, value: Any) -> object:
    """A certificate in a proposal: its fingerprint and whose it is."""
    try:
        found = certificate_of(str(value))
    except UnfitCertificateError:
        return _("This is no certificate as PEM.")
    words = _("SHA-256 %(fingerprint)s; %(name)s; valid until %(day)s")
    return words % {
        "fingerprint": in_groups(fingerprint(found)),
        "name": found.subject.rfc4514_string(),
        "day": date_format(found.not_valid_after_utc.date()),
    }


def site_read(actor: Actor, value: Any) -> object:
    """A site in a proposal."""
    found = selectors.sites(actor).filter(pk=value).first()
    return f"{found} {in_groups(found.fingerprint)}" if found is not None else str(value)


def _standing(site: Site) -> Tag:
    if site.closed_at is not None:
        return Tag(_("Key closed"), "plain")
    if site.until < clock.today():
        return Tag(_("Authorization over"), "bad")
    return Tag(_("In use"), "good")
