"""Her electronic card: opened, shown as a QR code, its password, closed. No other secret opens it."""

from collections.abc import Callable

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from shebaoka.office.access.models import PortalSession
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.cards import selectors, services
from shebaoka.office.cards.models import ElectronicCard
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.portal.cards import by, proof_of
from shebaoka.office.portal.holder import holder
from shebaoka.office.portal.stepping import proven

_DIGITS = {"autocomplete": "off", "inputmode": "numeric", "size": "8"}


class PasswordForm(OfficeForm):
    """The electronic card's password."""

    password = forms.CharField(
        label=gettext_lazy("Electronic card password"),
        help_text=gettext_lazy("Six digits, not the card PIN and not the enquiry password."),
        max_length=6,
        widget=forms.PasswordInput(_DIGITS),
    )


class NewForm(PasswordForm):
    """A new one, twice."""

    again = forms.CharField(
        label=gettext_lazy("Once more"), max_length=6, widget=forms.PasswordInput(_DIGITS)
    )

    def clean(self) -> dict[str, str]:
        """Both are the same."""
        answers = super().clean() or {}
        if {"password", "again"} <= answers.keys() and answers["password"] != answers["again"]:
            self.add_error("again", _("The two passwords differ. Type them again."))
        return answers


@sensitive_post_parameters()
@holder
def show(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """The QR code, for a terminal, after its password; good for the region's seconds and one use."""
    person = session.person
    if not ElectronicCard.objects.filter(person=person, closed_at=None).exists():
        mine = selectors.cards_of(by(session), person)
        usable = mine.filter(social="1", plastic__in=("held", "gone")).exists()
        return render(request, "portal/electronic.html", {"session": session, "usable": usable})
    form = PasswordForm.of(request)
    token = attempt(
        form,
        lambda answers: services.electronic_qr(by(session), person=person.pk, password=answers["password"]),
    )
    page = {
        "session": session,
        "form": form,
        "qr": segno.make(token, error="m").svg_data_uri(scale=5, border=4) if token else "",
        "seconds": parameter(person.agency, "cards.electronic-seconds"),
    }
    return render(request, "portal/electronic.html", page, status=form.status)


@sensitive_post_parameters()
@proven
def begin(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """Consent and a password of six digits."""
    return _with_password(request, session, services.electronic_open, _("Open my electronic card"))


@sensitive_post_parameters()
@proven
def reset(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """Another password, also when it is forgotten."""
    return _with_password(request, session, services.electronic_reset, _("Set another password"))


@proven
def close(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """She does not want it any more."""
    if request.method == "POST":
        services.electronic_close(by(session), person=session.person.pk, proof=proof_of(session))
        messages.success(request, _("The electronic card is closed."))
        return redirect("portal:electronic")
    return render(request, "portal/electronic_close.html", {"session": session})


def _with_password(
    request: HttpRequest, session: PortalSession, call: Callable[..., ElectronicCard], title: str
) -> HttpResponse:
    form = NewForm.of(request)
    done = attempt(
        form,
        lambda answers: call(
            by(session), person=session.person.pk, password=answers["password"], proof=proof_of(session)
        ),
    )
    if done is not None:
        messages.success(request, _("The password of the electronic card is set."))
        return redirect("portal:electronic")
    page = {"session": session, "form": form, "title": title}
    return render(request, "portal/electronic_password.html", page, status=form.status)
