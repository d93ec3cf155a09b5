"""Persons whose insured place moves: asked for by one agency, let go by the other."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag, Tone
from shebaoka.office.base.steps import Answers
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.people import forms, reading
from shebaoka.office.desk.people.common import single
from shebaoka.office.organizations.selectors import organizations
from shebaoka.office.people import selectors, services
from shebaoka.office.people.choices import TransferState
from shebaoka.office.people.models import Transfer
from shebaoka.office.people.services.moving import PLACES

_COLOR: dict[TransferState, Tone] = {TransferState.WAITING: "warn", TransferState.REFUSED: "bad"}


@desk("people.search")
def moves(request: DeskRequest) -> HttpResponse:
    """From and to her area, those that wait first."""
    found = page_of(request, selectors.transfers(request.actor), "page")
    rows = [
        (
            Link(reading.name(each.person), _page(each), reading.masked(each.person.number)),
            each.giving.name,
            each.receiving.name,
            each.asked_at,
            _state(each),
        )
        for each in found
    ]
    names = (_("Person"), _("Leaves"), _("Goes to"), _("Asked at"), _("State"))
    title = _("Moves between agencies")
    page = {
        "title": title,
        "table": Table(title, [Column(text) for text in names], rows, _("None."), hide_caption=True),
        "pages": found,
        "asks": request.actor.may("people.transfer.ask"),
    }
    return render(request, "desk/people/moves.html", page)


@desk("people.transfer.ask")
def ask_move(request: DeskRequest) -> HttpResponse:
    """A person insured elsewhere is to be insured here."""
    own = organizations(request.actor).filter(kind__in=PLACES)
    form = forms.MoveForm.of(request, places=[(each.code, f"{each.code} {each.name}") for each in own])

    def call(answers: Answers) -> Transfer:
        agency = own.get(code=answers.pop("agency"))
        return services.transfer_ask(request.actor, agency=agency, **answers)

    return single(
        request,
        form,
        call,
        title=_("Ask for a person insured elsewhere"),
        done=_("The agency she leaves decides it now."),
        to=_page,
        back=reverse("desk:people:moves"),
        text=_("Number and name must both be right. Nothing of her is shown before she is insured here."),
    )


@desk("people.search")
def move(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One of them, with what may be decided here."""
    found = selectors.transfer(request.actor, pk)
    rows = [
        Row(_("Number"), reading.masked(found.person.number)),
        Row(_("Leaves"), found.giving.name),
        Row(_("Goes to"), found.receiving.name),
        Row(_("Reason"), found.reason),
        Row(_("Asked at"), found.asked_at),
        Row(_("State"), _state(found)),
    ]
    if found.decided_at is not None:
        rows.append(Row(_("Decided at"), found.decided_at))
    if found.remark:
        rows.append(Row(_("Remark"), found.remark))
    page = {"title": reading.name(found.person), "facts": Summary(rows), "acts": _acts(request, found)}
    return render(request, "desk/people/move.html", page)


@desk("people.transfer.release")
def release(request: DeskRequest, pk: UUID) -> HttpResponse:
    """She may go."""
    return _decide(
        request,
        pk,
        OfficeForm.of(request),
        lambda answers: services.transfer_release(request.actor, transfer=pk),
        _("Let her go"),
    )


@desk("people.transfer.refuse")
def refuse(request: DeskRequest, pk: UUID) -> HttpResponse:
    """She stays."""
    return _decide(
        request,
        pk,
        forms.WhyForm.of(request),
        lambda answers: services.transfer_refuse(request.actor, transfer=pk, **answers),
        _("Refuse it"),
    )


@desk("people.transfer.withdraw")
def withdraw(request: DeskRequest, pk: UUID) -> HttpResponse:
    """It is not wanted any more."""
    return _decide(
        request,
        pk,
        forms.WhyForm.of(request),
        lambda answers: services.transfer_withdraw(request.actor, transfer=pk, **answers),
        _("Take it back"),
    )


def _decide(
    request: DeskRequest, pk: UUID, form: OfficeForm, call: Callable[[Answers], Transfer], title: str
) -> HttpResponse:
    found = selectors.transfer(request.actor, pk)
    text = f"{reading.name(found.person)}: {found.giving.name} → {found.receiving.name}"
    return single(request, form, call, title=title, done=_("It is decided."), to=_page(found), text=text)


def _page(of: Transfer) -> str:
    return reverse("desk:people:move", args=[of.pk])


def _state(of: Transfer) -> Tag:
    return Tag(of.get_state_display(), _COLOR.get(TransferState(of.state), "plain"))


def _acts(request: DeskRequest, of: Transfer) -> list[Link]:
    """What may be decided: by the agency she leaves, and by the one that asked."""
    if of.state != TransferState.WAITING:
        return []
    actor = request.actor
    offered = (
        (of.giving, "people.transfer.release", "release", _("Let her go")),
        (of.giving, "people.transfer.refuse", "refuse-move", _("Refuse it")),
        (of.receiving, "people.transfer.withdraw", "withdraw-move", _("Take it back")),
    )
    return [
        Link(text, reverse(f"desk:people:{name}", args=[of.pk]))
        for place, act, name, text in offered
        if actor.organization.contains(place) and actor.may(act)
    ]
