"""What the portal asks a holder."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shebaoka.office.access.choices import IDENTIFYING, Proof
from shebaoka.office.base.forms import Box, OfficeForm

_NUMBER = {"autocomplete": "username", "autocapitalize": "characters", "spellcheck": "false", "size": "22"}


class SignInForm(OfficeForm):
    """Social security number and enquiry password."""

    number = forms.CharField(
        label=_("Social security number"),
        help_text=_("Your citizen identity number, 18 characters."),
        max_length=40,
        widget=forms.TextInput(_NUMBER),
    )
    password = forms.CharField(
        label=_("Enquiry password"),
        help_text=_("Not the card PIN and not the bank password. The first time: your initial password."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class NumberForm(OfficeForm):
    """Social security number alone."""

    number = forms.CharField(
        label=_("Social security number"), max_length=40, widget=forms.TextInput(_NUMBER)
    )


class ProofForm(OfficeForm):
    """Which second proof."""

    proof = forms.ChoiceField(label=_("How do you want to prove it?"))

    def __init__(self, *args: Any, order: list[str], strong_only: bool, **values: Any) -> None:
        super().__init__(*args, **values)
        offered = [Proof(each) for each in order if each != Proof.PASSKEY]  # that one needs its script
        offered = [each for each in offered if not strong_only or each in IDENTIFYING]
        self.offer("proof", [(each.value, each.label) for each in offered])


class CodeForm(OfficeForm):
    """The code that proves it."""

    code = forms.CharField(
        label=pgettext_lazy("proof", "Code"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "one-time-code", "size": "24"}),
    )


class CardForm(OfficeForm):
    """What the card answered; the script of the page fills it in."""

    code = forms.CharField(
        max_length=200,
        widget=forms.HiddenInput,
        error_messages={
            "required": _(
                "No card was read. It needs the reader service on this computer and scripts in this browser;"
                " without them prove it in another way."
            )
        },
    )


class NewPasswordForm(OfficeForm):
    """A new password, twice, and the notice."""

    new = forms.CharField(
        label=_("New enquiry password"),
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
    told = forms.BooleanField(
        label=_("I have read the notice of responsibilities"), required=False, widget=Box
    )

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        answers = super().clean() or {}
        if {"new", "again"} <= answers.keys() and answers["new"] != answers["again"]:
            self.add_error("again", _("The two passwords differ. Type them again."))
        return answers


class ChangeForm(NewPasswordForm):
    """The present password and a new one."""

    field_order = ("present", "new", "again", "told")

    present = forms.CharField(
        label=_("Present enquiry password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class FinderForm(OfficeForm):
    """Where somebody is insured."""

    place = forms.CharField(label=_("Place where you are insured"), max_length=60, required=False)
