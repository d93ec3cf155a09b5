"""Activation: the first password, or a new one, with both parts of a code."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from shebaoka.office.base.forms import attempt
from shebaoka.office.desk.entrance import progress
from shebaoka.office.desk.entrance.forms import ActivationForm
from shebaoka.office.organizations import services
from shebaoka.office.organizations.models import SignIn


@sensitive_post_parameters()
def activate(request: HttpRequest) -> HttpResponse:
    """She chooses her password, and goes on to set up a second factor."""

    def use(answers: dict[str, Any]) -> SignIn:
        return services.activate(
            number=answers["number"],
            first=answers["first"],
            second=answers["second"],
            password=answers["password"],
            address=request.META.get("REMOTE_ADDR", ""),
        )

    form = ActivationForm.of(request)
    begun = attempt(form, use)
    if begun is not None:
        return progress.begin(request, begun, progress.wanted(request))
    page = {
        "form": form,
        "title": _("Activate your account"),
        "text": _("Two persons gave you a part of the code each. With both you choose your password."),
    }
    return render(request, "desk/form.html", page, status=form.status)
