"""The first person's part on any page: propose, then say who has to check."""

import msgspec
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect

from shebaoka.office.desk.access import DeskRequest
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import propose


def proposed(
    request: DeskRequest,
    act: str,
    organization: Organization,
    payload: msgspec.Struct,
    *,
    reason: str = "",
    subject: Model | None = None,
) -> HttpResponse:
    """Proposes the act and goes to the page that says who checks it. Raises Refusal: call it inside of
    ``ask`` or ``attempt``, which show it."""
    waiting = propose(request.actor, act, organization, payload, reason=reason, subject=subject)
    return redirect("desk:acts:proposed", waiting.pk)
