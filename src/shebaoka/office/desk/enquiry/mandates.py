"""Mandates at the counter: those of the area, a written one recorded, one withdrawn."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST

from shebaoka.office.access import selectors, services
from shebaoka.office.access.models import Mandate
from shebaoka.office.access.scopes import scopes, words_of
from shebaoka.office.base import clock
from shebaoka.office.base.forms import Boxes, OfficeForm, attempt
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.reading import read_noted
from shebaoka.office.people.selectors import person_by_number

SHOWN = 50
_NUMBER = {"size": "22"}


class WrittenForm(OfficeForm):
    """A written mandate, as the clerk has it before her."""

    holder = forms.CharField(
        label=gettext_lazy("Social security number of the holder"),
        max_length=40,
        widget=forms.TextInput(_NUMBER),
    )
    number = forms.CharField(
        label=gettext_lazy("Social security number of the agent"),
        max_length=40,
        widget=forms.TextInput(_NUMBER),
    )
    name = forms.CharField(label=gettext_lazy("Name of the agent"), max_length=100)
    scopes = forms.MultipleChoiceField(label=pgettext_lazy("mandate", "What for"), widget=Boxes)
    since = forms.DateField(label=gettext_lazy("From"))
    until = forms.DateField(label=pgettext_lazy("mandate", "Last day"))
    document = forms.CharField(
        label=gettext_lazy("Written mandate and documents seen"),
        help_text=gettext_lazy("Day and number of the mandate; both identity documents."),
        max_length=200,
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("scopes", scopes().items())


@desk("access.mandate.record")
def record(request: DeskRequest) -> HttpResponse:
    """A written mandate of a holder of the area."""
    form = WrittenForm.of(request, initial={"since": clock.today()})

    def put(answers: dict[str, Any]) -> Mandate:
        holder = person_by_number(request.actor, answers.pop("holder"))
        document = answers.pop("document")
        terms = services.Terms(**answers)
        return services.mandate_record(request.actor, person=holder.pk, terms=terms, document=document)

    made = attempt(form, lambda answers: put(dict(answers)))
    if made is not None:
        messages.success(request, _("The mandate is recorded; both are told."))
        return redirect("desk:enquiry:mandate", made.pk)
    page = {"form": form, "title": _("Record a written mandate"), "back": reverse("desk:enquiry:home")}
    return render(request, "desk/form.html", page, status=form.status)


@desk("access.mandate.record")
def mandate(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One of them, to be withdrawn when the holder asks for it."""
    found = selectors.mandate(request.actor, pk)
    read_noted(
        request.actor,
        organization=found.agency,
        subject=found.holder,
        purpose="access.mandate",
        fields=("people.name", "access.mandates"),
    )
    rows = [
        Row(_("Holder"), found.holder.name),
        Row(_("Agent"), found.agent.name),
        Row(pgettext("mandate", "What for"), words_of(found.scopes)),
        Row(_("From"), found.since),
        Row(pgettext("mandate", "Last day"), found.until),
        Row(_("Written mandate and documents seen"), found.document or _("Given on the portal")),
        Row(_("State"), state(found)),
    ]
    page = {"mandate": found, "facts": Summary(rows), "open": _open(found)}
    return render(request, "desk/enquiry/mandate.html", page)


@require_POST
@desk("access.mandate.withdraw")
def withdraw(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The holder withdraws it at the counter."""
    services.mandate_withdraw(request.actor, mandate=pk)
    messages.success(request, _("The mandate is withdrawn; both are told."))
    return redirect("desk:enquiry:mandate", pk)


def mandates(actor: Actor) -> Table:
    """Those of the area as a list, the latest first."""
    rows = [
        (
            Link(each.holder.name, reverse("desk:enquiry:mandate", args=[each.pk])),
            each.agent.name,
            each.since,
            each.until,
            state(each),
        )
        for each in selectors.mandates(actor)[:SHOWN]
    ]
    names = (_("Holder"), _("Agent"), _("From"), pgettext("mandate", "Last day"), _("State"))
    return Table(_("Mandates"), [Column(each) for each in names], rows, _("None."), hide_caption=True)


def state(found: Mandate) -> Tag:
    """In force, ended by whom, or over."""
    if found.ended_by:
        return Tag(found.get_ended_by_display())
    return Tag(pgettext("mandate", "In force"), "good") if _open(found) else Tag(_("Its last day is over"))


def _open(found: Mandate) -> bool:
    return found.ended_at is None and found.until >= clock.today()
