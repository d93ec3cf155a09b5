"""What is asked about PSAMs."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base import clock
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.psams.choices import DestructionFileKind, Finding, Form, RecallReason, Source, Status
from shebaoka.office.psams.conditions import conditions


class FilterForm(OfficeForm):
    """Which PSAMs to show."""

    text = forms.CharField(label=_("Serial, terminal or printed number"), required=False, max_length=40)
    state = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *Status.choices])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.few = 0


class ReasonForm(OfficeForm):
    """Why an act is proposed."""

    reason = forms.CharField(
        label=_("Remark for the person who checks it"),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": "3"}),
    )


class WhyForm(OfficeForm):
    """Why something is done."""

    why = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": "3"}))


class WhatForm(OfficeForm):
    """What was found, or happened."""

    what = forms.CharField(
        label=_("What was found out"), max_length=400, widget=forms.Textarea({"rows": "3"})
    )


class StockForm(OfficeForm):
    """The outward appearance."""

    printed = forms.CharField(label=_("Printed number"), max_length=40)
    form = forms.ChoiceField(label=_("Form"), choices=Form.choices)
    seal = forms.CharField(label=_("Seal number"), max_length=40, required=False)
    picture = forms.FileField(label=_("Picture"), help_text=_("JPEG or PNG, at most 2 MB."), required=False)


class ContactForm(OfficeForm):
    """How a keeper is reached and known."""

    phone = forms.CharField(label=_("Your telephone"), max_length=30)
    document = forms.CharField(
        label=_("Number of your identity document"),
        help_text=_("It stands in the register of PSAMs and is shown with its middle hidden."),
        max_length=30,
    )


class ConfirmForm(OfficeForm):
    """A signature."""

    confirmed = forms.BooleanField(label=_("I have received this PSAM and accept these conditions"))


class CountersForm(OfficeForm):
    """Counters of a terminal."""

    terminal = forms.CharField(label=_("Terminal number"), max_length=12)
    unit = forms.CharField(label=_("Code of the unit"), max_length=20)
    place = forms.CharField(label=_("Place code"), max_length=40)
    first = forms.IntegerField(label=_("First counter"), min_value=0)
    last = forms.IntegerField(label=_("Last counter"), min_value=0)
    source = forms.ChoiceField(
        label=_("Source"),
        choices=[(Source.REPORT.value, Source.REPORT.label), (Source.CHIP.value, Source.CHIP.label)],
    )


class InspectionForm(OfficeForm):
    """Conditions looked at on site."""

    few = 12

    broken = forms.MultipleChoiceField(
        label=_("Conditions that are not kept"),
        help_text=_("Mark none when all are kept. One that is not kept freezes the PSAM."),
        required=False,
    )
    remark = forms.CharField(
        label=_("Remark"), max_length=400, required=False, widget=forms.Textarea({"rows": "3"})
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("broken", ((name, text) for name, text in conditions().items()))


class LossForm(OfficeForm):
    """A loss."""

    missing_since = forms.DateTimeField(label=_("Missing since"))
    circumstances = forms.CharField(
        label=_("Circumstances"), max_length=400, widget=forms.Textarea({"rows": "3"})
    )
    theft = forms.BooleanField(label=_("Theft is suspected"), required=False)


class LossReportForm(OfficeForm):
    """The report in writing."""

    document = forms.CharField(label=_("Number of the report"), max_length=60)
    responsibility = forms.CharField(
        label=_("Whose responsibility it was"), max_length=400, widget=forms.Textarea({"rows": "3"})
    )
    police = forms.CharField(label=_("Number of the police report"), max_length=60, required=False)


class PlaceForm(OfficeForm):
    """Another place of the unit."""

    place = forms.ChoiceField(label=_("New place"))
    why = forms.CharField(label=_("Reason"), max_length=400)

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("place", places)


class KeeperForm(OfficeForm):
    """Another keeper."""

    keeper = forms.ChoiceField(label=_("New keeper"))

    def __init__(self, *args: Any, keepers: Iterable[tuple[str, str]], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("keeper", keepers)


class HandingInForm(OfficeForm):
    """A PSAM is handed back."""

    seal_whole = forms.ChoiceField(
        label=_("Seal"), choices=[("yes", _("The seal is whole")), ("no", _("The seal is broken or missing"))]
    )
    remark = forms.CharField(label=_("Remark"), max_length=400, required=False)


class SerialsForm(OfficeForm):
    """Which PSAMs: a serial number a line."""

    serials = forms.CharField(
        label=_("Serial numbers"),
        help_text=_("One in each line."),
        widget=forms.Textarea({"rows": "8", "class": "code"}),
        max_length=250_000,
    )

    def clean_serials(self) -> tuple[str, ...]:
        """The numbers."""
        return tuple(self.cleaned_data["serials"].split())


class RecallForm(SerialsForm):
    """A recall list."""

    field_order = ["recall_reason", "remark", "serials"]
    recall_reason = forms.ChoiceField(label=_("Reason"), choices=RecallReason.choices)
    remark = forms.CharField(label=_("Remark"), max_length=400)


class DestructionForm(SerialsForm):
    """A destruction list."""

    field_order = ["destruction_reason", "serials"]
    destruction_reason = forms.CharField(label=_("Reason"), max_length=400)


class SignForm(ConfirmForm, ContactForm):
    """A signature of a keeper who has not said yet how she is reached."""


class DestructionFileForm(OfficeForm):
    """A photo or record of a destruction."""

    kind = forms.ChoiceField(label=_("What it is"), choices=DestructionFileKind.choices)
    file = forms.FileField(label=_("File"), help_text=_("PDF, JPEG or PNG, at most 20 MB."))


class HostForm(OfficeForm):
    """A host."""

    name = forms.CharField(label=_("Name of the host"), max_length=60)


class WitnessForm(OfficeForm):
    """How the chips were destroyed."""

    method = forms.CharField(label=_("Method"), max_length=200)
    site = forms.CharField(label=_("Place"), max_length=200)
    photos = forms.CharField(label=_("Where the originals of photos and records are kept"), max_length=200)
    certificate = forms.CharField(label=_("Number of the certificate"), max_length=60)


class CountForm(OfficeForm):
    """A question for each PSAM of a count, or of the sample."""

    def __init__(
        self, *args: Any, serials: Iterable[str], explained: bool, needed: bool = True, **values: Any
    ) -> None:
        super().__init__(*args, **values)
        offered = [each for each in Finding.choices if each[0] != Finding.UNKNOWN]
        for serial in serials:
            known = offered if needed else [("", _("Not checked")), *offered]
            self.fields[f"f{serial}"] = forms.ChoiceField(
                label=f"PSAM {serial}", choices=known, required=needed
            )
            if explained:
                self.fields[f"e{serial}"] = forms.CharField(
                    label=_("Explanation for %(serial)s") % {"serial": serial},
                    required=False,
                    max_length=200,
                )


class AgreementForm(OfficeForm):
    """A service agreement."""

    unit = forms.ChoiceField(label=_("Unit"))
    number = forms.CharField(label=_("Number of the agreement"), max_length=60)
    since = forms.DateField(label=_("Valid from"), initial=clock.today)
    until = forms.DateField(label=_("Valid until"))

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("unit", units)
