"""What the desk asks about the enquiry password."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.access.choices import Cause, LeakCause
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.people.choices import DocumentType


class UniformForm(OfficeForm):
    """From when initial passwords count, and until when they are to be changed."""

    since = forms.DateField(label=_("From"))
    due = forms.DateField(
        label=_("Last day to change"), required=False, help_text=_("Left empty: the region's days.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=400)


class SeenForm(OfficeForm):
    """What the person before the clerk shows."""

    typed = forms.CharField(
        label=_("Social security number she signs in with"),
        max_length=40,
        widget=forms.TextInput({"size": "22"}),
    )
    name = forms.CharField(label=_("Name on the document"), max_length=100)
    document_type = forms.ChoiceField(label=_("Document"), choices=DocumentType.choices)
    document_number = forms.CharField(label=_("Document number"), max_length=20)


class CauseForm(OfficeForm):
    """Why she could not sign in."""

    cause = forms.ChoiceField(label=_("Cause found"), choices=Cause.choices)
    elsewhere = forms.ChoiceField(label=_("Agency she is sent to"), required=False)
    remark = forms.CharField(label=_("Remark"), max_length=400, required=False)

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("elsewhere", [("", _("None")), *agencies])


class ResetForm(OfficeForm):
    """Why the password goes back to the initial value."""

    reason = forms.CharField(label=_("Reason"), max_length=400)


class LeakForm(OfficeForm):
    """Whose data became known, and how."""

    number = forms.CharField(
        label=_("Social security number"), max_length=40, widget=forms.TextInput({"size": "22"})
    )
    told = forms.CharField(label=_("What happened"), max_length=1000, widget=forms.Textarea({"rows": 6}))


class DecisionForm(OfficeForm):
    """Who answers for it."""

    cause = forms.ChoiceField(label=_("Cause"), choices=LeakCause.choices)
    decision = forms.CharField(
        label=_("Decision and its reasons"), max_length=1000, widget=forms.Textarea({"rows": 6})
    )


class AnswerForm(OfficeForm):
    """What became of a request for correction."""

    done = forms.ChoiceField(label=_("Was it put right?"), choices=(("yes", _("Yes")), ("no", _("No"))))
    answer = forms.CharField(label=_("Answer"), max_length=400, widget=forms.Textarea({"rows": 4}))
