"""What is asked about incidents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base import clock
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.incidents.choices import WRITTEN, AffectedKind, IncidentKind, Level, Means, Secrecy


def _long(rows: int = 4) -> forms.Textarea:
    return forms.Textarea({"rows": str(rows)})


class KindForm(OfficeForm):
    """What happened."""

    few = 30
    kind = forms.ChoiceField(label=_("What happened?"), choices=IncidentKind.choices)


class WhatForm(OfficeForm):
    """When, and how."""

    discovered_at = forms.DateTimeField(
        label=_("When was it discovered?"), help_text=_("Its clocks run from then."), initial=clock.now
    )
    happened_at = forms.DateTimeField(label=_("When did it happen, if that is known?"), required=False)
    subject_name = forms.CharField(
        label=_("What is it about?"),
        help_text=_("A serial number or place. No key, PIN, password or person's data."),
        max_length=200,
        required=False,
    )
    summary = forms.CharField(
        label=_("What happened?"),
        help_text=_("What was found, by whom, what was done already. No secrets."),
        max_length=4000,
        widget=_long(6),
    )


class SecrecyForm(OfficeForm):
    """Whether a state secret is concerned."""

    secrecy = forms.ChoiceField(label=_("Secrecy level"), choices=Secrecy.choices, initial=Secrecy.NONE)
    leaked = forms.BooleanField(
        label=_("It has leaked, or may have"),
        help_text=_("Then the secrecy administration is told within 24 hours (order 646/2014 art. 34)."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Only a secret leaks."""
        answers = super().clean() or {}
        if answers.get("leaked") and answers.get("secrecy") == str(Secrecy.NONE.value):
            self.add_error("secrecy", _("Choose the secrecy level of what has leaked."))
        return answers


class BecauseForm(OfficeForm):
    """A reason that stands in the log."""

    because = forms.CharField(label=_("Reason"), max_length=400, widget=_long(3))


class RaiseForm(SecrecyForm, BecauseForm):
    """A higher secrecy level, or a leak."""


class LowerForm(OfficeForm):
    """A lower one."""

    secrecy = forms.ChoiceField(label=_("New secrecy level"), choices=Secrecy.choices)


class LevelForm(BecauseForm):
    """Another level."""

    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    field_order = ("level", "because")


class FindingForm(OfficeForm):
    """Why it is an incident."""

    finding = forms.CharField(label=_("What was found"), max_length=4000, widget=_long())


class EntryForm(OfficeForm):
    """A line of the log."""

    kind = forms.ChoiceField(label=_("Kind of entry"), choices=[(each.value, each.label) for each in WRITTEN])
    at = forms.DateTimeField(label=_("When"), initial=clock.now)
    text = forms.CharField(label=_("What was done or found"), max_length=4000, widget=_long())


class CauseForm(OfficeForm):
    """The cause."""

    cause = forms.CharField(label=_("Cause"), max_length=4000, widget=_long())


class AffectedForm(OfficeForm):
    """Something no register knows."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AffectedKind.choices)
    reference = forms.CharField(label=_("Number in its register"), max_length=120)
    name = forms.CharField(label=_("What it is"), max_length=200)


class MadeForm(OfficeForm):
    """How a report was made."""

    means = forms.ChoiceField(label=_("How was it reported?"), choices=Means.choices)
    told = forms.CharField(label=_("Who took the report"), max_length=120)
    done_at = forms.DateTimeField(label=_("When"), initial=clock.now)
    reference = forms.CharField(label=_("Number of the letter"), max_length=120, required=False)
    text = forms.CharField(label=_("What was reported"), max_length=4000, required=False, widget=_long())


class ReaderForm(BecauseForm):
    """Who needs to know."""

    number = forms.CharField(label=_("Staff number"), max_length=40)
    field_order = ("number", "because")
