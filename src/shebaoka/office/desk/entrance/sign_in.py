"""Signing in: number and password; signing out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from shebaoka.office.base.forms import attempt
from shebaoka.office.desk.entrance import progress
from shebaoka.office.desk.entrance.forms import SignInForm
from shebaoka.office.organizations import services
from shebaoka.office.organizations.models import SignIn, Staff
from shebaoka.office.organizations.web import leave


@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """The first step. Who is signed in goes where she wanted."""
    wanted = progress.wanted(request)
    if isinstance(request.user, Staff):
        return redirect(wanted)

    def enter(answers: dict[str, Any]) -> SignIn:
        address = request.META.get("REMOTE_ADDR", "")
        return services.sign_in(number=answers["number"], password=answers["password"], address=address)

    form = SignInForm.of(request)
    begun = attempt(form, enter)
    if begun is not None:
        return progress.begin(request, begun, wanted)
    return render(request, "desk/entrance/sign_in.html", {"form": form, "next": wanted}, status=form.status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the staff session and the web session."""
    leave(request)
    return redirect("desk:sign-in")
