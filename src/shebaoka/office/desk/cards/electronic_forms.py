"""What is asked about electronic cards."""

from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.cards.choices import Proof

_PROOFS = [(each.value, each.label) for each in (Proof.IDENTITY, Proof.FACE, Proof.PIN)]


class HolderForm(OfficeForm):
    """How the holder proved who she is."""

    proof = forms.ChoiceField(label=_("How identity was proved"), choices=_PROOFS)
    pin = forms.CharField(
        label=_("Card PIN"),
        help_text=_("Only for card and PIN: the card is in the reader, the holder types."),
        required=False,
        max_length=16,
        widget=forms.PasswordInput,
    )

    def clean(self) -> dict[str, Any]:
        """Card and PIN need the PIN."""
        answers = super().clean() or {}
        if answers.get("proof") == Proof.PIN.value and not answers.get("pin"):
            self.add_error("pin", say("The holder types the PIN of the card."))
        return answers


class PasswordForm(HolderForm):
    """And six digits, typed twice."""

    password = forms.CharField(
        label=_("Password of the electronic card"),
        help_text=_("Six digits."),
        max_length=6,
        widget=forms.PasswordInput,
    )
    again = forms.CharField(label=_("The same again"), max_length=6, widget=forms.PasswordInput)

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        answers = super().clean()
        if len({answers.get("password"), answers.get("again")}) > 1:
            self.add_error("again", say("The two are not the same."))
        return answers


class TokenForm(OfficeForm):
    """A code that was shown."""

    token = forms.CharField(label=_("Code"), max_length=400)
    identified = forms.BooleanField(label=_("My task needs the social security number"), required=False)
