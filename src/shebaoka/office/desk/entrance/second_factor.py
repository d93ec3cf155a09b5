"""The second factor: a code, a passkey or a recovery code; setting one up the first time."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.passkeys import site_of
from shebaoka.office.desk.entrance import progress
from shebaoka.office.desk.entrance.forms import CodeForm, RecoveryForm
from shebaoka.office.desk.entrance.qr import qr_code
from shebaoka.office.organizations import services
from shebaoka.office.organizations.models import Staff

Prove = Callable[[UUID, dict[str, Any]], Staff]


@sensitive_post_parameters()
def code(request: HttpRequest) -> HttpResponse:
    """Six digits; a passkey beside it where the browser has scripts; the way to recovery codes."""
    form = CodeForm.of(request)
    return _ask(
        request,
        form,
        "desk/entrance/code.html",
        lambda waiting, answers: services.second_factor_totp(waiting, code=answers["code"]),
    )


@sensitive_post_parameters()
def recovery(request: HttpRequest) -> HttpResponse:
    """A recovery code in place of the application."""
    form = RecoveryForm.of(request)
    return _ask(
        request,
        form,
        "desk/entrance/recovery.html",
        lambda waiting, answers: services.second_factor_recovery(waiting, code=answers["code"]),
    )


def _ask(request: HttpRequest, form: OfficeForm, template: str, prove: Prove) -> HttpResponse:
    waiting = progress.awaited(request)
    if waiting is None:
        return redirect("desk:sign-in")
    staff = attempt(form, lambda answers: prove(waiting, answers))
    if staff is not None:
        return redirect(progress.finish(request, staff))
    return render(request, template, {"form": form}, status=form.status)


@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """For the script of the page: the challenge, then, with an ``answer``, where to go (JSON)."""
    waiting = progress.awaited(request)
    try:
        if waiting is None:
            raise Refusal("organizations.sign-in-over")
        answer = request.POST.get("answer", "")
        if not answer:
            return HttpResponse(
                services.passkey_challenge(waiting, site=site_of(request)), "application/json"
            )
        staff = services.second_factor_passkey(waiting, site=site_of(request), answer=answer)
    except Refusal as refusal:
        return JsonResponse({"error": f"{refusal.what} {refusal.remedy}"}, status=refusal.status)
    return JsonResponse({"next": progress.finish(request, staff)})


@sensitive_post_parameters()
def set_up(request: HttpRequest) -> HttpResponse:
    """The first time: the secret as a QR code and as text, then a code as proof, then recovery codes. The
    secret is shown once; who mistypes the code tries again without it, or asks for a new one."""
    waiting = progress.awaited(request)
    if waiting is None:
        return redirect("desk:sign-in")
    form = CodeForm.of(request)
    if request.method == "POST":
        enrolled = attempt(form, lambda answers: services.totp_confirm(waiting, code=answers["code"]))
        if enrolled is not None:
            wanted = progress.finish(request, enrolled.staff)
            return recovery_page(request, enrolled, wanted)
        return render(request, "desk/entrance/set_up.html", {"form": form}, status=form.status)
    offer = services.totp_offer(waiting)
    page = {"form": form, "secret": offer.secret, "qr": qr_code(offer.uri)}
    return render(request, "desk/entrance/set_up.html", page)


def recovery_page(request: HttpRequest, enrolled: services.Enrolled, wanted: str) -> HttpResponse:
    """Her recovery codes, once."""
    page = {"codes": enrolled.recovery_codes, "next": wanted, "title": _("Your recovery codes")}
    return render(request, "desk/entrance/recovery_codes.html", page)
