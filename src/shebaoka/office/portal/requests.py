"""What a holder asks of her agency: that something is put right, that a leak is looked into."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shebaoka.office.access import services
from shebaoka.office.access.choices import Scope
from shebaoka.office.access.models import PortalSession
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.pieces import Column, Table
from shebaoka.office.portal.holder import holder_or
from shebaoka.office.portal.stepping import stepped


class CorrectionForm(OfficeForm):
    """What is wrong, and what is right."""

    wrong = forms.CharField(
        label=gettext_lazy("What is wrong"),
        help_text=gettext_lazy("For example: name, telephone, a job."),
        max_length=200,
    )
    right = forms.CharField(
        label=gettext_lazy("What is right, and which document shows it"),
        max_length=400,
        widget=forms.Textarea({"rows": 4}),
    )


class LeakForm(OfficeForm):
    """What became known."""

    told = forms.CharField(
        label=gettext_lazy("What became known, and when did you notice it?"),
        help_text=gettext_lazy("Write no password."),
        max_length=1000,
        widget=forms.Textarea({"rows": 6}),
    )


@holder_or(Scope.REQUESTS)
def mine(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """Her requests and leak cases, with what came of them."""
    services.seen(session, ("access.correction", "access.leak"))
    asked = session.whom.correction_requests.order_by("-asked_at")
    leaks = session.whom.leak_cases.order_by("-opened_at")
    page = {
        "session": session,
        "corrections": Table(
            _("Corrections"),
            [Column(_("Asked at")), Column(_("What is wrong")), Column(_("State")), Column(_("Answer"))],
            [[each.asked_at, each.wrong, each.get_state_display(), each.answer] for each in asked],
            _("None yet."),
            hide_caption=True,
        ),
        "leaks": Table(
            _("Leaks"),
            [Column(_("Number")), Column(_("Told at")), Column(_("Cause")), Column(_("Decision"))],
            [
                [each.number, each.opened_at, each.get_cause_display() or _("Not decided yet"), each.decision]
                for each in leaks
            ],
            _("None yet."),
            hide_caption=True,
        ),
    }
    return render(request, "portal/requests.html", page)


@holder_or(Scope.REQUESTS)
@stepped
def correction(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """Asks for one; name and number are then put right at the counter by two persons."""
    form = CorrectionForm.of(request)
    made = attempt(form, lambda answers: services.correction_ask(session, **answers))
    if made is not None:
        messages.success(request, _("Your agency has your request; the answer will stand here."))
        return redirect("portal:requests")
    page = {"session": session, "form": form, "title": _("Ask for a correction")}
    return render(request, "portal/request.html", page, status=form.status)


@holder_or(Scope.REQUESTS)
def leak(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """Tells of one. No second proof: whoever fears a leak is heard at once."""
    form = LeakForm.of(request)
    made = attempt(form, lambda answers: services.leak_tell(session, told=answers["told"]))
    if made is not None:
        messages.success(
            request,
            _("Case %(number)s is opened. Change your password and sign out everywhere if it was not you.")
            % {"number": made.number},
        )
        return redirect("portal:requests")
    page = {"session": session, "form": form, "title": _("Tell of a leak")}
    return render(request, "portal/request.html", page, status=form.status)
