"""The acts of a card's life, one page each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from shebaoka.domain.card_number import to_print
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.base.pieces import Say
from shebaoka.office.base.steps import Answers
from shebaoka.office.cards import selectors, services
from shebaoka.office.cards.choices import Proof, Task
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.services import Ground
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.common import card_address, checked, done_address
from shebaoka.office.desk.cards.forms import (
    CancelForm,
    ConfirmForm,
    HandOutForm,
    LossForm,
    PhoneForm,
    ProofForm,
    WhyForm,
)


def _page(
    request: DeskRequest,
    id: UUID,
    form: type[OfficeForm],
    call: Callable[[Card, Answers], Any],
    title: str,
    done: Say,
    text: Say = "",
) -> HttpResponse:
    found = selectors.card(request.actor, id)
    return checked(
        request,
        form,
        lambda answers: call(found, answers) or found,
        title=f"{title} – {to_print(found.number)}",
        done=done,
        to=done_address(found),
        back=card_address(found),
        text=text,
    )


@desk("cards.card.hand-out")
def hand_out(request: DeskRequest, id: UUID) -> HttpResponse:
    """Into the holder's hands."""

    def call(card: Card, answers: Answers) -> Card:
        return services.card_hand_out(
            request.actor,
            card=card.pk,
            proof=Proof(answers["proof"]),
            agent=answers["agent"],
            old_recovered=answers["old_recovered"],
        )

    text = _("Compare the holder with her document. An exchanged card is taken back first.")
    return _page(request, id, HandOutForm, call, _("Hand the card out"), _("The card is handed out."), text)


@desk("cards.card.activate")
def activate(request: DeskRequest, id: UUID) -> HttpResponse:
    """The social security application."""

    def call(card: Card, answers: Answers) -> Card:
        return services.card_activate(request.actor, card=card.pk, proof=Proof(answers["proof"]))

    text = _("The bank application is activated at the bank, apart from this.")
    title = _("Activate the social security application")
    return _page(request, id, ProofForm, call, title, _("The social security application is active."), text)


@desk("cards.bank.activate")
def bank_activate(request: DeskRequest, id: UUID) -> HttpResponse:
    """The bank's application."""

    def call(card: Card, answers: Answers) -> Card:
        return services.bank_activate(request.actor, card=card.pk, proof=Proof(answers["proof"]))

    title = _("Activate the bank application")
    return _page(request, id, ProofForm, call, title, _("The bank application is active."))


@desk("cards.loss.temporary")
def loss_temporary(request: DeskRequest, id: UUID) -> HttpResponse:
    """By telephone or at the counter."""

    def call(card: Card, answers: Answers) -> Card:
        proof = Proof(answers["proof"])
        return services.loss_temporary(request.actor, card=card.pk, proof=proof, why=answers["why"])

    text = _("The card stops at once, for the days of the region. The bank account is reported at the bank.")
    done = _("The card is stopped; it stands on the blacklist.")
    return _page(request, id, PhoneForm, call, _("Temporary loss report"), done, text)


@desk("cards.loss.formal")
def loss_formal(request: DeskRequest, id: UUID) -> HttpResponse:
    """In writing."""

    def call(card: Card, answers: Answers) -> Card:
        proof = Proof(answers["proof"])
        return services.loss_formal(request.actor, card=card.pk, proof=proof, why=answers["why"])

    text = _("A replacement follows. The bank account is reported at the bank.")
    done = _("The card is stopped; it stands on the blacklist.")
    return _page(request, id, LossForm, call, _("Formal loss report"), done, text)


@desk("cards.loss.release")
def release(request: DeskRequest, id: UUID) -> HttpResponse:
    """The card was found."""

    def call(card: Card, answers: Answers) -> Card:
        return services.loss_release(request.actor, card=card.pk, proof=Proof(answers["proof"]))

    return _page(request, id, ProofForm, call, _("Release the loss report"), _("The report is released."))


@desk("cards.card.lock")
def lock(request: DeskRequest, id: UUID) -> HttpResponse:
    """The administration stops it."""

    def call(card: Card, answers: Answers) -> Card:
        return services.card_lock(request.actor, card=card.pk, why=answers["why"])

    return _page(request, id, WhyForm, call, _("Lock the card"), _("The card is locked."))


@desk("cards.card.unlock")
def unlock(request: DeskRequest, id: UUID) -> HttpResponse:
    """And lets it go on."""

    def call(card: Card, answers: Answers) -> Card:
        return services.card_unlock(request.actor, card=card.pk, why=answers["why"])

    return _page(request, id, WhyForm, call, _("Unlock the card"), _("The card is unlocked."))


@desk("cards.bank.lose")
def bank_lose(request: DeskRequest, id: UUID) -> HttpResponse:
    """What the bank took down."""

    def call(card: Card, answers: Answers) -> Card:
        return services.bank_lose(request.actor, card=card.pk, formal=card.bank == "lost")

    title = _("Loss reported at the bank")
    return _page(request, id, ConfirmForm, call, title, _("The bank's report is recorded."))


@desk("cards.bank.release")
def bank_release(request: DeskRequest, id: UUID) -> HttpResponse:
    """What the bank released."""

    def call(card: Card, answers: Answers) -> Card:
        return services.bank_release(request.actor, card=card.pk)

    title = _("Loss released at the bank")
    return _page(request, id, ConfirmForm, call, title, _("The bank's release is recorded."))


@desk("cards.bank.close")
def bank_close(request: DeskRequest, id: UUID) -> HttpResponse:
    """The account was closed."""

    def call(card: Card, answers: Answers) -> Card:
        return services.bank_close(request.actor, card=card.pk)

    return _page(request, id, ConfirmForm, call, _("Bank account closed"), _("It is recorded."))


@desk("cards.card.cancel")
def cancel(request: DeskRequest, id: UUID) -> HttpResponse:
    """The card ends."""

    def call(card: Card, answers: Answers) -> Card:
        return services.card_cancel(
            request.actor,
            card=card.pk,
            ground=Ground(answers["ground"]),
            proof=Proof(answers["proof"]),
            recovered=answers["recovered"],
            document=answers["document"],
        )

    text = _("A cancelled card never serves again. A person may apply for another one.")
    return _page(request, id, CancelForm, call, _("Cancel the card"), _("The card is cancelled."), text)


@desk("cards.card.recover")
def recover(request: DeskRequest, id: UUID) -> HttpResponse:
    """The plastic came back."""

    def call(card: Card, answers: Answers) -> Card:
        return services.card_recover(request.actor, card=card.pk)

    title = _("The ended card came back")
    return _page(
        request, id, ConfirmForm, call, title, _("The card is recovered; destroy it by two persons.")
    )


@desk("cards.update.queue-block")
def block(request: DeskRequest, id: UUID) -> HttpResponse:
    """The chip is blocked when it next appears."""

    def call(card: Card, answers: Answers) -> object:
        return services.block_queue(
            request.actor, card=card.pk, task=Task.BLOCK_APPLICATION, why=answers["why"]
        )

    title = _("Block the chip when it next appears")
    return _page(request, id, WhyForm, call, title, _("The block waits for the chip."))
