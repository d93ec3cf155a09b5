"""What is asked about pre-made cards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.desk.cards.forms import BatchForm, Choices

_NAMED = _("One a line: identification code, or bank card number.")


def lines(text: str) -> tuple[str, ...]:
    """What stands on the lines of a field."""
    return tuple(each.strip() for each in text.splitlines() if each.strip())


class PremadeForm(BatchForm):
    """A batch of pre-made cards."""

    quantity = forms.IntegerField(label=_("Quantity"), min_value=1)
    bank_cards = forms.CharField(
        label=_("Bank card numbers"),
        help_text=_("Where there is a bank: one a line, for each card the account that it opened."),
        required=False,
        widget=forms.Textarea,
    )


class OutletForm(OfficeForm):
    """Something about the stock of an outlet."""

    outlet = forms.ChoiceField(label=_("Outlet"))

    def __init__(self, *args: Any, outlets: Choices = (), **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("outlet", outlets)


class PremadeCountForm(OutletForm):
    """Cards that were counted."""

    organization = forms.ChoiceField(label=_("Issuing body"))
    product = forms.ChoiceField(label=_("Card product"))
    counted = forms.IntegerField(label=_("Counted"), min_value=0)
    missing = forms.CharField(
        label=_("Missing cards"), help_text=_NAMED, required=False, widget=forms.Textarea
    )
    explanation = forms.CharField(label=_("Why they are missing"), required=False, max_length=200)

    def __init__(self, *args: Any, bodies: Choices = (), products: Choices = (), **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("organization", bodies)
        self.offer("product", products)


class PremadeSpoilForm(OutletForm):
    """Cards that are spoiled."""

    cards = forms.CharField(label=_("Cards"), help_text=_NAMED, widget=forms.Textarea)
    why = forms.CharField(label=_("Reason"), max_length=200)


class PremadeMoveForm(OutletForm):
    """Cards that go elsewhere."""

    to = forms.ChoiceField(label=_("Where they go"))
    cards = forms.CharField(label=_("Cards"), help_text=_NAMED, widget=forms.Textarea)
    document = forms.CharField(label=_("Document"), max_length=80)

    def __init__(self, *args: Any, targets: Choices = (), **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("to", targets)
