"""What pages of cards share: states as tags, links, a page of a form, choices."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.domain.card_number import to_print
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.pieces import Link, Say, Tag, Tone
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.cards import selectors
from shebaoka.office.cards.issuers import issuer_of
from shebaoka.office.cards.models import Batch, Card
from shebaoka.office.cards.words import state_words
from shebaoka.office.desk.access import DeskRequest
from shebaoka.office.organizations import selectors as tree
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization

PAGE = "desk/cards/page.html"
_TONES: dict[str, Tone] = {
    **dict.fromkeys(("1", "active", "held", "done", "delivered", "written", "ready"), "good"),
    **dict.fromkeys(("2", "3", "4", "lost", "formal", "failed", "impossible"), "bad"),
    **dict.fromkeys(("6", "spoiled", "gone", "paused"), "warn"),
    **dict.fromkeys(("0", "accepted", "batched", "producing", "formed", "bank-out", "bank-back"), "busy"),
    **dict.fromkeys(("approved", "at-site", "made", "ordered", "outlet", "waiting", "opened"), "busy"),
}


def tone(code: str) -> Tone:
    """How a state stands out."""
    return _TONES.get(code, "plain")


def standing(machine: str, code: str) -> Tag:
    """A state in words."""
    return Tag(state_words(machine, code), tone(code))


def card_link(card: Card) -> Link:
    """A card by its printed number."""
    return Link(to_print(card.number), card_address(card))


def card_address(card: Card) -> str:
    """Where the page of a card is."""
    return reverse("desk:cards:card", args=[card.pk])


def batch_link(batch: Batch) -> Link:
    """A batch by its number."""
    return Link(batch.number, reverse("desk:cards:batch", args=[batch.number]))


def product_words(batch: Batch) -> str:
    """What a batch is made of, and that it is of test cards."""
    name = batch.product.name
    return _("%(product)s, test cards") % {"product": name} if batch.test else name


def to(page: str, text: Say, *args: object) -> Link:
    """A page of this part."""
    return Link(text, reverse(f"desk:cards:{page}", args=args))


def single(
    request: DeskRequest,
    form: OfficeForm,
    call: Callable[[Answers], Any],
    *,
    title: Say,
    done: Say,
    to: str,
    back: str = "",
    **page: Any,
) -> HttpResponse:
    """The page of an act of one person: a form, then back to ``to`` with ``done`` said. ``call`` gives
    something else than None."""
    made = attempt(form, call)
    if made is not None:
        messages.success(request, str(done))
        return redirect(to)
    shown = {"form": form, "title": title, "back": back or to, **page}
    return render(request, "desk/form.html", shown, status=form.status)


def checked(
    request: DeskRequest,
    form: type[OfficeForm],
    call: Callable[[Answers], Any],
    *,
    title: Say,
    done: Say,
    to: str | Callable[[Any], str],
    back: str,
    text: Say = "",
    values: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """As :func:`single`, with the answers checked by who gave them before the act; ``to`` may be a function
    of what ``call`` gave."""

    def finish(answers: Answers) -> HttpResponse:
        made = call(answers)
        messages.success(request, str(done))
        return redirect(to(made) if callable(to) else to)

    step = Step("answers", title, form, text, values=lambda _answers: values or {})
    return ask(request, [step], finish, title=title, context={"back": back})


def done_address(card: Card) -> str:
    """Where an act about a card ends: it is done, with the receipt of its last step."""
    return reverse("desk:cards:done", args=[card.pk])


def outlets(actor: Actor) -> list[tuple[str, str]]:
    """Organizations where cards are handed out: those of the issuing body the actor belongs to."""
    body = issuer_of(actor.organization)
    found = Organization.objects.filter(
        path__startswith=body.path, closed_on=None, kind__in=(Kind.CITY, Kind.AGENCY, Kind.BANK)
    )
    return [(each.code, f"{each.name} ({each.code})") for each in found.order_by("path")]


def banks(actor: Actor) -> list[tuple[str, str]]:
    """Banks of the issuing body, and those of the whole country."""
    body = issuer_of(actor.organization)
    codes = body.path.rstrip("/").split("/")
    found = Organization.objects.filter(kind=Kind.BANK, closed_on=None).filter(path__startswith=body.path)
    found = found | Organization.objects.filter(kind=Kind.BANK, closed_on=None, parent__code__in=codes)
    return [("", "–"), *((each.code, f"{each.name} ({each.code})") for each in found.order_by("path"))]


def products(actor: Actor) -> list[tuple[str, str]]:
    """Products in use, to choose from."""
    return [(each.code, f"{each.name} ({each.code})") for each in selectors.products(actor)]


def bodies(actor: Actor) -> list[tuple[str, str]]:
    """Issuing bodies of her area, to choose from."""
    found = tree.organizations(actor).filter(kind__in=(Kind.PROVINCE, Kind.CITY))
    return [(each.code, f"{each.name} ({each.code})") for each in found]


def batch_read(actor: Actor, value: Any) -> object:
    """A batch in a proposal: a link to it."""
    found = selectors.batches(actor).filter(pk=value).first()
    return batch_link(found) if found is not None else str(value)
