"""What is asked about tokens."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base import clock
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.interfaces.scopes import scopes
from shebaoka.office.organizations.models import Organization

_DAYS = 365


class WhoseForm(OfficeForm):
    """Whose program it is."""

    organization = forms.ChoiceField(label=_("Whose program is it?"))

    def __init__(self, *args: Any, offered: Iterable[Organization], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("organization", [(each.code, f"{each.name} ({each.code})") for each in offered])


class ScopesForm(OfficeForm):
    """What it may."""

    scopes = forms.MultipleChoiceField(label=_("What may it do?"))

    def __init__(self, *args: Any, kind: str, **values: Any) -> None:
        super().__init__(*args, **values)
        offered = [
            (name, f"{each.name} ({each.text})") for name, each in scopes().items() if kind in each.kinds
        ]
        self.offer("scopes", offered)


class TokenForm(OfficeForm):
    """Name and bounds."""

    name = forms.CharField(
        label=_("Name of the program"),
        help_text=_("So that others know it again: hospital information system."),
        max_length=60,
    )
    until = forms.DateField(label=_("Counts until"), initial=lambda: clock.today() + timedelta(days=_DAYS))
    per_minute = forms.IntegerField(
        label=_("Questions a minute"),
        initial=60,
        min_value=1,
        widget=forms.NumberInput({"inputmode": "numeric", "size": "8"}),
    )
    employer = forms.CharField(
        label=_("Employer"),
        help_text=_("Only for an employer's own program: the code of the only employer it speaks for."),
        max_length=18,
        required=False,
        widget=forms.TextInput({"size": "22", "autocapitalize": "characters"}),
    )


class ReasonForm(OfficeForm):
    """Why it is proposed."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person who checks it reads this; it stands in the record."),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": "3"}),
    )


class WhyForm(OfficeForm):
    """Why it is withdrawn."""

    why = forms.CharField(label=_("Reason"), max_length=200)
