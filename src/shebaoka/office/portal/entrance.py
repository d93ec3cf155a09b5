"""Signing in: number and password, a second proof, a new password. No page tells whose number it is."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from shebaoka.office.access import services
from shebaoka.office.access.choices import Proof
from shebaoka.office.access.models import SignInBegun
from shebaoka.office.access.notice import in_force
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.parameters.selectors import switch
from shebaoka.office.parameters.selectors import text as parameter_text
from shebaoka.office.portal.forms import CardForm, CodeForm, NewPasswordForm, ProofForm, SignInForm
from shebaoka.office.portal.holder import address, agent, entered, left, session_in

_BEGUN, _PROOF, _RECOVERS = "portal.begun", "portal.proof", "portal.recovers"
HINTS = {
    Proof.PHONE: _("If a telephone is registered for the number, a code was sent to it. Type it here."),
    Proof.LETTER: _("Type the code of the letter that came with your card."),
    Proof.COUNTER: _("Type the activation code of the counter."),
    Proof.CARD: _("Put your card into the reader of this computer. Its PIN stays on this computer."),
}


@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """Number and password. A session follows, or the page that asks for a second proof."""
    if request.method != "POST" and session_in(request) is not None:
        return redirect("portal:me")

    def enter(answers: dict[str, Any]) -> Opened | SignInBegun:
        return services.sign_in(
            number=answers["number"],
            password=answers["password"],
            address=address(request),
            agent=agent(request),
        )

    form = SignInForm.of(request)
    found = attempt(form, enter)
    if isinstance(found, Opened):
        request.session.cycle_key()
        return entered(found, "portal:me")
    if found is not None:
        return begin(request, found)
    context = {"form": form, "again": "again" in request.GET}
    return render(request, "portal/sign_in.html", context, status=form.status)


def begin(request: HttpRequest, begun: SignInBegun, *, recovers: bool = False) -> HttpResponse:
    """To the second proof. ``recovers``: she said that she cannot sign in; only strong ones are offered."""
    request.session.cycle_key()
    request.session[_BEGUN] = str(begun.pk)
    request.session[_RECOVERS] = recovers
    return redirect("portal:proof")


def awaited(request: HttpRequest) -> UUID:
    """The sign-in on its way in this browser. Raises Refusal ``access.over``."""
    kept = request.session.get(_BEGUN)
    if not kept:
        raise Refusal("access.over")
    return UUID(kept)


def proof(request: HttpRequest) -> HttpResponse:
    """Which second proof; the same choice for every number, also where a region's last day is over: then the
    others fit nothing."""
    awaited(request)
    strong_only = bool(request.session.get(_RECOVERS))
    order = [each for each in parameter_text("000000", "enquiry.proofs").split() if each in Proof.values]
    form = ProofForm.of(request, order=order, strong_only=strong_only)

    def choose(answers: dict[str, Any]) -> bool:
        request.session[_PROOF] = answers["proof"]
        if answers["proof"] == Proof.PHONE:
            services.code_send(awaited(request))
        return True

    if attempt(form, choose):
        return redirect("portal:code")
    return render(
        request, "portal/proof.html", {"form": form, "strong_only": strong_only}, status=form.status
    )


@sensitive_post_parameters()
def code(request: HttpRequest) -> HttpResponse:
    """The code that proves it."""
    chosen = Proof(request.session.get(_PROOF, Proof.COUNTER))
    begun, form = awaited(request), form_for(chosen).of(request)
    proven = attempt(form, lambda answers: services.proof_give(begun, proof=chosen, answer=answers["code"]))
    if proven is not None:
        return redirect("portal:new-password")
    context = {
        "form": form,
        "proof": chosen,
        "hint": HINTS[chosen],
        "challenge": challenge_for(chosen, begun),
    }
    return render(request, "portal/code.html", context, status=form.status)


def form_for(chosen: Proof) -> type[OfficeForm]:
    """How a proof is given."""
    return CardForm if chosen == Proof.CARD else CodeForm


def challenge_for(chosen: Proof, begun: UUID) -> str:
    """What the card is asked with, in hex; empty for proofs that are typed."""
    return services.card_challenge(begun).hex().upper() if chosen == Proof.CARD else ""


@sensitive_post_parameters()
def new_password(request: HttpRequest) -> HttpResponse:
    """A password of her own, and the notice of responsibilities."""
    begun, form = awaited(request), NewPasswordForm.of(request)

    def choose(answers: dict[str, Any]) -> Opened:
        return services.password_choose(
            begun, new=answers["new"], told=answers["told"], address=address(request), agent=agent(request)
        )

    opened = attempt(form, choose)
    if opened is not None:
        request.session.cycle_key()
        request.session.pop(_BEGUN, None)
        return entered(opened, "portal:me")
    context = {"form": form, **password_rules("000000"), "notice": in_force()[1]}
    return render(request, "portal/new_password.html", context, status=form.status)


def password_rules(where: str) -> dict[str, object]:
    """What the page says a new password is like."""
    return {"digits": parameter(where, "enquiry.digits"), "passphrase": switch(where, "enquiry.passphrase")}


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session; everywhere when she asked for it."""
    session = session_in(request)
    if session is not None and "everywhere" in request.POST:
        services.session_end_all(session.person)
    elif session is not None:
        services.session_end(session)
    return left("portal:start")
