"""Batches: formed, sent, approved, made, delivered."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.domain.card_states import machine
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Notice, Row, Say, Summary, Table
from shebaoka.office.base.steps import Answers
from shebaoka.office.cards import selectors, services
from shebaoka.office.cards.models import Batch
from shebaoka.office.cards.services import Approval, CallingOff
from shebaoka.office.cards.words import state_words
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.cards.common import (
    PAGE,
    banks,
    batch_link,
    bodies,
    card_link,
    outlets,
    product_words,
    products,
    single,
    standing,
    to,
)
from shebaoka.office.desk.cards.forms import (
    BatchForm,
    ConfirmForm,
    DeliverForm,
    TakeOutForm,
    WhyForm,
)
from shebaoka.office.desk.cards.trials import forming


@desk()
def batches(request: DeskRequest) -> HttpResponse:
    """All of her area."""
    pages = page_of(request, selectors.batches(request.actor))
    rows = [
        (
            batch_link(each),
            product_words(each),
            each.bank.name if each.bank is not None else "–",
            each.outlet.name,
            each.size,
            standing("batch", each.status),
        )
        for each in pages
    ]
    columns = [
        Column(_("Number")),
        Column(_("Card product")),
        Column(_("Bank")),
        Column(_("Handed out at")),
        Column(_("Cards"), numeric=True),
        Column(_("Status")),
    ]
    page = {
        "title": _("Batches"),
        "back": reverse("desk:cards:home"),
        "sections": [Table(_("Batches found"), columns, rows, _("None found."), hide_caption=True)],
        "pages": pages,
        "registers": [link for act, link in forming() if request.actor.may(act)],
    }
    return render(request, PAGE, page)


@desk("cards.batch.form")
def batch_form(request: DeskRequest) -> HttpResponse:
    """A batch of what waits."""
    actor = request.actor
    form = BatchForm.of(
        request,
        bodies=bodies(actor),
        products=products(actor),
        banks=banks(actor),
        outlets=outlets(actor),
    )
    made = attempt(form, lambda answers: services.batch_form(actor, **answers))
    if made is not None:
        return redirect("desk:cards:batch", made.number)
    page = {
        "form": form,
        "title": _("Form a batch"),
        "text": _("All accepted applications of one product, bank and outlet go into it, the oldest first."),
        "back": reverse("desk:cards:batches"),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk()
def batch(request: DeskRequest, number: str) -> HttpResponse:
    """One batch: how far it is, its cards, what can be done."""
    found = selectors.batch(request.actor, number)
    done = selectors.progress(found)
    rows = [
        Row(_("Status"), standing("batch", found.status)),
        Row(_("Card product"), product_words(found)),
        Row(_("Bank"), found.bank.name if found.bank is not None else None),
        Row(_("Handed out at"), found.outlet.name),
        Row(_("Production site"), found.site),
        Row(_("Cards"), found.size),
        *(Row(state_words("plastic", key), count) for key, count in sorted(done.items())),
        Row(_("Formed"), found.formed_at),
        Row(_("Approved"), found.approved_at),
        Row(_("Numbers prepared"), found.prepared_at),
        Row(_("Making ended"), found.ended_at),
    ]
    cards = page_of(request, found.cards.order_by("serial"), size=25)
    columns = [Column(_("Card number")), Column(_("Plastic"))]
    page = {
        "title": _("Batch %(number)s") % {"number": found.number},
        "back": reverse("desk:cards:batches"),
        "notice": Notice(found.trouble, "warn") if found.trouble else "",
        "facts": Summary(rows),
        "acts": _acts(request, found),
        "sections": [
            Table(
                _("Cards of the batch"),
                columns,
                [(card_link(each), standing("plastic", each.plastic)) for each in cards],
                _("Their numbers are prepared after the approval."),
                hide_caption=True,
            )
        ],
        "pages": cards,
    }
    return render(request, PAGE, page)


def _acts(request: DeskRequest, found: Batch) -> list[Any]:
    status, ready = found.status, found.prepared_at is not None
    machine_may = machine("batch").may
    early = status in ("formed", "bank-out", "bank-back")
    nobodys = found.test or found.premade
    more = {
        "take-out": early and not nobodys,
        "export-bank": found.bank_id is not None and machine_may("export-bank", status),
        "call-off": machine_may("call-off", status) and not ready,
        "start": ready and machine_may("start", status),
        "resume": machine_may("resume", status) or (status == "approved" and not ready),
        "export-site": ready and not nobodys and machine_may("export-site", status),
    }
    offered: dict[str, Say] = {
        "export-bank": _("File for the bank"),
        "import-bank": _("Return of the bank"),
        "take-out": _("Take an application out"),
        "approve": _("Propose it for approval"),
        "call-off": _("Propose to call it off"),
        "start": _("Begin to make the cards"),
        "pause": _("Pause"),
        "resume": _("Go on"),
        "export-site": _("File for the card maker"),
        "import-site": _("Return of the card maker"),
        "deliver": _("The outlet received the cards"),
    }
    return [
        to(page, text, found.number)
        for page, text in offered.items()
        if more.get(page, machine_may(page, status)) and request.actor.may(f"cards.batch.{page}")
    ]


def one(
    request: DeskRequest,
    number: str,
    form: type[OfficeForm],
    call: Callable[[Batch, Answers], Any],
    title: str,
    done: Say,
) -> HttpResponse:
    """The page of an act about one batch."""
    found = selectors.batch(request.actor, number)
    return single(
        request,
        form.of(request),
        lambda answers: call(found, answers),
        title=f"{title} – {found.number}",
        done=done,
        to=reverse("desk:cards:batch", args=[number]),
    )


@desk("cards.batch.take-out")
def take_out(request: DeskRequest, number: str) -> HttpResponse:
    """One application waits for another batch."""

    def call(found: Batch, answers: Answers) -> Batch:
        return services.batch_take_out(request.actor, batch=found.pk, **answers)

    done = _("The application left the batch.")
    return one(request, number, TakeOutForm, call, _("Take an application out"), done)


@desk("cards.batch.approve")
def approve(request: DeskRequest, number: str) -> HttpResponse:
    """To be checked by a leader."""
    found = selectors.batch(request.actor, number)
    form = ConfirmForm.of(request)
    form.fields["confirmed"].label = _("I have looked at the rendered card face")
    answer = attempt(
        form,
        lambda answers: proposed(
            request,
            "cards.batch.approve",
            found.organization,
            Approval(found.pk, answers["confirmed"]),
            subject=found,
        ),
    )
    if answer is not None:
        return answer
    page = {
        "form": form,
        "title": _("Approve batch %(number)s") % {"number": number},
        "text": _(
            "The order is checked against the region's approval: face, structure, product, groups, quantity."
        ),
        "button": _("Propose"),
        "back": reverse("desk:cards:batch", args=[number]),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk("cards.batch.call-off")
def call_off(request: DeskRequest, number: str) -> HttpResponse:
    """To be checked by a leader."""
    found = selectors.batch(request.actor, number)
    form = WhyForm.of(request)
    answer = attempt(
        form,
        lambda answers: proposed(
            request,
            "cards.batch.call-off",
            found.organization,
            CallingOff(found.pk, answers["why"]),
            subject=found,
        ),
    )
    if answer is not None:
        return answer
    page = {
        "form": form,
        "title": _("Call batch %(number)s off") % {"number": number},
        "button": _("Propose"),
        "back": reverse("desk:cards:batch", args=[number]),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk("cards.batch.start")
def start(request: DeskRequest, number: str) -> HttpResponse:
    """In the background."""

    def call(found: Batch, answers: Answers) -> Batch:
        return services.batch_start(request.actor, batch=found.pk)

    done = _("The cards are made in the background; this page shows how far it is.")
    return one(request, number, ConfirmForm, call, _("Begin to make the cards"), done)


@desk("cards.batch.pause")
def pause(request: DeskRequest, number: str) -> HttpResponse:
    """At the next card."""

    def call(found: Batch, answers: Answers) -> Batch:
        return services.batch_pause(request.actor, batch=found.pk)

    return one(request, number, ConfirmForm, call, _("Pause"), _("The batch is paused."))


@desk("cards.batch.resume")
def resume(request: DeskRequest, number: str) -> HttpResponse:
    """With the first card that is not made."""

    def call(found: Batch, answers: Answers) -> Batch:
        return services.batch_resume(request.actor, batch=found.pk)

    return one(request, number, ConfirmForm, call, _("Go on"), _("The batch goes on."))


@desk("cards.batch.deliver")
def deliver(request: DeskRequest, number: str) -> HttpResponse:
    """With the packing list."""

    def call(found: Batch, answers: Answers) -> Batch:
        return services.batch_deliver(request.actor, batch=found.pk, document=answers["document"])

    title = _("The outlet received the cards")
    return one(request, number, DeliverForm, call, title, _("The cards can be handed out."))
