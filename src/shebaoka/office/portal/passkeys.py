"""Passkeys of a holder: her list of them, and what the script of a page asks (JSON). Without a script the
other ways serve, and the pages say so."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shebaoka.office.access import services
from shebaoka.office.access.models import Passkey, PortalSession
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.passkeys import LABEL, site_of
from shebaoka.office.portal.entrance import awaited
from shebaoka.office.portal.holder import address, agent, entrant, holder, keep
from shebaoka.office.portal.stepping import AFTER, proven

_CHALLENGE = "portal.passkey"


class NameForm(OfficeForm):
    """What she calls it."""

    label = forms.CharField(label=gettext_lazy("Name"), max_length=LABEL)


@holder
def mine(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """Her passkeys."""
    there = Passkey.objects.filter(person=session.person, closed_at=None).order_by("added_at")
    return render(request, "portal/passkeys.html", {"session": session, "there": there})


@proven
def add(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """Where one is added; for its script the options, then, with an ``answer``, where to go."""
    if request.method != "POST":
        return render(request, "portal/passkey_add.html", {"session": session})
    site = site_of(request)

    def offered() -> tuple[UUID, str]:
        return services.passkey_offer(session, site=site)

    def added(challenge: UUID, answer: str) -> HttpResponse:
        label = request.POST.get("label", "")
        services.passkey_add(session, challenge, site=site, answer=answer, label=label)
        messages.success(request, _("The passkey is added. It signs you in from now on."))
        return JsonResponse({"next": reverse("portal:passkeys")})

    return _asked(request, offered, added)


@holder
def name(request: HttpRequest, session: PortalSession, pk: UUID) -> HttpResponse:
    """Another name."""
    passkey = Passkey.objects.filter(person=session.person, pk=pk, closed_at=None).first()
    if passkey is None:
        raise Refusal("base.not-found", what="passkey")
    form = NameForm.of(request, initial={"label": passkey.label})
    if attempt(form, lambda answers: services.passkey_name(session, pk, label=answers["label"])):
        return redirect("portal:passkeys")
    page = {"session": session, "form": form, "title": _("Rename a passkey"), "button": _("Keep the name")}
    return render(request, "portal/passkey.html", page, status=form.status)


@holder
def close(request: HttpRequest, session: PortalSession, pk: UUID) -> HttpResponse:
    """Removes one, after a question."""
    form = OfficeForm.of(request)
    if attempt(form, lambda answers: services.passkey_close(session, pk)):
        messages.success(request, _("The passkey is removed."))
        return redirect("portal:passkeys")
    page = {"session": session, "form": form, "title": _("Remove a passkey"), "button": _("Remove")}
    page["text"] = _("You can no longer sign in with it. Remove it on the device as well.")
    return render(request, "portal/passkey.html", page, status=form.status)


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in with a passkey alone: no number is typed, the passkey says whose it is."""
    site = site_of(request)

    def opened(challenge: UUID, answer: str) -> HttpResponse:
        found = services.passkey_sign_in(
            challenge, site=site, answer=answer, address=address(request), agent=agent(request)
        )
        request.session.cycle_key()
        return keep(JsonResponse({"next": reverse("portal:me")}), found)

    return _asked(request, lambda: services.passkey_challenge(site=site), opened)


@require_POST
def begin_again(request: HttpRequest) -> HttpResponse:
    """The second proof of who cannot sign in, by a passkey."""
    site = site_of(request)

    def proven_by(challenge: UUID, answer: str) -> HttpResponse:
        services.passkey_prove(awaited(request), challenge, site=site, answer=answer)
        return JsonResponse({"next": reverse("portal:new-password")})

    return _asked(request, lambda: services.passkey_challenge(site=site), proven_by)


@require_POST
@entrant
def step_up(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """The second proof of who is signed in."""
    site = site_of(request)

    def stepped(challenge: UUID, answer: str) -> HttpResponse:
        renewed = services.passkey_step_up(session, challenge, site=site, answer=answer)
        wanted = request.session.pop(AFTER, reverse("portal:me"))
        return keep(JsonResponse({"next": wanted}), renewed)

    return _asked(request, lambda: services.passkey_challenge(site=site, session=session), stepped)


def _asked(
    request: HttpRequest,
    challenge: Callable[[], tuple[UUID, str]],
    answered: Callable[[UUID, str], HttpResponse],
) -> HttpResponse:
    """The two steps of a script: a challenge, kept for this browser, then the passkey's answer to it."""
    try:
        answer = request.POST.get("answer", "")
        if not answer:
            pk, options = challenge()
            request.session[_CHALLENGE] = str(pk)
            return HttpResponse(options, "application/json")
        kept = request.session.pop(_CHALLENGE, "")
        if not kept:
            raise Refusal("access.passkey-unfit")
        return answered(UUID(kept), answer)
    except Refusal as refusal:
        return JsonResponse({"error": f"{refusal.what} {refusal.remedy}"}, status=refusal.status)
