"""What differs between the registry and the national base, and what it has not heard yet."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.people.common import single
from shebaoka.office.desk.people.forms import SettleDifferenceForm
from shebaoka.office.desk.people.reading import masked
from shebaoka.office.people import selectors
from shebaoka.office.people.national.reconciling import Explanation, Kind
from shebaoka.office.people.services import difference_settle


@desk("people.search")
def national(request: DeskRequest) -> HttpResponse:
    """Open differences of her area."""
    found = page_of(request, selectors.differences(request.actor), "page")
    may = request.actor.may("people.difference.settle")
    rows = [
        (
            masked(each.number),
            _kind(each.kind),
            ", ".join(each.fields),
            each.found_on,
            _explained(each.explanation),
            Link(_("Settle it"), reverse("desk:people:difference", args=[each.pk]), masked(each.number))
            if may
            else "",
        )
        for each in found
    ]
    names = (_("Number"), _("Difference"), _("Fields"), _("Found at"), _("Explanation"), _("Settle it"))
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


@desk("people.difference.settle")
def settle(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What was found out about one of them."""
    found = selectors.differences(request.actor).filter(pk=pk).first()
    if found is None:
        raise Refusal("base.not-found", what="difference")
    return single(
        request,
        SettleDifferenceForm.of(request),
        lambda answers: difference_settle(request.actor, difference=pk, why=answers["why"]),
        title=_("Settle a difference: %(number)s") % {"number": masked(found.number)},
        done=_("The difference is settled."),
        to=reverse("desk:people:national"),
        text=f"{_kind(found.kind)} {', '.join(found.fields)}".strip(),
    )


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
