"""What is asked about vendors, applications, places of use and issues."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base import clock
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.psams.choices import Algorithm, KeyLevel, Network, PlaceKind, Purpose


class VendorForm(OfficeForm):
    """A vendor's filing."""

    name = forms.CharField(label=_("Vendor"), max_length=120)
    filing = forms.CharField(label=_("Filing number"), max_length=60)
    filed_on = forms.DateField(label=_("Filed on"), initial=clock.today)


class ApplicationForm(OfficeForm):
    """What a body applies for."""

    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=10_000)
    levels = forms.MultipleChoiceField(label=_("Key levels"), choices=KeyLevel.choices)
    algorithms = forms.MultipleChoiceField(label=_("Ciphers"), choices=Algorithm.choices)
    purpose = forms.ChoiceField(label=_("What it is for"), choices=Purpose.choices)
    use = forms.CharField(label=_("Where they are used"), max_length=400)


class DeliveryForm(OfficeForm):
    """From whom and how they come."""

    vendor = forms.ChoiceField(label=_("Vendor of the blanks"))
    delivery = forms.CharField(
        label=_("Delivery"), help_text=_("Confidential courier or personally, never by post."), max_length=200
    )

    def __init__(self, *args: Any, vendors: Iterable[tuple[str, str]], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("vendor", vendors)


class DecisionForm(OfficeForm):
    """The ministry's answer."""

    granted = forms.ChoiceField(
        label=_("Answer to the application"), choices=[("yes", _("Grant")), ("no", _("Do not grant"))]
    )
    opinion = forms.CharField(label=_("Opinion"), max_length=400, widget=forms.Textarea({"rows": "3"}))


class SendForm(OfficeForm):
    """What is sent."""

    batch = forms.CharField(label=_("Batch"), max_length=40)
    chip = forms.CharField(label=_("Chip"), max_length=60)
    cos = forms.CharField(label=_("Operating system of the chip"), max_length=60)
    starts_on = forms.DateField(label=_("Valid from"), initial=clock.today)
    expires_on = forms.DateField(label=_("Valid until"))
    national_version = forms.IntegerField(
        label=_("Version of the national keys in it"),
        help_text=_("0 when there are none."),
        min_value=0,
        max_value=255,
        initial=1,
    )
    psams = forms.CharField(
        label=_("PSAMs"),
        help_text=_("One in each line: serial number (20 digits), a space, terminal number (12 digits)."),
        widget=forms.Textarea({"rows": "8", "class": "code"}),
        max_length=400_000,
    )

    def clean_psams(self) -> list[tuple[str, str]]:
        """Pairs of numbers."""
        pairs = [line.split() for line in self.cleaned_data["psams"].splitlines() if line.strip()]
        for number, pair in enumerate(pairs, 1):
            if len(pair) != 2:
                raise forms.ValidationError(
                    _("Line %(number)s does not hold two numbers."), params={"number": number}
                )
        return [(first, second) for first, second in pairs]


class ReceiveForm(OfficeForm):
    """What arrived."""

    document = forms.CharField(label=_("Number of the hand-over list"), max_length=60)
    serials = forms.CharField(
        label=_("Serial numbers that arrived"),
        help_text=_("One in each line, as read from the PSAMs themselves."),
        widget=forms.Textarea({"rows": "8", "class": "code"}),
        max_length=250_000,
    )

    def clean_serials(self) -> tuple[str, ...]:
        """The numbers."""
        return tuple(self.cleaned_data["serials"].split())


class KeysForm(OfficeForm):
    """Keys that were loaded."""

    level = forms.ChoiceField(label=_("Key level"), choices=KeyLevel.choices)
    algorithm = forms.ChoiceField(label=_("Cipher"), choices=Algorithm.choices)
    version = forms.IntegerField(label=_("Key version"), min_value=1, max_value=255, initial=1)
    evidence = forms.CharField(label=_("Number of the loading record"), max_length=100)
    serials = forms.CharField(
        label=_("Serial numbers"),
        help_text=_("One in each line."),
        widget=forms.Textarea({"rows": "8", "class": "code"}),
        max_length=250_000,
    )

    def clean_serials(self) -> tuple[str, ...]:
        """The numbers."""
        return tuple(self.cleaned_data["serials"].split())


class UnitForm(OfficeForm):
    """To which unit."""

    unit = forms.ChoiceField(label=_("Unit"))

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("unit", units)


class IssueForm(OfficeForm):
    """To which place and keeper, what for."""

    place = forms.ChoiceField(label=_("Place of use"))
    keeper = forms.ChoiceField(label=_("Keeper"))
    purpose = forms.ChoiceField(label=_("What it is for"), choices=Purpose.choices)
    replaces = forms.CharField(
        label=_("It stands for the PSAM"),
        help_text=_("Serial number of the old one when this is an exchange. No new one against nothing."),
        max_length=20,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        places: Iterable[tuple[str, str]],
        keepers: Iterable[tuple[str, str]],
        **values: Any,
    ) -> None:
        super().__init__(*args, **values)
        self.offer("place", places)
        self.offer("keeper", keepers)


class PlaceOfUseForm(UnitForm):
    """A place of use and its environment."""

    code = forms.CharField(label=_("Place code"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=PlaceKind.choices)
    name = forms.CharField(label=_("Name"), max_length=120)
    address = forms.CharField(label=_("Address"), max_length=200)
    room = forms.CharField(label=_("Room"), max_length=60, required=False)
    machine = forms.CharField(label=_("Machine"), max_length=60, required=False)
    reader = forms.CharField(label=_("Serial number of the reader"), max_length=60, required=False)
    attended = forms.BooleanField(label=_("Staff are always there"), required=False)
    camera = forms.BooleanField(label=_("A camera sees the machine"), required=False)
    network = forms.ChoiceField(label=_("Network"), choices=Network.choices)
    terminals = forms.IntegerField(label=_("Terminals there"), min_value=1, max_value=1000, initial=1)
