"""The card in the reader: written, compared, its PIN served."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shebaoka.domain.card_number import to_print
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.pieces import Column, Table, Tag
from shebaoka.office.base.steps import Answers
from shebaoka.office.cards import selectors
from shebaoka.office.cards.chip.comparing import compare as compared
from shebaoka.office.cards.chip.pins import serve_pin
from shebaoka.office.cards.chip.readers import reader_of
from shebaoka.office.cards.chip.syncing import Contact
from shebaoka.office.cards.chip.syncing import sync as synced
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.services import PinService
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.common import PAGE, card_address
from shebaoka.office.desk.cards.forms import ConfirmForm, PinForm


@desk("cards.update.record", once=False)
def sync(request: DeskRequest, id: UUID) -> HttpResponse:
    """What waits is written."""
    found = selectors.card(request.actor, id)
    form = ConfirmForm.of(request)

    def call(answers: Answers) -> Contact:
        return synced(request.actor, found, reader_of(request.actor, found))

    done = attempt(form, call)
    if done is not None:
        said = _("%(written)d items written, %(open)d wait.") % {"written": done.written, "open": done.open}
        messages.success(request, said)
        if done.trouble:
            messages.warning(request, done.trouble)
        return redirect(card_address(found))
    page = {
        "form": form,
        "title": _("Write what waits – %(number)s") % {"number": to_print(found.number)},
        "back": card_address(found),
        "text": _("Put the card into the reader and leave it there until the page says that it is done."),
        "reader": True,
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk("cards.update.record", once=False)
def compare(request: DeskRequest, id: UUID) -> HttpResponse:
    """Card and registry side by side."""
    found = selectors.card(request.actor, id)
    form = OfficeForm.of(request)
    lines = attempt(form, lambda _answers: compared(found, reader_of(request.actor, found)))
    if lines is None:
        page = {
            "form": form,
            "title": _("Card and registry – %(number)s") % {"number": to_print(found.number)},
            "back": card_address(found),
            "text": _("Put the card into the reader."),
            "button": _("Compare them"),
            "reader": True,
        }
        return render(request, "desk/form.html", page, status=form.status)
    rows = [
        (
            each.name,
            each.registry,
            each.chip,
            Tag(_("Same"), "good") if each.same else Tag(each.problem or _("Differs"), "bad"),
            Tag(_("Waits"), "busy") if each.waiting else "",
        )
        for each in lines
    ]
    columns = [
        Column(_("Item")),
        Column(_("Registry")),
        Column(_("Card")),
        Column(_("Result")),
        Column(_("Update")),
    ]
    page = {
        "title": _("Card and registry – %(number)s") % {"number": to_print(found.number)},
        "back": card_address(found),
        "sections": [Table(_("Items"), columns, rows, hide_caption=True)],
    }
    return render(request, PAGE, page)


@desk("cards.pin.record", once=False)
def pin(request: DeskRequest, id: UUID) -> HttpResponse:
    """The PIN: changed by who knows it, reset for who forgot it, tries given back."""
    found = selectors.card(request.actor, id)
    form = PinForm.of(request)

    def call(answers: Answers) -> bool:
        service = PinService.UNBLOCK
        if answers["new"]:
            service = PinService.CHANGE if answers["old"] else PinService.RESET
        serve_pin(
            request.actor,
            found,
            service,
            reader_of(request.actor, found),
            proof=Proof.IDENTITY,
            old=answers["old"],
            new=answers["new"],
            again=answers["again"],
        )
        return True

    if attempt(form, call) is not None:
        messages.success(request, _("The PIN service is done."))
        return redirect(card_address(found))
    page = {
        "form": form,
        "title": _("PIN – %(number)s") % {"number": to_print(found.number)},
        "back": card_address(found),
        "text": _("The holder types. Without the present PIN it is reset; all empty gives the tries back."),
        "reader": True,
    }
    return render(request, "desk/form.html", page, status=form.status)
