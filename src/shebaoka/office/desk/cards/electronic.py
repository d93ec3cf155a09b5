"""The electronic card of a holder at the counter: its state, opened, a new password, closed, verified."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.domain.card_number import to_print
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import attempt
from shebaoka.office.base.pieces import Column, Link, Row, Say, Summary, Table, Tag
from shebaoka.office.base.steps import Answers
from shebaoka.office.cards import selectors, services
from shebaoka.office.cards.chip.proving import prove_pin
from shebaoka.office.cards.chip.readers import reader_of
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card, ElectronicCard
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.card import near
from shebaoka.office.desk.cards.common import PAGE, card_address, standing
from shebaoka.office.desk.cards.electronic_forms import HolderForm, PasswordForm, TokenForm
from shebaoka.office.organizations.reading import read_noted
from shebaoka.office.people.models import Person

_ACTS = (
    ("cards.electronic.open", "electronic-open", False),
    ("cards.electronic.reset", "electronic-reset", True),
    ("cards.electronic.close", "electronic-close", True),
)


@desk(session=True)
def electronic(request: DeskRequest, id: UUID) -> HttpResponse:
    """What there is; that it was read is noted for the holder (R-19)."""
    card, person = _hers(request, id)
    found = selectors.electronic_of(person)
    read_noted(
        request.actor,
        organization=near(request, card),
        subject=card,
        purpose="cards.counter",
        fields=("cards.qr", "cards.states"),
    )
    page = {
        "title": _("Electronic card – %(number)s") % {"number": to_print(card.number)},
        "back": card_address(card),
        "facts": Summary(_facts(card, found)),
        "acts": [
            Link(_names()[name], reverse(f"desk:cards:{name}", args=[id]))
            for act, name, there in _ACTS
            if there == (found is not None) and request.actor.may(act)
        ],
        "sections": [_uses(found)] if found is not None else [],
    }
    return render(request, PAGE, page)


@desk("cards.electronic.open", once=False)
def opened(request: DeskRequest, id: UUID) -> HttpResponse:
    """With a consent and six digits that she chooses."""

    def call(person: Person, proof: Proof, answers: Answers) -> object:
        return services.electronic_open(
            request.actor, person=person.pk, password=answers["password"], proof=proof
        )

    text = _("The holder wants it, and types six digits that are no other password of hers.")
    return _act(request, id, PasswordForm, call, "electronic-open", _("The electronic card is open."), text)


@desk("cards.electronic.reset", once=False)
def reset(request: DeskRequest, id: UUID) -> HttpResponse:
    """For who forgot it, or waits after wrong ones."""

    def call(person: Person, proof: Proof, answers: Answers) -> object:
        return services.electronic_reset(
            request.actor, person=person.pk, password=answers["password"], proof=proof
        )

    text = _("The waiting time after wrong passwords ends too.")
    return _act(request, id, PasswordForm, call, "electronic-reset", _("The new password holds."), text)


@desk("cards.electronic.close", once=False)
def close(request: DeskRequest, id: UUID) -> HttpResponse:
    """She does not want it any more."""

    def call(person: Person, proof: Proof, answers: Answers) -> object:
        return services.electronic_close(request.actor, person=person.pk, proof=proof)

    return _act(request, id, HolderForm, call, "electronic-close", _("The electronic card is closed."))


@desk("cards.electronic.verify")
def verify(request: DeskRequest) -> HttpResponse:
    """A code that somebody shows: taken once, answered with the state of her card (R-63)."""
    form = TokenForm.of(request)

    def call(answers: Answers) -> Summary:
        told = services.electronic_verify(
            request.actor,
            organization=request.actor.organization,
            token=answers["token"].strip(),
            identified=answers["identified"],
        )
        return Summary(
            [
                Row(_("Result"), Tag(_("Valid"), "good") if told.usable else Tag(_("Not valid"), "bad")),
                Row(_("Social security application"), standing("social", told.social)),
                Row(_("Bank application"), standing("bank", told.bank)),
                Row(_("Level"), told.level),
                Row(_("Reference"), told.reference),
                Row(_("Social security number"), told.number or None),
            ]
        )

    told = attempt(form, call)
    title, back = _("Verify an electronic card"), reverse("desk:cards:home")
    if told is not None:
        return render(request, PAGE, {"title": title, "back": back, "facts": told})
    page = {
        "form": form,
        "title": title,
        "text": _("Scan the code the holder shows. It holds for a minute and once."),
        "button": _("Verify it"),
        "back": back,
    }
    return render(request, "desk/form.html", page, status=form.status)


def _hers(request: DeskRequest, id: UUID) -> tuple[Card, Person]:
    card = selectors.card(request.actor, id)
    if card.person is None:
        raise Refusal("cards.nobodys")
    return card, card.person


def _act(
    request: DeskRequest,
    id: UUID,
    form_type: type[HolderForm],
    call: Callable[[Person, Proof, Answers], Any],
    name: str,
    done: Say,
    text: Say = "",
) -> HttpResponse:
    card, person = _hers(request, id)
    form = form_type.of(request)

    def served(answers: Answers) -> object:
        proof = Proof(answers["proof"])
        if proof is Proof.PIN:
            proof = prove_pin(request.actor, card, reader_of(request.actor, card), answers["pin"])
        return call(person, proof, answers)

    back = reverse("desk:cards:electronic", args=[id])
    if attempt(form, served) is not None:
        messages.success(request, str(done))
        return redirect(back)
    page = {
        "form": form,
        "title": f"{_names()[name]} – {to_print(card.number)}",
        "text": text,
        "back": back,
        "reader": True,
    }
    return render(request, "desk/form.html", page, status=form.status)


def _names() -> dict[str, str]:
    return {
        "electronic-open": _("Open an electronic card"),
        "electronic-reset": _("Give it a new password"),
        "electronic-close": _("Close the electronic card"),
    }


def _facts(card: Card, found: ElectronicCard | None) -> list[Row]:
    rows = [
        Row(_("Social security application"), standing("social", card.social)),
        Row(_("Bank application"), standing("bank", card.bank)),
    ]
    if found is None:
        return [Row(_("Status"), Tag(_("None"))), *rows]
    usable = card.social == "1"
    state = Tag(_("Open"), "good") if usable else Tag(_("Stopped, as the card is"), "bad")
    return [
        Row(_("Status"), state),
        *rows,
        Row(_("Opened"), found.opened_at),
        Row(_("Wrong passwords"), found.failures),
        Row(_("Waits until"), found.wait_until),
    ]


def _uses(found: ElectronicCard) -> Table:
    rows = [(each.at, each.by.name) for each in selectors.token_uses(found)[:20]]
    columns = [Column(_("Time")), Column(_("Where"))]
    return Table(_("Where it was shown"), columns, rows, _("Nowhere yet."), hide_caption=True)
