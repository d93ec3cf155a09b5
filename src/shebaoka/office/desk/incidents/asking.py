"""One form that changes an incident, and back to it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.pieces import Say
from shebaoka.office.desk.access import DeskRequest
from shebaoka.office.incidents import selectors
from shebaoka.office.incidents.models import Incident
from shebaoka.office.incidents.services import secret_read


def change(
    request: DeskRequest,
    incident: Incident,
    form_of: type[OfficeForm],
    call: Callable[[dict[str, Any]], object],
    *,
    title: Say,
    done: Say,
    button: Say,
    text: Say = "",
    initial: dict[str, Any] | None = None,
) -> HttpResponse:
    """Asks, calls the service, says ``done``. ``call`` returns something else than None; a response of its
    own (an act that was proposed) is given as it is."""
    form = form_of.of(request, initial=initial)
    made = attempt(form, call)
    if isinstance(made, HttpResponse):
        return made
    back = reverse("desk:incidents:incident", args=[incident.number])
    if made is not None:
        messages.success(request, str(done))
        return redirect(back)
    page = {"form": form, "title": title, "text": text, "button": button, "back": back}
    return render(request, "desk/form.html", page, status=form.status)


def looked_at(request: DeskRequest, number: str) -> Incident | HttpResponse:
    """The incident; of a secret one the look stands in the chain, and who has no session begins one first."""
    found = selectors.incident(request.actor, number)
    if not found.secret:
        return found
    if request.actor.session is None:
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('desk:session-begin')}?{query}")
    return secret_read(request.actor, incident=found.pk)
