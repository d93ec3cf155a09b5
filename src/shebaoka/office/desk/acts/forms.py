"""What a checker says."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.forms import OfficeForm

YES, NO = "yes", "no"


class DecisionForm(OfficeForm):
    """Yes or no, with a remark; a no says why. ``digest``: of the content she saw."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    decision = forms.ChoiceField(label=_("Your decision"), choices=[(YES, _("Approve")), (NO, _("Refuse"))])
    remark = forms.CharField(
        label=_("Remark"),
        help_text=_("If you refuse: why. It stands in the record."),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": "3"}),
    )

    def clean(self) -> dict[str, Any]:
        """A refusal has its reason."""
        answers = super().clean() or {}
        if answers.get("decision") == NO and not answers.get("remark"):
            self.add_error("remark", _("Say why you refuse."))
        return answers


class WithdrawalForm(OfficeForm):
    """Why an act is taken back."""

    remark = forms.CharField(label=_("Why"), max_length=400)
