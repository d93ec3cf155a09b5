"""One card: what it is, what can be done, what waits for its chip, its history with receipts."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.domain.card_number import to_print
from shebaoka.domain.card_states import machine
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.pieces import Code, Column, Link, Panel, Row, Summary, Table
from shebaoka.office.cards import selectors
from shebaoka.office.cards.models import Card, Event
from shebaoka.office.cards.papers import number_masked, receipt_pdf
from shebaoka.office.cards.words import state_words
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.common import PAGE, batch_link, card_address, card_link, standing
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.reading import read_noted

_READ = (
    "people.name",
    "people.number",
    "cards.number",
    "cards.states",
    "cards.bank",
    "cards.updates",
    "cards.history",
)


@desk(session=True)
def card(request: DeskRequest, id: UUID) -> HttpResponse:
    """A card; that it was read is noted for its holder (R-18, R-19)."""
    found = selectors.card(request.actor, id)
    place = near(request, found)
    read_noted(request.actor, organization=place, subject=found, purpose="cards.counter", fields=_READ)
    page = {
        "title": _("Card %(number)s") % {"number": to_print(found.number)},
        "back": reverse("desk:cards:home"),
        "facts": Summary(_facts(found)),
        "acts": acts_of(request, found),
        "sections": [_updates(found), _history(found)],
    }
    return render(request, PAGE, page)


@desk(session=True)
def done(request: DeskRequest, id: UUID) -> HttpResponse:
    """What was just done to a card, and its receipt."""
    found = selectors.card(request.actor, id)
    last = selectors.history(found).first()
    receipts = [] if last is None else [receipt_link(found, last, _("Receipt to sign (PDF)"))]
    state = state_words("social", found.social)
    page = {
        "panel": Panel(_("Done"), f"{to_print(found.number)} · {state}"),
        "links": [
            *receipts,
            *(notice_links(request, found) if last is not None and last.act == "hand-out" else ()),
            Link(_("Back to the card"), card_address(found)),
            Link(_("Next person"), reverse("desk:cards:home")),
        ],
    }
    return render(request, "desk/confirmation.html", page)


@desk(session=True)
def receipt(request: DeskRequest, id: UUID, step: int) -> HttpResponse:
    """The receipt of a step as PDF."""
    found = selectors.card(request.actor, id)
    event = selectors.history(found).filter(step=step).first()
    if event is None:
        raise Refusal("base.not-found", what="receipt")
    response = HttpResponse(receipt_pdf(found, event), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}-{step}.pdf"'
    return response


def receipt_link(card: Card, event: Event, text: str) -> Link:
    """Where the receipt of a step is."""
    return Link(text, reverse("desk:cards:receipt", args=[card.pk, event.step]), str(event.step))


def near(request: DeskRequest, found: Card) -> Organization:
    """Of the organizations that have to do with the card, the first within the actor's."""
    places = [found.organization, found.outlet]
    if found.person is not None:
        places.append(found.person.agency)
    if found.bank_body is not None:
        places.append(found.bank_body)
    return next(place for place in places if request.actor.organization.contains(place))


def _facts(found: Card) -> list[Row]:
    holder = found.person
    rows = [
        Row(_("Social security application"), standing("social", found.social)),
        Row(_("Bank application"), standing("bank", found.bank)),
        Row(_("Plastic"), standing("plastic", found.plastic)),
        Row(_("Kind"), found.get_kind_display()),
        Row(_("Holder"), holder.name if holder is not None else _("Nobody yet")),
        Row(_("Social security number"), number_masked(holder.number) if holder is not None else None),
        Row(_("Identification code"), Code(found.code)),
        Row(_("Card product"), found.product.name),
        Row(_("Issuing body"), found.organization.name),
        Row(_("Outlet"), found.outlet.name),
        Row(_("Bank"), found.bank_body.name if found.bank_body is not None else None),
        Row(_("Issued on"), found.issued_on),
        Row(_("Valid until"), found.valid_until),
        Row(_("Handed out"), found.handed_at),
        Row(_("Activated"), found.activated_at),
    ]
    if found.lost_until is not None:
        rows.append(Row(_("The report ends"), found.lost_until))
    if found.batch is not None:
        rows.append(Row(_("Batch"), batch_link(found.batch)))
    if found.replaces is not None:
        rows.append(Row(_("Replaces"), card_link(found.replaces)))
    return rows


