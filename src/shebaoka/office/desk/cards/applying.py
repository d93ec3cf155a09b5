"""Applications: taken, listed, withdrawn, taken up again, made at once."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.domain.card_states import machine
from shebaoka.office.base.forms import attempt
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table
from shebaoka.office.base.steps import Answers
from shebaoka.office.cards import selectors, services
from shebaoka.office.cards.chip.readers import blank_in
from shebaoka.office.cards.choices import (
    ApplicationKind,
    Delivery,
    Making,
    Proof,
    Reason,
)
from shebaoka.office.cards.models import Application, Card
from shebaoka.office.cards.papers import application_pdf, masked, number_masked
from shebaoka.office.cards.production.instant import issue_instantly
from shebaoka.office.cards.services import NewApplication
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.common import (
    PAGE,
    banks,
    card_address,
    card_link,
    checked,
    outlets,
    products,
    single,
    standing,
    to,
)
from shebaoka.office.desk.cards.forms import (
    ApplyForm,
    BankOpenedForm,
    ConfirmForm,
    PersonForm,
    StateForm,
    WhyForm,
)
from shebaoka.office.people.selectors import person as person_of
from shebaoka.office.people.selectors import person_by_number


@desk("cards.application.take")
def apply(request: DeskRequest) -> HttpResponse:
    """Who is before the clerk."""
    form = PersonForm.of(request)
    found = attempt(form, lambda answers: person_by_number(request.actor, answers["person"]))
    if found is not None:
        return redirect("desk:cards:take", found.pk)
    page = {
        "form": form,
        "title": _("Take an application"),
        "text": _("The person is in the registry already; otherwise enroll her first."),
        "button": _("Continue"),
        "back": reverse("desk:cards:home"),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk("cards.application.take")
def take(request: DeskRequest, person: UUID) -> HttpResponse:
    """What she wants."""
    found = person_of(request.actor, person)
    actor = request.actor
    offered = {"products": products(actor), "banks": banks(actor), "outlets": outlets(actor)}

    def call(answers: Answers) -> Application:
        new = NewApplication(
            kind=ApplicationKind(answers["kind"]),
            reason=Reason(answers["why"]),
            product=answers["product"],
            population=answers["population"],
            outlet=answers["outlet"],
            bank=answers["bank"],
            making=Making(answers["making"]),
            delivery=Delivery(answers["delivery"]),
            proof=Proof(answers["proof"]),
            agent=(answers["agent_name"], answers["agent_document"]),
        )
        return services.application_take(actor, person=found.pk, new=new)

    return checked(
        request,
        ApplyForm,
        call,
        title=_("Application of %(name)s") % {"name": masked(found.name)},
        done=_("The application is taken."),
        to=lambda made: reverse("desk:cards:application", args=[made.number]),
        back=reverse("desk:cards:holder", args=[found.pk]),
        text=number_masked(found.number),
        values=offered,
    )


@desk()
def applications(request: DeskRequest) -> HttpResponse:
    """All of her area."""
    form = StateForm(request.GET or None, machine_key="application")
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    pages = page_of(request, selectors.applications(request.actor, status=chosen.get("state", "")))
    rows = [
        (
            Link(each.number, reverse("desk:cards:application", args=[each.number])),
            masked(each.person.name),
            each.get_kind_display(),
            each.outlet.name,
            each.at,
            standing("application", each.status),
        )
        for each in pages
    ]
    columns = [
        Column(_("Number")),
        Column(_("Holder")),
        Column(_("What is applied for")),
        Column(_("Handed out at")),
        Column(_("Time")),
        Column(_("Status")),
    ]
    page = {
        "title": _("Applications for cards"),
        "back": reverse("desk:cards:home"),
        "filter": form,
        "sections": [Table(_("Applications found"), columns, rows, _("None found."), hide_caption=True)],
        "pages": pages,
    }
    return render(request, PAGE, page)


@desk()
def application(request: DeskRequest, number: str) -> HttpResponse:
    """One application, its card, and what can be done."""
    found = selectors.application(request.actor, number)
    cards = list(found.cards.order_by("pk"))
    rows = [
        Row(_("Status"), standing("application", found.status)),
        Row(_("What is applied for"), found.get_kind_display()),
        Row(_("Reason"), found.get_reason_display()),
        Row(_("Holder"), masked(found.person.name)),
        Row(_("Card product"), found.product.name),
        Row(_("Bank"), found.bank.name if found.bank is not None else None),
        Row(_("Group of the population"), found.population),
        Row(_("Handed out at"), found.outlet.name),
        Row(_("How it is made"), found.get_making_display()),
        Row(_("Fee (yuan)"), f"{found.fee / 100:.2f}"),
        Row(_("Taken"), found.at),
        Row(_("Remark"), found.why),
        *(Row(_("Card number"), card_link(card)) for card in cards),
    ]
    may = machine("application").may
    instant = found.making == Making.INSTANT and found.status in ("accepted", "batched", "producing")
    offered = [
        ("cards.instant.begin", "instant", _("Make the card now"), instant),
        ("cards.application.retry", "retry", _("Take it up again"), may("retry", found.status)),
        ("cards.application.withdraw", "withdraw", _("Withdraw it"), may("withdraw", found.status)),
    ]
    page = {
        "title": _("Application %(number)s") % {"number": found.number},
        "back": reverse("desk:cards:applications"),
        "facts": Summary(rows),
        "acts": [
            *(to(name, text, number) for act, name, text, fits in offered if fits and request.actor.may(act)),
            to("application-receipt", _("Receipt to sign (PDF)"), number),
        ],
    }
    return render(request, PAGE, page)


@desk()
def receipt(request: DeskRequest, number: str) -> HttpResponse:
    """What was applied for, for the holder."""
    found = selectors.application(request.actor, number)
    response = HttpResponse(application_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return response


@desk("cards.application.withdraw")
def withdraw(request: DeskRequest, number: str) -> HttpResponse:
    """She does not want it any more."""
    found = selectors.application(request.actor, number)
    return single(
        request,
        WhyForm.of(request),
        lambda answers: services.application_withdraw(
            request.actor, application=found.pk, why=answers["why"]
        ),
        title=_("Withdraw application %(number)s") % {"number": number},
        done=_("The application is withdrawn."),
        to=reverse("desk:cards:application", args=[number]),
    )


@desk("cards.application.retry")
def retry(request: DeskRequest, number: str) -> HttpResponse:
    """What stood against it is settled."""
    found = selectors.application(request.actor, number)
    return single(
        request,
        ConfirmForm.of(request),
        lambda answers: services.application_retry(request.actor, application=found.pk),
        title=_("Take application %(number)s up again") % {"number": number},
        done=_("The application waits for a batch again."),
        to=reverse("desk:cards:application", args=[number]),
    )


@desk("cards.instant.begin", once=False)
def instant(request: DeskRequest, number: str) -> HttpResponse:
    """The card is made while its holder waits."""
    found = selectors.application(request.actor, number)
    opened = found.bank is None or found.bank_card != ""
    form = (ConfirmForm if opened else BankOpenedForm).of(request)

    def call(answers: Answers) -> Card:
        if not opened:
            given = answers["bank_card"]
            services.instant_bank_card(request.actor, application=found.pk, bank_card=given)
        return issue_instantly(request.actor, found, blank_in(request.actor))

    made = attempt(form, call)
    if made is not None:
        return redirect(card_address(made))
    page = {
        "form": form,
        "title": _("Make the card now"),
        "text": _("Put a blank card into the reader. It is made, read back and recorded in one go."),
        "button": _("Make it"),
        "reader": True,
        "back": reverse("desk:cards:application", args=[number]),
    }
    return render(request, "desk/form.html", page, status=form.status)
