"""What is asked about production sites and batches of test cards."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.cards.services.testing import MOST

Choices = Iterable[tuple[str, str]]
LARGEST = 16_384
"""Bytes of a certificate that is looked at."""


class SiteForm(OfficeForm):
    """A site and its key; ``certificate`` is its text."""

    organization = forms.ChoiceField(label=_("Issuing body"))
    number = forms.RegexField(r"^[0-9]{2}$", label=_("Production site"), help_text=_("Two digits."))
    name = forms.CharField(label=_("Card maker"), max_length=80)
    until = forms.DateField(label=_("Last day of the authorization"))
    certificate = forms.FileField(
        label=_("Certificate of the site"),
        help_text=_("X.509 as PEM, of an RSA key of 3072 bits or more. The private key stays at the site."),
    )

    def __init__(self, *args: Any, bodies: Choices = (), **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("organization", bodies)

    def clean_certificate(self) -> str:
        """The text of the file."""
        file: UploadedFile = self.cleaned_data["certificate"]
        try:
            content: bytes = file.read(LARGEST)
            return content.decode("ascii")
        except UnicodeDecodeError as error:
            raise ValidationError(_("This is no certificate as PEM.")) from error


class TrialForm(OfficeForm):
    """A batch of test cards."""

    organization = forms.ChoiceField(label=_("Issuing body"))
    product = forms.ChoiceField(label=_("Card product"))
    outlet = forms.ChoiceField(label=_("Kept at"))
    site = forms.RegexField(r"^[0-9]{2}$", label=_("Production site"), help_text=_("Two digits."))
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MOST)

    def __init__(
        self, *args: Any, bodies: Choices = (), products: Choices = (), outlets: Choices = (), **values: Any
    ) -> None:
        super().__init__(*args, **values)
        self.offer("organization", bodies)
        self.offer("product", products)
        self.offer("outlet", outlets)
