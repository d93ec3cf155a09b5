"""What differs between the registry and the national base, and what it has not heard yet."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Row, Summary, Table, Tag
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.people.reading import masked
from shebaoka.office.people import selectors
from shebaoka.office.people.national.reconciling import Explanation, Kind


@desk("people.search")
def national(request: DeskRequest) -> HttpResponse:
    """Open differences of her area."""
    found = page_of(request, selectors.differences(request.actor), "page")
    rows = [
        (
            masked(each.number),
            _kind(each.kind),
            ", ".join(each.fields),
            each.found_on,
            _explained(each.explanation),
        )
        for each in found
    ]
    names = (_("Number"), _("Difference"), _("Fields"), _("Found at"), _("Explanation"))
    page = {
        "title": _("National base"),
        "facts": Summary([Row(_("Changes not sent yet"), selectors.unsent(request.actor))]),
        "table": Table(
            _("Differences"),
            [Column(text) for text in names],
            rows,
            _("Registry and base agree."),
            hide_caption=True,
        ),
        "pages": found,
    }
    return render(request, "desk/people/national.html", page)


def _kind(value: str) -> str:
    texts = {
        Kind.MISSING_THERE: _("The base does not have the person"),
        Kind.MISSING_HERE: _("Only the base has the person"),
        Kind.DIFFERS: _("They differ"),
    }
    return texts[Kind(value)]


def _explained(value: str) -> Tag:
    texts = {
        Explanation.WAITS.value: _("A change waits to be sent"),
        Explanation.SENT_AGAIN.value: _("Sent again"),
        "": _("To be looked at"),
    }
    return Tag(texts.get(value, value), "warn" if not value else "busy")
