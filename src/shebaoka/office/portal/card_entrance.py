"""Signing in with the card and its PIN in a reader, without number and password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from shebaoka.office.access import services
from shebaoka.office.access.choices import Proof
from shebaoka.office.access.models import SignInBegun
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.base.forms import attempt
from shebaoka.office.portal.entrance import awaited, begin, challenge_for
from shebaoka.office.portal.forms import CardForm
from shebaoka.office.portal.holder import address, agent, entered


@require_POST
def card_begin(request: HttpRequest) -> HttpResponse:
    """To the page that reads the card."""
    begin(request, services.card_sign_in_begin(address=address(request)))
    return redirect("portal:card")


@sensitive_post_parameters()
def card(request: HttpRequest) -> HttpResponse:
    """The card answers; her session, or the password she has yet to choose."""
    begun, form = awaited(request), CardForm.of(request)

    def enter(answers: dict[str, str]) -> Opened | SignInBegun:
        given = answers["code"]
        return services.card_sign_in(begun, answer=given, address=address(request), agent=agent(request))

    found = attempt(form, enter)
    if isinstance(found, Opened):
        request.session.cycle_key()
        return entered(found, "portal:me")
    if found is not None:
        return redirect("portal:new-password")
    context = {"form": form, "challenge": challenge_for(Proof.CARD, begun)}
    return render(request, "portal/card.html", context, status=form.status)
