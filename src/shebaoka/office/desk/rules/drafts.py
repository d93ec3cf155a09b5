"""Drafts: from the shipped text or the version before, changed, discarded."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.rules.forms import TextForm
from shebaoka.office.organizations import selectors as organizations
from shebaoka.office.rules import selectors, services
from shebaoka.office.rules.choices import DocumentKind
from shebaoka.office.rules.templates import template


@desk("rules.document.draft")
def draft(request: DeskRequest, code: str, kind: str) -> HttpResponse:
    """The next version: begins with the one in force, the first one with the shipped text."""
    if kind not in DocumentKind.values:
        raise Http404
    node = organizations.organization(request.actor, code)
    chosen = DocumentKind(kind)
    held = selectors.valid_documents(node).documents.get(chosen)
    title, text = (held.title, held.text) if held else template(node, chosen)
    form = TextForm.of(request, initial={"title": title, "text": text})
    made = attempt(
        form,
        lambda answers: services.document_draft(request.actor, organization=node, kind=chosen, **answers),
    )
    if made is not None:
        messages.success(request, _("The draft is saved."))
        return redirect("desk:rules:document", made.pk)
    page = {
        "form": form,
        "title": _("Draft: %(kind)s") % {"kind": chosen.label},
        "text": _("The text says what the Measures want, with the numbers in force. Change it as you need."),
        "button": _("Save the draft"),
        "back": reverse("desk:rules:body", args=[node.code]),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk("rules.document.edit")
def edit(request: DeskRequest, id: UUID) -> HttpResponse:
    """Another text."""
    found = selectors.document(request.actor, id)
    form = TextForm.of(request, initial={"title": found.title, "text": found.text})
    made = attempt(form, lambda answers: services.document_edit(request.actor, document=found, **answers))
    back = reverse("desk:rules:document", args=[found.pk])
    if made is not None:
        messages.success(request, _("The draft is saved."))
        return redirect(back)
    page = {"form": form, "title": _("Change the draft"), "button": _("Save the draft"), "back": back}
    return render(request, "desk/form.html", page, status=form.status)


@desk("rules.document.discard")
def discard(request: DeskRequest, id: UUID) -> HttpResponse:
    """The end of a draft."""
    found = selectors.document(request.actor, id)
    form = OfficeForm.of(request)
    done = attempt(form, lambda answers: services.document_discard(request.actor, document=found))
    if done is not None:
        messages.success(request, _("The draft is discarded."))
        return redirect("desk:rules:body", found.organization.code)
    page = {
        "form": form,
        "title": _("Discard the draft"),
        "text": str(found),
        "button": _("Discard"),
        "back": reverse("desk:rules:document", args=[found.pk]),
    }
    return render(request, "desk/form.html", page, status=form.status)
