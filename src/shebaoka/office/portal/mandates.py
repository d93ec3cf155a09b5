"""Mandates: given to somebody after a second proof, seen by both, ended by either; and for whom one acts."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from shebaoka.office.access import services
from shebaoka.office.access.models import Mandate, PortalSession
from shebaoka.office.access.scopes import scopes, words_of
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import Boxes, OfficeForm, attempt
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.people.models import Person
from shebaoka.office.portal.holder import entrant, holder
from shebaoka.office.portal.stepping import proven

_SHOWN = 50


class MandateForm(OfficeForm):
    """To whom, for what, from when until when."""

    number = forms.CharField(
        label=gettext_lazy("Social security number of who is to act for you"),
        max_length=40,
        widget=forms.TextInput({"size": "22", "autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Her or his name"), help_text=gettext_lazy("As on the document."), max_length=100
    )
    scopes = forms.MultipleChoiceField(label=pgettext_lazy("mandate", "What for"), widget=Boxes)
    since = forms.DateField(label=gettext_lazy("From"))
    until = forms.DateField(label=pgettext_lazy("mandate", "Last day"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("scopes", scopes().items())


@holder
def mine(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """Whom one may act for, mandates given and held."""
    given = session.person.mandates_given.select_related("agent").order_by("-given_at")[:_SHOWN]
    held = session.person.mandates_held.select_related("holder").order_by("-given_at")[:_SHOWN]
    page = {
        "session": session,
        "others": services.representable(session.person),
        "given": [_Line(each, each.agent) for each in given],
        "held": [_Line(each, each.holder) for each in held],
    }
    return render(request, "portal/mandates.html", page)


@proven
def give(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """A new mandate."""
    days = parameter(session.person.agency, "enquiry.mandate-days")
    form = MandateForm.of(request, initial={"since": clock.today()})
    made = attempt(form, lambda answers: services.mandate_give(session, terms=services.Terms(**answers)))
    if made is not None:
        text = _("%(name)s may act for you until %(day)s. You can withdraw it at any time.")
        messages.success(request, text % {"name": made.agent.name, "day": made.until.isoformat()})
        return redirect("portal:mandates")
    page = {"session": session, "form": form, "days": days}
    return render(request, "portal/mandate.html", page, status=form.status)


@require_POST
@holder
def end(request: HttpRequest, session: PortalSession, pk: UUID) -> HttpResponse:
    """Withdrawn by the holder, or given back by the agent."""
    services.mandate_end(session, mandate=pk)
    messages.success(request, _("The mandate has ended; both of you are told."))
    return redirect("portal:mandates")


@require_POST
@entrant
def act(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """From now on for somebody else, or for oneself again."""
    person, mandate = request.POST.get("person", ""), request.POST.get("mandate", "")
    if not person:
        services.represent_nobody(session)
    else:
        services.represent(session, person=_id(person), mandate=_id(mandate) if mandate else None)
    return redirect("portal:me")


class _Line:
    """A mandate as the page shows it."""

    def __init__(self, mandate: Mandate, other: Person) -> None:
        self.pk, self.name = mandate.pk, other.name
        self.scopes = words_of(mandate.scopes)
        self.since, self.until = mandate.since, mandate.until
        self.paper = mandate.document
        self.open = mandate.ended_at is None and mandate.until >= clock.today()
        self.state = mandate.get_ended_by_display() if mandate.ended_by else ""
        self.ended_at = mandate.ended_at


def _id(text: str) -> UUID:
    """Raises Refusal ``represent-not`` for what is no id."""
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("access.represent-not") from None