def acts_of(request: DeskRequest, found: Card) -> list[Link]:
    """What this person may begin now."""
    social, bank, plastic = (
        machine("social"),
        machine("bank"),
        machine("plastic"),
    )
    held = found.plastic == "held" and found.social not in ("6", "9")
    moves = {
        "hand-out": plastic.may("hand-out", found.plastic) and found.social == "0",
        "activate": held and social.may("activate", found.social),
        "bank-activate": held and bank.may("activate-bank", found.bank),
        "loss-temporary": held and social.may("lose-temporarily", found.social),
        "loss-formal": held and social.may("lose-formally", found.social),
        "release": found.social in ("2", "4"),
        "lock": social.may("lock", found.social),
        "unlock": social.may("unlock", found.social),
        "bank-lose": bank.may("lose-bank", found.bank) or bank.may("lose-bank-formally", found.bank),
        "bank-release": bank.may("release-bank", found.bank),
        "bank-close": bank.may("close-bank", found.bank),
        "cancel": found.social not in ("6", "9"),
        "recover": found.social in ("6", "9") and plastic.may("recover", found.plastic),
        "sync": held,
        "compare": held,
        "pin": held,
        "electronic": held and found.kind == "full" and found.person_id is not None,
        "block": held,
    }
    texts = {
        "hand-out": ("cards.card.hand-out", _("Hand it out")),
        "activate": ("cards.card.activate", _("Activate the social security application")),
        "bank-activate": ("cards.bank.activate", _("Activate the bank application")),
        "loss-temporary": ("cards.loss.temporary", _("Report it lost for a time")),
        "loss-formal": ("cards.loss.formal", _("Report it lost formally")),
        "release": ("cards.loss.release", _("Release the loss report")),
        "lock": ("cards.card.lock", _("Lock it")),
        "unlock": ("cards.card.unlock", _("Unlock it")),
        "bank-lose": ("cards.bank.lose", _("Loss reported at the bank")),
        "bank-release": ("cards.bank.release", _("Loss released at the bank")),
        "bank-close": ("cards.bank.close", _("Bank account closed")),
        "sync": ("cards.update.record", _("Write what waits")),
        "compare": ("cards.update.record", _("Compare card and registry")),
        "pin": ("cards.pin.record", _("PIN: change, unblock, reset")),
        "electronic": ("cards.electronic.verify", _("Electronic card")),
        "block": ("cards.update.queue-block", _("Block the chip when it next appears")),
        "cancel": ("cards.card.cancel", _("Cancel it")),
        "recover": ("cards.card.recover", _("The ended card came back")),
    }
    acts = [
        Link(text, reverse(f"desk:cards:{page}", args=[found.pk]))
        for page, (act, text) in texts.items()
        if moves[page] and request.actor.may(act)
    ]
    return [*acts, *(notice_links(request, found) if moves["hand-out"] or held else ())]


def notice_links(request: DeskRequest, found: Card) -> list[Link]:
    """The papers of the enquiry password, which a holder gets and signs at hand-out (PW-07)."""
    holder = found.person
    if holder is None or not request.actor.may("access.notice.note"):
        return []
    if not request.actor.organization.contains(holder.agency):
        return []
    address = reverse("desk:enquiry:hand-out", args=[holder.pk])
    return [Link(_("Notice and letter at hand-out of a card"), address)]


def _updates(found: Card) -> Table:
    rows = [
        (each.place, each.get_task_display(), standing("update", each.status), each.queued_at, each.trouble)
        for each in selectors.updates(found)[:30]
    ]
    columns = [
        Column(_("Place on the card")),
        Column(_("Task")),
        Column(_("Status")),
        Column(_("Since")),
        Column(_("Remark")),
    ]
    return Table(_("Waiting for the chip"), columns, rows, _("Nothing."), hide_caption=True)


def _history(found: Card) -> Table:
    rows = [
        (
            each.at,
            standing("social", each.social),
            standing("bank", each.bank),
            standing("plastic", each.plastic),
            each.why,
            each.body.name,
            receipt_link(found, each, _("Receipt")),
        )
        for each in selectors.history(found)[:50]
    ]
    columns = [
        Column(_("Time")),
        Column(_("Social security")),
        Column(_("Bank application")),
        Column(_("Plastic")),
        Column(_("Remark")),
        Column(_("By")),
        Column(_("Receipt")),
    ]
    return Table(_("History"), columns, rows, hide_caption=True)
