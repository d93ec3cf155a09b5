"""A card in the reader of the counter: put in as the credential of a visit; where its page comes for what the
card is asked next."""

from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.steps import Answers
from shebaoka.office.cards import selectors
from shebaoka.office.cards.chip.proving import inserted
from shebaoka.office.cards.chip.readers import blank_in
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.relay.meeting import knock
from shebaoka.office.cards.relay.middleware import owner_of
from shebaoka.office.cards.relay.wire import LONGEST, Told
from shebaoka.office.cards.words import state_words
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.common import card_address


@require_POST
def exchange(request: HttpRequest, channel: str) -> HttpResponse:
    """The next order for the card. The deed has checked who she is; only pages of its web session are served
    here, and the database is not asked."""
    try:
        told = msgspec.json.decode(request.body[:LONGEST], type=Told)
        order = knock(UUID(channel), owner_of(request), told)
    except (msgspec.MsgspecError, ValueError):
        return HttpResponseBadRequest()
    return HttpResponse(msgspec.json.encode(order), content_type="application/json")


@desk("cards.card.show", once=False)
def insert(request: DeskRequest) -> HttpResponse:
    """Whose card is it? It proves itself to the vault of its issuer, and is recorded as the credential."""
    form = OfficeForm.of(request)

    def call(_answers: Answers) -> Card:
        reader = blank_in(request.actor)
        if reader is None:
            raise Refusal("cards.no-reader")
        return inserted(request.actor, reader)

    shown = attempt(form, call)
    if shown is not None:
        found = selectors.card(request.actor, shown.pk)
        messages.success(request, _("The card is genuine. It is recorded as the credential of this visit."))
        if found.social != "1":
            said = _("Mind its state: %(state)s.") % {"state": state_words("social", found.social)}
            messages.warning(request, said)
        return redirect(card_address(found))
    page = {
        "form": form,
        "title": _("Insert the card"),
        "text": _("Put the card of who stands before you into the reader. Without a reader, search instead."),
        "button": _("Read the card"),
        "back": reverse("desk:cards:home"),
        "reader": True,
    }
    return render(request, "desk/form.html", page, status=form.status)
