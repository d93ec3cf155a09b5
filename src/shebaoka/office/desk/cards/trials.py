"""A batch of test cards is formed by number (M47 art. 12)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import attempt
from shebaoka.office.base.pieces import Link
from shebaoka.office.cards import services
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.common import bodies, outlets, products, to
from shebaoka.office.desk.cards.site_forms import TrialForm


def forming() -> list[tuple[str, Link]]:
    """How a batch begins, by act."""
    return [
        ("cards.batch.form", to("batch-form", _("Form a batch"))),
        ("cards.batch.form-test", to("batch-form-test", _("Form a batch of test cards"))),
    ]


@desk("cards.batch.form-test")
def trial_form(request: DeskRequest) -> HttpResponse:
    """Of one product, with invented data; approved like any other."""
    actor = request.actor
    form = TrialForm.of(request, bodies=bodies(actor), products=products(actor), outlets=outlets(actor))
    made = attempt(form, lambda answers: services.batch_form_test(actor, **answers))
    if made is not None:
        return redirect("desk:cards:batch", made.number)
    page = {
        "form": form,
        "title": _("Form a batch of test cards"),
        "text": _(
            "They are made as any card, with invented data, take blanks, and are handed to nobody; the "
            "approved quantity is not used."
        ),
        "back": reverse("desk:cards:batches"),
    }
    return render(request, "desk/form.html", page, status=form.status)
