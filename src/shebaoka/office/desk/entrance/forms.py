"""What is asked for at the entrance."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shebaoka.office.base.forms import OfficeForm


class SignInForm(OfficeForm):
    """Number and password."""

    number = forms.CharField(
        label=_("Staff number"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class CodeForm(OfficeForm):
    """The six digits of the authenticator application."""

    code = forms.CharField(
        label=_("Code of six digits"),
        help_text=_("Your authenticator application shows a new one every 30 seconds."),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "size": "10"}),
    )


class RecoveryForm(OfficeForm):
    """A recovery code."""

    code = forms.CharField(
        label=_("Recovery code"),
        help_text=_("Each of them counts once."),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "size": "24"}),
    )


class NewPassword(OfficeForm):
    """A new password, twice."""

    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 12 characters; several words are good."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        answers = super().clean() or {}
        if {"password", "again"} <= answers.keys() and answers["password"] != answers["again"]:
            self.add_error("again", _("The two passwords differ. Type them again."))
        return answers


class ActivationForm(NewPassword):
    """Both parts of an activation code, and the password she chooses."""

    field_order = ("number", "first", "second", "password", "again")

    number = forms.CharField(
        label=_("Staff number"), max_length=40, widget=forms.TextInput({"autocomplete": "username"})
    )
    first = forms.CharField(
        label=_("First part of the code"),
        help_text=_("Your administrator gives it to you."),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "size": "14"}),
    )
    second = forms.CharField(
        label=_("Second part of the code"),
        help_text=_("Your leader gives it to you."),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "size": "14"}),
    )


class SessionForm(OfficeForm):
    """What the time of work is for, and how long it is."""

    purpose = forms.CharField(
        label=_("Purpose"),
        help_text=_("For example: carriers of May received, ceremony of 12 May. It stands in the record."),
        max_length=200,
    )
    minutes = forms.TypedChoiceField(label=_("Ends after"), coerce=int)

    def __init__(self, *args: Any, longest: int, **values: Any) -> None:
        super().__init__(*args, **values)
        offered = [each for each in (30, 60, 120, 240) if each < longest] + [longest]
        self.offer("minutes", [(each, _minutes(each)) for each in offered])
        self.fields["minutes"].initial = offered[min(1, len(offered) - 1)]


def _minutes(number: int) -> str:
    hours, minutes = divmod(number, 60)
    if minutes:
        return _("%(count)d minutes") % {"count": number}
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}


class PasswordForm(NewPassword):
    """The present password and a new one."""

    field_order = ("present", "password", "again")

    present = forms.CharField(
        label=_("Present password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
