"""What is asked about rules, plans and drills."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base import clock
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.organizations.models import Organization
from shebaoka.office.rules.choices import DrillResult, Restored
from shebaoka.office.rules.services import LONGEST_TEXT


class TextForm(OfficeForm):
    """Title and text of a document."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Text"),
        help_text=_("A paragraph a line. A line that begins with # and a blank is a heading."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": "24"}),
    )


class ApproveForm(OfficeForm):
    """From when it is in force."""

    in_force_from = forms.DateField(label=_("In force from"), initial=clock.today)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The leader who checks it reads this."),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": "3"}),
    )


class WithdrawForm(OfficeForm):
    """From when it is not, and why."""

    withdrawn_on = forms.DateField(label=_("No longer in force from"), initial=clock.today)
    because = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": "3"}))


class AcknowledgeForm(OfficeForm):
    """Read and understood. ``digest``: of the text she saw."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    read = forms.BooleanField(label=_("I have read it and keep to it"))


class Outcome(OfficeForm):
    """How something ended; what did not simply pass is explained."""

    result = forms.ChoiceField(label=_("Result"), choices=DrillResult.choices)
    findings = forms.CharField(label=_("Findings"), required=False, widget=forms.Textarea({"rows": "3"}))
    measures = forms.CharField(
        label=_("What is done about it"), required=False, widget=forms.Textarea({"rows": "3"})
    )


class AuditForm(Outcome):
    """An audit that was made."""

    field_order = (
        "held_on",
        "auditor",
        "unit",
        "member",
        "scope",
        "result",
        "findings",
        "measures",
        "report",
    )
    held_on = forms.DateField(label=_("Held on"), initial=clock.today)
    auditor = forms.CharField(label=_("Auditor"), max_length=400)
    unit = forms.CharField(label=_("Unit of the auditor"), max_length=400)
    member = forms.CharField(
        label=_("Staff number of the auditor"),
        max_length=40,
        required=False,
        help_text=_("When she is of this office. Who keeps or operates keys here does not audit."),
    )
    scope = forms.CharField(label=_("What was looked at"), max_length=400)
    report = forms.FileField(label=_("Report"), required=False)


class RestoreForm(Outcome):
    """A restore test."""

    field_order = (
        *("held_on", "what", "source", "place", "done_by", "witness", "result", "findings", "measures"),
        "minutes",
    )
    held_on = forms.DateField(label=_("Held on"), initial=clock.today)
    what = forms.ChoiceField(label=_("What was restored"), choices=Restored.choices)
    source = forms.CharField(
        label=_("From which media"), max_length=400, help_text=_("Which, from which sites, kept by whom.")
    )
    place = forms.CharField(label=_("Place"), max_length=400)
    done_by = forms.ChoiceField(label=_("Done by"))
    witness = forms.ChoiceField(label=_("Witness"))
    minutes = forms.FileField(
        label=_("Minutes"),
        required=False,
        help_text=_("A PDF, or the output of “shebaoka db rehearse --json” as a .json file."),
    )

    def __init__(self, *args: Any, body: Organization, **values: Any) -> None:
        super().__init__(*args, **values)
        people = body.staff.filter(is_active=True).order_by("number")
        for name in ("done_by", "witness"):
            self.offer(name, [(each.number, str(each)) for each in people])


class DrillForm(OfficeForm):
    """A drill that was held."""

    held_on = forms.DateField(label=_("Held on"), initial=clock.today)
    scenario = forms.CharField(label=_("Scenario"), max_length=400, widget=forms.Textarea({"rows": "2"}))
    participants = forms.CharField(
        label=_("Who took part"), max_length=400, widget=forms.Textarea({"rows": "2"})
    )
    result = forms.ChoiceField(label=_("Result"), choices=DrillResult.choices)
    findings = forms.CharField(
        label=_("What the drill showed"), required=False, widget=forms.Textarea({"rows": "3"})
    )
    improvements = forms.CharField(
        label=_("What is done about it"), required=False, widget=forms.Textarea({"rows": "3"})
    )

    def clean(self) -> dict[str, Any]:
        """What did not simply pass is explained."""
        answers = super().clean() or {}
        if answers.get("result") in (DrillResult.FINDINGS, DrillResult.FAILED):
            for name in ("findings", "improvements"):
                if not answers.get(name):
                    self.add_error(name, _("Say it: the drill did not simply pass."))
        return answers
