"""The own account: who she is, her roles, what she signs in with."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.passkeys import site_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.entrance.forms import CodeForm, PasswordForm
from shebaoka.office.desk.entrance.qr import qr_code
from shebaoka.office.desk.entrance.second_factor import recovery_page
from shebaoka.office.organizations import selectors, services
from shebaoka.office.organizations.roles import roles
from shebaoka.office.organizations.web import enter


@desk()
def me(request: DeskRequest) -> HttpResponse:
    """Her account."""
    actor = request.actor
    held = [str(roles()[each.role].name) for each in selectors.roles_of(request.user)]
    rows = [
        Row(_("Staff number"), actor.number),
        Row(_("Name"), request.user.name),
        Row(_("Organization"), f"{actor.organization.name} ({actor.organization.code})"),
        Row(_("Roles"), ", ".join(held)),
        Row(_("Password"), "••••", reverse("desk:password")),
        Row(_("Authenticator application"), "••••", reverse("desk:authenticator")),
        Row(_("Recovery codes"), "••••", reverse("desk:recovery-codes")),
    ]
    keys = [
        (each.label, each.added_at, each.used_at, Link(_("Remove"), _close(each.pk), each.label))
        for each in selectors.passkeys_of(actor)
    ]
    columns = [Column(_("Name")), Column(_("Added")), Column(_("Last used")), Column(_("Remove"))]
    table = Table(_("Passkeys"), columns, keys, _("No passkey."), hide_caption=True)
    return render(request, "desk/entrance/me.html", {"account": Summary(rows), "passkeys": table})


def _close(id: UUID) -> str:
    return reverse("desk:passkey-close", args=[id])


@sensitive_post_parameters()
@desk(once=False)
def password(request: DeskRequest) -> HttpResponse:
    """A new password; other web sessions of hers end."""

    def change(answers: dict[str, Any]) -> Any:
        return services.password_change(request.actor, present=answers["present"], new=answers["password"])

    form = PasswordForm.of(request)
    changed = attempt(form, change)
    if changed is not None:
        enter(request, changed)
        messages.success(request, _("Your password is changed."))
        return redirect("desk:me")
    page = {"form": form, "title": _("Change your password"), "back": reverse("desk:me")}
    return render(request, "desk/form.html", page, status=form.status)


@sensitive_post_parameters()
@desk(once=False)
def authenticator(request: DeskRequest) -> HttpResponse:
    """Another application or device: its secret counts when a code proves it, and the old one no more."""
    form = CodeForm.of(request)
    page: dict[str, Any] = {"form": form}
    if request.method == "POST":
        done = attempt(
            form, lambda answers: services.totp_replace_confirm(request.actor, code=answers["code"])
        )
        if done is not None:
            messages.success(request, _("The new authenticator application counts from now on."))
            return redirect("desk:me")
    else:
        offer = services.totp_replace(request.actor)
        page |= {"secret": offer.secret, "qr": qr_code(offer.uri)}
    return render(request, "desk/entrance/set_up.html", page, status=form.status)


@desk(once=False)
def recovery_codes(request: DeskRequest) -> HttpResponse:
    """New recovery codes in place of the old, after a question."""
    form = OfficeForm.of(request)
    enrolled = attempt(form, lambda answers: services.recovery_codes_renew(request.actor))
    if enrolled is not None:
        return recovery_page(request, enrolled, reverse("desk:me"))
    page = {
        "form": form,
        "title": _("New recovery codes"),
        "text": _("The codes you have now stop counting."),
        "button": _("Make new codes"),
        "back": reverse("desk:me"),
    }
    return render(request, "desk/form.html", page, status=form.status)


@require_POST
@desk(once=False)
def passkey_add(request: DeskRequest) -> HttpResponse:
    """For the script of the page: the options, then, with an ``answer``, where to go (JSON)."""
    answer = request.POST.get("answer", "")
    site = site_of(request)
    try:
        if not answer:
            return HttpResponse(services.passkey_offer(request.actor, site=site), "application/json")
        label = request.POST.get("label", "")
        services.passkey_add(request.actor, site=site, answer=answer, label=label)
    except Refusal as refusal:
        return JsonResponse({"error": f"{refusal.what} {refusal.remedy}"}, status=refusal.status)
    messages.success(request, _("The passkey is added."))
    return JsonResponse({"next": reverse("desk:me")})


@desk()
def passkey_close(request: DeskRequest, id: UUID) -> HttpResponse:
    """Removes one of her passkeys, after a question."""
    form = OfficeForm.of(request)
    closed = attempt(form, lambda answers: services.passkey_close(request.actor, id=id))
    if closed is not None:
        messages.success(request, _("The passkey is removed."))
        return redirect("desk:me")
    page = {
        "form": form,
        "title": _("Remove a passkey"),
        "text": _("You can no longer sign in with it."),
        "button": _("Remove"),
        "back": reverse("desk:me"),
    }
    return render(request, "desk/form.html", page, status=form.status)
