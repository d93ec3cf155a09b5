"""Service agreements and places of use."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base import clock
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Table, Tag
from shebaoka.office.base.steps import Answers
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.psams.common import home as to
from shebaoka.office.desk.psams.common import listing, single, units
from shebaoka.office.desk.psams.forms import AgreementForm, WhyForm
from shebaoka.office.desk.psams.order_forms import PlaceOfUseForm
from shebaoka.office.organizations.selectors import organization
from shebaoka.office.psams import selectors, services
from shebaoka.office.psams.choices import Network, PlaceKind
from shebaoka.office.psams.models import Agreement, Place


@desk()
def home(request: DeskRequest) -> HttpResponse:
    """Agreements and places of her area."""
    agreements = page_of(request, selectors.agreements(request.actor), "agreements")
    places = page_of(request, selectors.places(request.actor), "places")
    offered = [
        ("psams.agreement.record", "agreement", _("Record a service agreement")),
        ("psams.place.record", "place", _("Record a place of use")),
    ]
    page = {
        "title": _("Agreements and places of use"),
        "back": reverse("desk:psams:home"),
        "acts": [to(name, text) for act, name, text in offered if request.actor.may(act)],
        "sections": [_agreements(request, list(agreements)), _places(request, list(places))],
        "pages": places,
    }
    return render(request, "desk/psams/page.html", page)


@desk("psams.agreement.record")
def agreement(request: DeskRequest) -> HttpResponse:
    """Another agreement."""

    def call(answers: Answers) -> Agreement:
        unit = organization(request.actor, answers.pop("unit"))
        return services.agreement_record(request.actor, body=request.actor.organization, unit=unit, **answers)

    form = AgreementForm.of(request, units=units(request.actor))
    title, done = _("Record a service agreement"), _("The agreement is recorded.")
    return single(request, form, call, title=title, done=done, to=reverse("desk:psams:units"))


@desk("psams.agreement.end")
def agreement_end(request: DeskRequest, id: UUID) -> HttpResponse:
    """It ends before its last day."""
    found = selectors.agreement(request.actor, id)
    return single(
        request,
        WhyForm.of(request),
        lambda answers: services.agreement_end(request.actor, agreement=found, why=answers["why"]),
        title=_("End agreement %(number)s") % {"number": found.number},
        done=_("The agreement has ended; what the unit holds is called back."),
        to=reverse("desk:psams:units"),
    )


@desk("psams.place.record")
def place(request: DeskRequest) -> HttpResponse:
    """Another place, or what changed of one: the code tells."""

    def call(answers: Answers) -> Place:
        unit = organization(request.actor, answers.pop("unit"))
        kind, network = PlaceKind(answers.pop("kind")), Network(answers.pop("network"))
        body = request.actor.organization
        return services.place_record(
            request.actor, body=body, unit=unit, kind=kind, network=network, **answers
        )

    form = PlaceOfUseForm.of(request, units=units(request.actor))
    title, done = _("Record a place of use"), _("The place is recorded.")
    text = _("A place that has this code already is changed.")
    return single(request, form, call, title=title, done=done, to=reverse("desk:psams:units"), text=text)


@desk("psams.place.close")
def place_close(request: DeskRequest, unit: str, code: str) -> HttpResponse:
    """No PSAM is used there any more."""
    body, at = request.actor.organization, organization(request.actor, unit)
    return single(
        request,
        WhyForm.of(request),
        lambda answers: services.place_close(request.actor, body=body, unit=at, code=code, **answers),
        title=_("Close the place %(code)s") % {"code": code},
        done=_("The place is closed."),
        to=reverse("desk:psams:units"),
    )


def _agreements(request: DeskRequest, found: list[Agreement]) -> Table:
    ends = request.actor.may("psams.agreement.end")
    columns = [Column(_("Number")), Column(_("Unit")), Column(_("Valid from")), Column(_("Valid until"))]
    columns += [Column(_("State"))] + ([Column(_("Change"))] if ends else [])
    rows: list[list[object]] = []
    for each in found:
        over = each.ended_on is not None or each.until < clock.today()
        state = Tag(_("Over")) if over else Tag(_("Valid"), "good")
        row: list[object] = [each.number, each.unit.name, each.since, each.until, state]
        if ends:
            url = reverse("desk:psams:agreement-end", args=[each.pk])
            row.append("" if over else Link(_("End it"), url, each.number))
        rows.append(row)
    return listing(_("Service agreements"), columns, rows, _("None yet."))


def _places(request: DeskRequest, found: list[Place]) -> Table:
    ends = request.actor.may("psams.place.close")
    columns = [Column(_("Code")), Column(_("Unit")), Column(_("Name")), Column(_("Address"))]
    columns += [Column(_("Network")), Column(_("Terminals"), numeric=True)]
    columns += [Column(_("Change"))] if ends else []
    rows: list[list[object]] = []
    for each in found:
        row: list[object] = [each.code, each.unit.name, each.name, each.address]
        row += [each.get_network_display(), each.terminals]
        if ends:
            url = reverse("desk:psams:place-close", args=[each.unit.code, each.code])
            row.append(Link(_("Close it"), url, each.name))
        rows.append(row)
    return listing(_("Places of use"), columns, rows, _("None yet."))
