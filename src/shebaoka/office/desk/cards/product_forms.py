"""What is asked about a card product."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.forms import OfficeForm


class BodyForm(OfficeForm):
    """Whose product, and its names."""

    organization = forms.ChoiceField(label=_("Issuing body"))
    code = forms.RegexField(
        r"^[0-9A-Z.-]{1,20}$", label=_("Code"), help_text=_("Capital letters, digits, dot and hyphen.")
    )
    name = forms.CharField(label=_("Name of the product"), max_length=80)

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, str]] = (), **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("organization", bodies)


class OrderForm(OfficeForm):
    """What approval compares (R-10). ``plan``: of the region's approval, to begin with."""

    face = forms.CharField(label=_("Card face"), max_length=80)
    layout = forms.ChoiceField(label=_("Layout"), choices=[(each, each) for each in ("1.0", "2.0", "3.0")])
    structure = forms.CharField(label=_("Structure of the card"), max_length=80)
    chip = forms.CharField(label=_("Chip"), max_length=80)
    cos = forms.CharField(label=_("Operating system of the chip"), max_length=80)
    supplier = forms.CharField(label=_("Card maker"), max_length=80)
    product = forms.CharField(label=_("Product of the maker"), max_length=80)

    def __init__(self, *args: Any, plan: Mapping[str, Any] | None = None, **values: Any) -> None:
        super().__init__(*args, **values)
        for name, field in self.fields.items():
            field.initial = (plan or {}).get(name, "")


class MakingForm(OfficeForm):
    """How personalization makes it."""

    algorithm = forms.ChoiceField(label=_("Algorithm"), choices=[(each, each) for each in ("3DES", "SM4")])
    medium = forms.ChoiceField(
        label=_("How the card is read"),
        choices=[
            ("contact", _("Contacts only")),
            ("dual", _("Contacts and antenna")),
            ("composite", _("Contacts and hidden stripe")),
        ],
    )
    stripe_until = forms.DateField(label=_("Last day on which cards with a stripe are made"), required=False)
    valid_years = forms.IntegerField(label=_("Years of validity"), min_value=1, max_value=50, initial=10)
    vendor = forms.RegexField(
        r"^[0-9A-Fa-f]{10}$",
        label=_("Chip and system in the historical bytes"),
        help_text=_("Ten hex digits."),
    )
    maker = forms.RegexField(
        r"^[0-9A-Fa-f]{4}$", label=_("Card maker in the historical bytes"), help_text=_("Four hex digits.")
    )
    issuing_unit = forms.CharField(label=_("Issuing unit on the face"), max_length=60, required=False)
    seal = forms.CharField(label=_("Text of the seal"), max_length=60, required=False)
    phone = forms.CharField(label=_("Service number on the face"), max_length=20, initial="12333")
    photo = forms.BooleanField(label=_("The face shows a photo"), required=False)

    def clean(self) -> dict[str, Any]:
        """Only composite cards have a stripe, and a day on which it ends."""
        answers = super().clean() or {}
        composite = answers.get("medium") == "composite"
        if composite and not answers.get("stripe_until"):
            self.add_error("stripe_until", _("A card with a stripe needs its last day."))
        if not composite:
            answers["stripe_until"] = None
        return answers
