"""Card products of an issuing body: recorded as its approval has them, and shown."""

from typing import Any
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shebaoka.office.approval.selectors import approved
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.pieces import Code, Column, Link, Row, Summary, Table
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.cards import selectors, services
from shebaoka.office.cards.services import OrderFields
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.common import PAGE, bodies, to
from shebaoka.office.desk.cards.product_forms import BodyForm, MakingForm, OrderForm
from shebaoka.office.organizations import selectors as tree
from shebaoka.paper.media import Media
from shebaoka.personalization.product import CardProduct, FaceText

_FACE = ("issuing_unit", "seal", "phone")


@desk()
def products(request: DeskRequest) -> HttpResponse:
    """Products in use."""
    rows = [
        (
            Link(each.name, reverse("desk:cards:product", args=[each.pk])),
            each.code,
            each.organization.name,
            each.order.get("layout", ""),
            each.making.get("algorithm", ""),
        )
        for each in selectors.products(request.actor)
    ]
    columns = [
        Column(_("Card product")),
        Column(_("Code")),
        Column(_("Issuing body")),
        Column(_("Layout")),
        Column(_("Algorithm")),
    ]
    may = request.actor.may("cards.product.record")
    page = {
        "title": _("Card products"),
        "back": reverse("desk:cards:home"),
        "text": _("Every order is compared with the region's approval; a product that differs is not made."),
        "sections": [Table(_("Products"), columns, rows, _("None yet."), hide_caption=True)],
        "registers": [to("product-record", _("Record a card product"))] if may else [],
    }
    return render(request, PAGE, page)


@desk()
def product(request: DeskRequest, id: UUID) -> HttpResponse:
    """One of them: what approval compares, and how it is made."""
    found = selectors.products(request.actor).filter(pk=id).first()
    if found is None:
        raise Refusal("base.not-found", what="product")
    order, making = OrderForm(), MakingForm()
    texts: dict[str, Any] = {**found.making, **found.making.get("face", {})}
    texts["medium"] = texts.get("media")
    rows = [Row(_("Issuing body"), found.organization.name), Row(_("Code"), Code(found.code))]
    rows += [Row(field.label or "", found.order.get(name)) for name, field in order.fields.items()]
    rows += [
        Row(field.label or "", found.photo if name == "photo" else texts.get(name))
        for name, field in making.fields.items()
    ]
    page = {"title": found.name, "back": reverse("desk:cards:products"), "facts": Summary(_said(rows))}
    return render(request, PAGE, page)


@desk("cards.product.record")
def record(request: DeskRequest) -> HttpResponse:
    """A new product, in three pages that begin with what the body's approval says."""

    def finish(answers: Answers) -> HttpResponse:
        order = OrderFields(**{name: answers[name] for name in OrderFields.__struct_fields__})
        plain = {"algorithm", "vendor", "maker", "valid_years", "stripe_until"}
        making = CardProduct(
            name=answers["name"],
            layout=answers["layout"],
            media=Media(answers["medium"]),
            face=FaceText(**{name: answers[name] for name in _FACE}),
            **{name: answers[name] for name in plain},
        )
        made = services.product_record(
            request.actor,
            organization=answers["organization"],
            code=answers["code"],
            name=answers["name"],
            order=order,
            making=msgspec.convert(msgspec.to_builtins(making), CardProduct),
            photo=answers["photo"],
        )
        messages.success(request, _("The product is recorded."))
        return redirect("desk:cards:product", made.pk)

    steps = [
        Step(
            "body",
            gettext_lazy("Which product"),
            BodyForm,
            values=lambda _a: {"bodies": bodies(request.actor)},
        ),
        Step(
            "order",
            gettext_lazy("As it is approved"),
            OrderForm,
            gettext_lazy("These fields are compared with the region's approval at every order."),
            values=lambda answers: {"plan": _plan(request, answers)},
        ),
        Step("making", gettext_lazy("How it is made"), MakingForm),
    ]
    return ask(
        request,
        steps,
        finish,
        title=_("Record a card product"),
        context={"back": reverse("desk:cards:products")},
    )


def _plan(request: DeskRequest, answers: Answers) -> dict[str, Any]:
    if "organization" not in answers:  # a page before this one
        return {}
    found = approved(tree.organization(request.actor, answers["organization"]))
    return msgspec.to_builtins(found.plan) if found is not None else {}


def _said(rows: list[Row]) -> list[Row]:
    words = {True: _("Yes"), False: _("No")}
    return [Row(each.name, words[each.value]) if isinstance(each.value, bool) else each for each in rows]
