"""What an incident affects: a few things with their names, many as a sum by kind with a page of their own."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Table
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.incidents.asking import looked_at
from shebaoka.office.incidents.choices import AffectedKind
from shebaoka.office.incidents.models import Affected, Incident

FEW = 12
"""So many stand on the page of the incident itself."""
_SIZE = 100


@dataclass(frozen=True)
class Listed:
    """For a template: the table, and where everything is listed, empty when the table has it all."""

    table: Table
    everything: str = ""


def affected_of(found: Incident) -> Listed:
    """For the page of the incident."""
    counted = found.affected.order_by("kind").values_list("kind").annotate(number=Count("pk"))
    if sum(number for _kind, number in counted) <= FEW:
        return Listed(_table(found.affected.order_by("kind", "reference")))
    url = reverse("desk:incidents:affects", args=[found.number])
    rows = [(Link(AffectedKind(kind).label, f"{url}?kind={kind}"), number) for kind, number in counted]
    columns = [Column(_("Kind")), Column(_("How many"), numeric=True)]
    return Listed(Table(_("What is affected"), columns, rows, hide_caption=True), url)


@desk()
def affects(request: DeskRequest, number: str) -> HttpResponse:
    """All of it, or one kind (``?kind=``), in pages."""
    found = looked_at(request, number)
    if isinstance(found, HttpResponse):
        return found
    kind = request.GET.get("kind", "")
    listed = found.affected.order_by("kind", "reference")
    if kind in AffectedKind.values:
        listed = listed.filter(kind=kind)
    pages = page_of(request, listed, size=_SIZE)
    counted = found.affected.order_by("kind").values_list("kind").annotate(number=Count("pk"))
    kinds = [Link(f"{AffectedKind(each).label}: {many}", f"?kind={each}") for each, many in counted]
    page = {
        "incident": found,
        "table": _table(pages),
        "pages": pages,
        "kinds": kinds,
        "only": kind in AffectedKind.values,
    }
    return render(request, "desk/incidents/affects.html", page)


def _table(listed: Iterable[Affected]) -> Table:
    rows = [(each.reference, each.get_kind_display(), each.name) for each in listed]
    columns = [Column(_("Number in its register")), Column(_("Kind")), Column(_("What it is"))]
    return Table(_("What is affected"), columns, rows, _("Nothing is listed yet."), hide_caption=True)
