"""Handing out the two parts of an activation code; each is shown once, to the person who asked for it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.organizations import selectors
from shebaoka.office.organizations.services import activation_begin, activation_confirm


@desk("organizations.activation.begin", once=False)
def first(request: DeskRequest, number: str) -> HttpResponse:
    """The administrator's part."""
    return _part(request, number, activation_begin, _("First part of the activation code"))


@desk("organizations.activation.confirm", once=False)
def second(request: DeskRequest, number: str) -> HttpResponse:
    """The leader's part."""
    return _part(request, number, activation_confirm, _("Second part of the activation code"))


def _part(request: DeskRequest, number: str, service: Callable[..., Any], title: str) -> HttpResponse:
    who = selectors.staff_member(request.actor, number)
    form = OfficeForm.of(request)
    part = attempt(form, lambda answers: service(request.actor, staff=who))
    page = {
        "form": form,
        "who": who,
        "title": title,
        "text": _("For %(name)s (%(number)s). Her present password and second factor end when she uses it.")
        % {"name": who.name, "number": who.number},
        "button": _("Show this part"),
        "back": reverse("desk:organizations:member", args=[who.number]),
    }
    if part is not None:
        return render(request, "desk/organizations/code_part.html", {**page, "part": part})
    return render(request, "desk/form.html", page, status=form.status)
