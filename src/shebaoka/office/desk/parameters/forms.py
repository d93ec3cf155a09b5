"""What is asked about a parameter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base import clock
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.desk.parameters.reading import SOURCES
from shebaoka.office.parameters.registry import words
from shebaoka.spec.parameters import Parameter, Value, units


class ValueForm(OfficeForm):
    """The new value: a field that fits the parameter's type."""

    def __init__(self, *args: Any, parameter: Parameter, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["value"] = _field(parameter)

    def clean_value(self) -> Value:
        """A switch as a switch."""
        value: Value = self.cleaned_data["value"]
        return value == "true" if value in ("true", "false") else value


class SourceForm(OfficeForm):
    """Where it says so, and from when."""

    since = forms.DateField(label=_("In force from"), initial=clock.today)
    source = forms.ChoiceField(
        label=_("Source"), choices=[(tag, text) for tag, text in SOURCES.items() if tag != "?"]
    )
    place = forms.CharField(
        label=_("Document"), help_text=_("Name and number of the document that says so."), max_length=200
    )


class EndForm(OfficeForm):
    """From when the body follows the level above, and why."""

    since = forms.DateField(label=_("Withdrawn from"), initial=clock.today)
    place = forms.CharField(
        label=_("Document"), help_text=_("Name and number of the document that says so."), max_length=200
    )


class ReasonForm(OfficeForm):
    """Why an act is proposed."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person who checks it reads this; it stands in the record."),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": "3"}),
    )


class DayForm(OfficeForm):
    """From when the rules are in force."""

    since = forms.DateField(label=_("In force from"), initial=clock.today)


def _field(parameter: Parameter) -> forms.Field:
    label = str(words(parameter.name))
    if parameter.type == "number":
        unit = words(units()[parameter.unit])
        hint = f"{parameter.least}–{parameter.most} ({unit})"
        return forms.IntegerField(
            label=label, help_text=hint, min_value=parameter.least, max_value=parameter.most
        )
    if parameter.type == "text":
        return forms.CharField(label=label, max_length=parameter.most, widget=forms.Textarea({"rows": "3"}))
    choices: list[tuple[str, Any]] = [(key, words(text)) for key, text in parameter.choices.items()]
    if parameter.type == "switch":
        choices = [("true", _("Yes")), ("false", _("No"))]
    return forms.ChoiceField(label=label, choices=choices)
