"""A second proof for who is signed in with digits alone, before details and acts."""

from functools import wraps
from typing import ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from shebaoka.office.access import services
from shebaoka.office.access.choices import Proof
from shebaoka.office.access.models import Passkey, PortalSession
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import attempt
from shebaoka.office.parameters.selectors import text as parameter_text
from shebaoka.office.portal.entrance import HINTS, challenge_for, form_for
from shebaoka.office.portal.forms import ProofForm
from shebaoka.office.portal.holder import Page, View, entered, entrant, holder

P = ParamSpec("P")
_BEGUN, _PROOF, AFTER = "portal.step", "portal.step-proof", "portal.step-after"


_DETAILS = "details"


def proven(page: Page[P]) -> View[P]:
    """A page for who is signed in, acts for herself and proved it a second time."""
    return holder(stepped(page))


def detailed(page: Page[P]) -> View[P]:
    """As :func:`proven`, for a page with details."""
    return holder(clear(stepped(page)))


def stepped(page: Page[P]) -> Page[P]:
    """A page that needs a second proof: others prove it first and come back."""

    @wraps(page)
    def view(
        request: HttpRequest, session: PortalSession, /, *args: P.args, **values: P.kwargs
    ) -> HttpResponse:
        if not services.is_stepped_up(session):
            request.session[AFTER] = request.path if request.method == "GET" else reverse("portal:me")
            return redirect("portal:prove")
        return page(request, session, *args, **values)

    return view


def clear(page: Page[P]) -> Page[P]:
    """A page of details: in the first hours, while they stay masked, only card and PIN or the counter opens
    it."""

    @wraps(page)
    def view(
        request: HttpRequest, session: PortalSession, /, *args: P.args, **values: P.kwargs
    ) -> HttpResponse:
        if services.is_masked(session):
            request.session[AFTER] = request.path if request.method == "GET" else reverse("portal:me")
            return redirect(f"{reverse('portal:prove')}?{_DETAILS}=1")
        return page(request, session, *args, **values)

    return view


@entrant
def prove(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """Which proof, always of who is signed in."""
    services.represented(session)
    place = session.person.agency
    order = [each for each in parameter_text(place, "enquiry.proofs").split() if each in Proof.values]
    order = [each for each in order if each != Proof.LETTER]
    masked = _DETAILS in request.GET and services.is_masked(session)
    form = ProofForm.of(request, order=order, strong_only=masked)

    def choose(answers: dict[str, str]) -> bool:
        begun = services.step_up_begin(session)
        request.session[_BEGUN], request.session[_PROOF] = str(begun.pk), answers["proof"]
        if answers["proof"] == Proof.PHONE:
            services.code_send(begun.pk)
        return True

    if attempt(form, choose):
        return redirect("portal:prove-code")
    passkeys = Passkey.objects.filter(person=session.person, closed_at=None).exists()
    context = {"session": session, "form": form, "masked": masked, "passkeys": passkeys and not masked}
    return render(request, "portal/prove.html", context, status=form.status)


@sensitive_post_parameters()
@entrant
def code(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """Its code; then back to where she was going."""
    services.represented(session)
    kept = request.session.get(_BEGUN)
    if not kept:
        raise Refusal("access.over")
    proof = Proof(request.session.get(_PROOF, Proof.COUNTER))
    form = form_for(proof).of(request)

    def give(answers: dict[str, str]) -> Opened:
        return services.step_up(session, UUID(kept), proof=proof, answer=answers["code"])

    renewed = attempt(form, give)
    if renewed is not None:
        request.session.pop(_BEGUN)
        return entered(renewed, request.session.pop(AFTER, "portal:me"))
    context = {"session": session, "form": form, "proof": proof, "hint": HINTS[proof]}
    context["challenge"] = challenge_for(proof, UUID(kept))
    return render(request, "portal/prove_code.html", context, status=form.status)
