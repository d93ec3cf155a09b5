"""Sending, receiving, counting, taking back: pages with a line for every carrier."""

from collections.abc import Callable

import msgspec
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.custody.selectors import registers
from shebaoka.office.custody.services import Count, Receiving, Release, Return, Sending
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.custody.carrier_forms import (
    CountForm,
    ReceivingForm,
    SendingForm,
    SentCarriersForm,
    TakingBackForm,
)
from shebaoka.office.organizations.roles import acts


@desk("custody.dispatch.send")
def send(request: DeskRequest) -> HttpResponse:
    """Carriers to a body below that applied, or back up."""
    body = request.actor.organization
    steps = [
        Step("paper", _("Application and couriers"), SendingForm, values=lambda a: {"actor": request.actor}),
        Step("carriers", _("Which carriers go"), SentCarriersForm, values=lambda a: {"actor": request.actor}),
    ]

    def content(answers: Answers) -> Sending:
        if answers["order"]:
            receiver = registers.order(request.actor, answers["order"]).organization.code
        else:
            receiver = body.parent.code if body.parent else ""
        return Sending(
            organization=body.code,
            receiver=receiver,
            order=answers["order"],
            document=answers["document"],
            transport=answers["transport"],
            courier_a=answers["courier_a"].strip(),
            courier_b=answers["courier_b"].strip(),
            carriers=SentCarriersForm.sent(answers),
            place=answers["place"],
        )

    return _propose(request, "custody.dispatch.send", steps, content, "dispatches")


@desk("custody.dispatch.receive")
def receive(request: DeskRequest, number: str) -> HttpResponse:
    """The count of a memorandum."""
    dispatch = registers.dispatch(request.actor, number)
    values = {"actor": request.actor, "dispatch": dispatch}
    steps = [Step("count", _("What the count found"), ReceivingForm, values=lambda a: values)]

    def content(answers: Answers) -> Receiving:
        return Receiving(request.actor.organization.code, number, ReceivingForm.arrived(answers))

    return _propose(request, "custody.dispatch.receive", steps, content, "dispatches")


@desk("custody.stock-take.record")
def count(request: DeskRequest) -> HttpResponse:
    """A stock-take."""
    steps = [Step("count", _("What the count found"), CountForm, values=lambda a: {"actor": request.actor})]

    def content(answers: Answers) -> Count:
        return Count(request.actor.organization.code, *CountForm.counted(answers))

    return _propose(request, "custody.stock-take.record", steps, content, "stock-takes")


@desk("custody.hand-over.release")
def release(request: DeskRequest, number: str) -> HttpResponse:
    """The carriers of a hand-over leave."""
    registers.hand_over(request.actor, number)

    def content(answers: Answers) -> Release:
        return Release(request.actor.organization.code, number)

    return _propose(request, "custody.hand-over.release", [], content, "hand-overs")


@desk("custody.hand-over.return")
def take_back(request: DeskRequest, number: str) -> HttpResponse:
    """The carriers of a hand-over are back."""
    values = {"actor": request.actor, "hand_over": registers.hand_over(request.actor, number)}
    steps = [Step("back", _("What came back"), TakingBackForm, values=lambda a: values)]

    def content(answers: Answers) -> Return:
        return Return(request.actor.organization.code, number, TakingBackForm.back(answers))

    return _propose(request, "custody.hand-over.return", steps, content, "hand-overs")


def _propose(
    request: DeskRequest,
    act: str,
    steps: list[Step],
    content: Callable[[Answers], msgspec.Struct],
    back: str,
) -> HttpResponse:
    body = request.actor.organization
    return ask(
        request,
        steps,
        lambda answers: proposed(request, act, body, content(answers)),
        title=acts()[act].name,
        button=_("Propose"),
        note=_("Nothing changes before the other persons have signed."),
        context={"back": reverse(f"desk:custody:{back}")},
    )
