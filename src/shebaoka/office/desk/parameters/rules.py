"""The rules a region published: the text in force, its versions, as a page and on paper (R-20)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.pieces import Column, Link, Table, Tag
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.selectors import organization
from shebaoka.office.parameters.models import Publication
from shebaoka.office.parameters.paper import publication_pdf
from shebaoka.office.parameters.rules_text import compose
from shebaoka.office.parameters.selectors import publication_in_force, publications
from shebaoka.office.parameters.services.publishing import values_for


@desk()
def rules(request: DeskRequest, code: str) -> HttpResponse:
    """What is in force, and every version. Before the first one: what it would say today."""
    node = organization(request.actor, code)
    shown = publication_in_force(node)
    if shown is None and node.kind not in ("province", "city"):
        raise Refusal("parameters.does-not-publish", name=node.name)
    content = shown.content if shown else _preview(node)
    return _page(request, node, shown, content)


@desk()
def version(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """One version."""
    node = organization(request.actor, code)
    shown = _version(node, number)
    return _page(request, node, shown, shown.content)


@desk()
def paper(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """One version as PDF."""
    node = organization(request.actor, code)
    shown = _version(node, number)
    name = f"{node.code}-rules-{shown.version}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(publication_pdf(shown), content_type="application/pdf", headers=headers)


def _version(node: Organization, number: int) -> Publication:
    found = publications(node).filter(version=number).first()
    if found is None:
        raise Refusal("base.not-found", what=str(number))
    return found


def _preview(node: Organization) -> dict[str, Any]:
    rules = compose(node.name, clock.today(), values_for(node, clock.today()))
    chapters = [{"title": each.title, "items": list(each.items)} for each in rules.chapters]
    return {"title": rules.title, "chapters": chapters}


def _page(
    request: DeskRequest, node: Organization, shown: Publication | None, content: dict[str, Any]
) -> HttpResponse:
    current = publication_in_force(node)
    rows = [
        (
            Link(str(each.version), reverse("desk:parameters:version", args=[node.code, each.version])),
            each.since,
            each.digest[:16],
            _standing(each, current),
        )
        for each in publications(node)
    ]
    columns = [Column(text) for text in (_("Version"), _("In force from"), _("Hash"), _("State"))]
    actor = request.actor
    own = actor.organization.pk == node.pk and actor.may("parameters.rules.publish")
    page = {
        "node": node,
        "shown": shown,
        "content": content,
        "versions": Table(_("Versions"), columns, rows, _("Nothing is published yet."), hide_caption=True),
        "publish": own,
    }
    return render(request, "desk/parameters/rules.html", page)


def _standing(each: Publication, current: Publication | None) -> Tag:
    if current is not None and each.pk == current.pk:
        return Tag(_("In force"), "good")
    return Tag(_("Planned"), "busy") if each.since > clock.today() else Tag(_("Replaced"))
