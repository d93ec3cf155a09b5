"""Files of a batch: to the bank and back, to the card maker and back."""

from collections.abc import Callable
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import attempt
from shebaoka.office.base.steps import Answers
from shebaoka.office.cards import selectors, services
from shebaoka.office.cards.models import Batch
from shebaoka.office.cards.services import Format
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.batching import one
from shebaoka.office.desk.cards.forms import FormatForm, ReturnForm


@desk("cards.batch.export-bank")
def export_bank(request: DeskRequest, number: str) -> HttpResponse:
    """Names, numbers and addresses for pre-opening."""
    return _export(request, number, services.bank_export, _("File for the bank"))


@desk("cards.batch.export-site")
def export_site(request: DeskRequest, number: str) -> HttpResponse:
    """What the maker prints and encodes."""
    text = _("The file is signed, and encrypted for the key of the production site where one is registered.")
    return _export(request, number, services.site_export, _("File for the card maker"), text)


@desk("cards.batch.import-bank")
def import_bank(request: DeskRequest, number: str) -> HttpResponse:
    """Accounts that were opened."""

    def call(found: Batch, answers: Answers) -> Batch:
        return services.bank_import(
            request.actor,
            batch=found.pk,
            format=Format(answers["layout"]),
            content=answers["file"].read(),
        )

    return one(request, number, ReturnForm, call, _("Return of the bank"), _("The return is taken over."))


@desk("cards.batch.import-site")
def import_site(request: DeskRequest, number: str) -> HttpResponse:
    """Cards that were made."""

    def call(found: Batch, answers: Answers) -> Batch:
        return services.site_import(
            request.actor,
            batch=found.pk,
            format=Format(answers["layout"]),
            content=answers["file"].read(),
        )

    title = _("Return of the card maker")
    return one(request, number, ReturnForm, call, title, _("The return is taken over."))


def _export(
    request: DeskRequest, number: str, call: Callable[..., tuple[str, bytes]], title: str, text: str = ""
) -> HttpResponse:
    found = selectors.batch(request.actor, number)
    form = FormatForm.of(request)
    made = attempt(
        form, lambda answers: call(request.actor, batch=found.pk, format=Format(answers["layout"]))
    )
    if made is not None:
        name, content = made
        response = HttpResponse(content, content_type="application/octet-stream")
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        return response
    page = {
        "form": form,
        "title": f"{title} – {number}",
        "text": text,
        "back": reverse("desk:cards:batch", args=[number]),
    }
    return render(request, "desk/form.html", page, status=form.status)
