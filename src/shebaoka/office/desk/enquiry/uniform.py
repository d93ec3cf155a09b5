"""Setting the initial passwords uniformly: proposed here, checked by another person."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.access import services
from shebaoka.office.base.forms import attempt
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.enquiry.forms import UniformForm


@desk("access.uniform.set")
def uniform(request: DeskRequest) -> HttpResponse:
    """From when, and until when to change them."""
    place, form = request.actor.organization, UniformForm.of(request)

    def put(answers: dict[str, Any]) -> HttpResponse:
        setting = services.UniformSetting(place.code, answers["since"], answers["due"])
        return proposed(request, "access.uniform.set", place, setting, reason=answers["reason"])

    answer = attempt(form, put)
    if answer is not None:
        return answer
    page = {
        "form": form,
        "title": _("Set the initial passwords uniformly"),
        "back": reverse("desk:enquiry:home"),
        "note": _("Nothing changes before another person has checked it."),
    }
    return render(request, "desk/form.html", page, status=form.status)
