"""Changing the enquiry password, for who is signed in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from shebaoka.office.access import services
from shebaoka.office.access.models import PortalSession
from shebaoka.office.access.notice import in_force
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import attempt
from shebaoka.office.portal.entrance import password_rules
from shebaoka.office.portal.forms import ChangeForm
from shebaoka.office.portal.holder import holder


@sensitive_post_parameters()
@holder
def change(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """The present password, and a new one; other sessions end."""
    form = ChangeForm.of(request)

    def put(answers: dict[str, Any]) -> bool:
        if not answers["told"]:
            raise Refusal("access.notice-unread")
        services.password_change(session, present=answers["present"], new=answers["new"])
        return True

    if attempt(form, put):
        messages.success(request, _("Your enquiry password was changed. You are signed out everywhere else."))
        return redirect("portal:me")
    rules = password_rules(session.person.agency.region)
    context = {"session": session, "form": form, **rules, "notice": in_force()[1]}
    return render(request, "portal/change.html", context, status=form.status)
