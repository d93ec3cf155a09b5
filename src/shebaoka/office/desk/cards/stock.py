"""Blanks and the blacklist."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import attempt
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table
from shebaoka.office.cards import selectors, services
from shebaoka.office.cards.models import ListVersion
from shebaoka.office.cards.selectors.destruction import movements as moved
from shebaoka.office.cards.services import Blanks
from shebaoka.office.cards.services.blacklist import file_of
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.cards.common import PAGE, batch_link, bodies, products, single, to
from shebaoka.office.desk.cards.forms import BlanksForm, ConfirmForm, CountForm
from shebaoka.office.organizations import selectors as tree


@desk()
def stock(request: DeskRequest) -> HttpResponse:
    """Received = made into cards + spoiled + in stock, for every product."""
    may = request.actor.may
    rows = [
        (
            Link(each.product.name, reverse("desk:cards:movements", args=[each.pk])),
            each.holder.name,
            each.received,
            each.issued,
            each.spoiled,
            each.destroyed,
            each.stock,
            each.counted_on,
            Link(_("Count"), reverse("desk:cards:count", args=[each.pk]), each.product.name)
            if may("cards.stock.count")
            else "",
        )
        for each in selectors.stocks(request.actor)
    ]
    columns = [
        Column(_("Card product")),
        Column(_("Issuing body")),
        Column(_("Received"), numeric=True),
        Column(_("Made into cards"), numeric=True),
        Column(_("Spoiled"), numeric=True),
        Column(_("Destroyed"), numeric=True),
        Column(_("In stock"), numeric=True),
        Column(_("Counted on")),
        Column(_("Count")),
    ]
    offered = [
        ("cards.stock.receive", to("stock-receive", _("Receive blanks"))),
        ("cards.stock.spoil", to("stock-spoil", _("Write blanks off as spoiled"))),
        ("cards.stock.destroy", to("stock-destroy", _("Destroy spoiled blanks"))),
    ]
    page = {
        "title": _("Blanks"),
        "back": reverse("desk:cards:home"),
        "text": _("Received is always made into cards, spoiled and in stock together."),
        "sections": [Table(_("Stock"), columns, rows, _("None yet."), hide_caption=True)],
        "registers": [
            *(link for act, link in offered if may(act)),
            to("premade", _("Pre-made cards")),
            to("destroying", _("Destruction of cards")),
            to("products", _("Card products")),
        ],
    }
    return render(request, PAGE, page)


def _movement(request: DeskRequest, act: str, title: str) -> HttpResponse:
    form = BlanksForm.of(request, bodies=bodies(request.actor), products=products(request.actor))
    answer = attempt(
        form,
        lambda answers: proposed(
            request,
            act,
            tree.organization(request.actor, answers["organization"]),
            Blanks(**answers),
        ),
    )
    if answer is not None:
        return answer
    page = {
        "form": form,
        "title": title,
        "text": _("Nothing changes before another person has checked it."),
        "button": _("Propose"),
        "back": reverse("desk:cards:stock"),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk("cards.stock.receive")
def receive(request: DeskRequest) -> HttpResponse:
    """Blanks come in."""
    return _movement(request, "cards.stock.receive", _("Receive blanks"))


@desk("cards.stock.spoil")
def spoil(request: DeskRequest) -> HttpResponse:
    """No card can be made of them."""
    return _movement(request, "cards.stock.spoil", _("Write blanks off as spoiled"))


@desk("cards.stock.destroy")
def destroy(request: DeskRequest) -> HttpResponse:
    """Spoiled ones go."""
    return _movement(request, "cards.stock.destroy", _("Destroy spoiled blanks"))


@desk()
def movements(request: DeskRequest, id: UUID) -> HttpResponse:
    """All that happened to the blanks of a product, and that it comes to what is there (R-16)."""
    found = selectors.stocks(request.actor).filter(pk=id).first()
    if found is None:
        raise Refusal("base.not-found", what="stock")
    pages = page_of(request, moved(found))
    rows = [
        (
            each.at,
            each.get_kind_display(),
            each.quantity,
            each.document or (batch_link(each.batch) if each.batch is not None else ""),
            ", ".join(str(one.name) for one in (each.by, each.checked_by) if one is not None),
        )
        for each in pages
    ]
    columns = [
        Column(_("Time")),
        Column(_("Movement")),
        Column(_("Quantity"), numeric=True),
        Column(_("Document or batch")),
        Column(_("By")),
    ]
    equation = f"{found.received} = {found.issued} + {found.spoiled} + {found.stock}"
    facts = [
        Row(_("Issuing body"), found.holder.name),
        Row(_("Received = made into cards + spoiled + in stock"), equation),
        Row(_("Destroyed"), found.destroyed),
        Row(_("Counted on"), found.counted_on),
    ]
    page = {
        "title": _("Blanks of %(product)s") % {"product": found.product.name},
        "back": reverse("desk:cards:stock"),
        "facts": Summary(facts),
        "sections": [Table(_("Movements"), columns, rows, _("None yet."), hide_caption=True)],
        "pages": pages,
    }
    return render(request, PAGE, page)


@desk("cards.stock.count")
def count(request: DeskRequest, id: UUID) -> HttpResponse:
    """They were counted."""
    found = selectors.stocks(request.actor).filter(pk=id).first()
    if found is None:
        raise Refusal("base.not-found", what="stock")
    return single(
        request,
        CountForm.of(request),
        lambda answers: services.stock_count(
            request.actor,
            organization=found.holder.code,
            product=found.product.code,
            counted=answers["counted"],
        ),
        title=_("Count the blanks of %(product)s") % {"product": found.product.name},
        done=_("The count agrees."),
        to=reverse("desk:cards:stock"),
    )


@desk()
def blacklist(request: DeskRequest) -> HttpResponse:
    """Versions of the lists of her area."""
    found = ListVersion.objects.filter(organization__path__startswith=request.actor.organization.path)
    pages = page_of(request, found.select_related("organization").order_by("-issued_at", "-version"))
    rows = [
        (
            each.version,
            each.organization.name,
            each.issued_at,
            each.entries,
            Link(_("Download"), reverse("desk:cards:blacklist-file", args=[each.pk]), str(each.version)),
        )
        for each in pages
    ]
    columns = [
        Column(_("Version"), numeric=True),
        Column(_("Issuing body")),
        Column(_("Time")),
        Column(_("Cards"), numeric=True),
        Column(_("File")),
    ]
    may = request.actor.may("cards.blacklist.publish")
    page = {
        "title": _("Card blacklist"),
        "back": reverse("desk:cards:home"),
        "text": _("Lost, locked and ended cards that were not taken back; a new version with every change."),
        "sections": [Table(_("Versions"), columns, rows, _("None yet."), hide_caption=True)],
        "pages": pages,
        "registers": [to("blacklist-publish", _("Publish it again, so that it stays fresh"))] if may else [],
    }
    return render(request, PAGE, page)


@desk()
def blacklist_file(request: DeskRequest, id: UUID) -> HttpResponse:
    """A version, signed, as terminals install it."""
    own = ListVersion.objects.filter(organization__path__startswith=request.actor.organization.path)
    found = own.select_related("organization").filter(pk=id).first()
    if found is None:
        raise Refusal("base.not-found", what="list")
    content = file_of(found.organization, found.version)
    response = HttpResponse(content, content_type="application/jsonl")
    name = f"blacklist-{found.organization.code}-{found.version}.jsonl"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@desk("cards.blacklist.publish")
def publish(request: DeskRequest) -> HttpResponse:
    """A new version of the actor's body."""
    body = request.actor.organization
    form = ConfirmForm.of(request)
    made = attempt(form, lambda answers: services.blacklist_publish(request.actor, organization=body))
    if made is not None:
        return redirect("desk:cards:blacklist")
    page = {
        "form": form,
        "title": _("Publish the blacklist of %(name)s") % {"name": body.name},
        "back": reverse("desk:cards:blacklist"),
    }
    return render(request, "desk/form.html", page, status=form.status)
