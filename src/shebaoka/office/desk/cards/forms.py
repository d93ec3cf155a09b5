"""What is asked about cards."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.domain.card_states import machine
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.cards.choices import Applicant, ApplicationKind, Delivery, Making, Proof, Reason
from shebaoka.office.cards.services import Format, Ground
from shebaoka.office.cards.words import state_words

Choices = Iterable[tuple[str, str]]
GROUNDS = {
    Ground.DEATH: _("The holder died"),
    Ground.LEFT: _("She left the country or the insurance"),
    Ground.SECOND: _("It is a second card"),
    Ground.TRANSFER: _("She moved to another province"),
    Ground.COURT: _("A court ordered it"),
    Ground.RETURNED: _("She gives it back"),
}
COUNTER = [(each.value, each.label) for each in (Proof.IDENTITY, Proof.PIN, Proof.AGENT)]


class SearchForm(OfficeForm):
    """Who or what is looked for."""

    text = forms.CharField(
        label=_("Card number, social security number, or name"),
        help_text=_("A name also by its pinyin, as wangxiu; its beginning is enough."),
        required=False,
        max_length=100,
    )


class StateForm(OfficeForm):
    """Which rows to show, by state."""

    state = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args: Any, machine_key: str = "social", **values: Any) -> None:
        super().__init__(*args, **values)
        self.few = 0
        found = [(code, str(state_words(machine_key, code))) for code in machine(machine_key).states]
        self.offer("state", [("", _("All")), *found])


class PersonForm(OfficeForm):
    """Who is before the clerk."""

    person = forms.CharField(label=_("Social security number"), max_length=18)


class ApplyForm(OfficeForm):
    """An application."""

    kind = forms.ChoiceField(label=_("What is applied for"), choices=ApplicationKind.choices)
    why = forms.ChoiceField(label=_("Reason"), choices=Reason.choices)
    product = forms.ChoiceField(label=_("Card product"))
    bank = forms.ChoiceField(label=_("Bank"), required=False)
    population = forms.CharField(label=_("Group of the population"), max_length=60)
    outlet = forms.ChoiceField(label=_("Handed out at"))
    making = forms.ChoiceField(label=_("How it is made"), choices=Making.choices)
    delivery = forms.ChoiceField(label=_("Delivery"), choices=Delivery.choices)
    proof = forms.ChoiceField(label=_("How identity was proved"), choices=COUNTER)
    agent_name = forms.CharField(label=_("Agent's name"), required=False, max_length=100)
    agent_document = forms.CharField(label=_("Agent's document number"), required=False, max_length=20)

    def __init__(
        self, *args: Any, products: Choices = (), banks: Choices = (), outlets: Choices = (), **values: Any
    ) -> None:
        super().__init__(*args, **values)
        self.offer("product", products)
        self.offer("bank", banks)
        self.offer("outlet", outlets)


class ListForm(OfficeForm):
    """A list of applications."""

    applicant = forms.ChoiceField(label=_("Who applies"), choices=Applicant.choices[1:])
    sender = forms.CharField(label=_("Sender"), max_length=120)
    file = forms.FileField(
        label=_("List"), help_text=_("CSV with the columns 社会保障号码 and 姓名, UTF-8 or GBK.")
    )
    product = forms.ChoiceField(label=_("Card product"))
    bank = forms.ChoiceField(label=_("Bank"), required=False)
    population = forms.CharField(label=_("Group of the population"), max_length=60)
    outlet = forms.ChoiceField(label=_("Handed out at"))

    def __init__(
        self, *args: Any, products: Choices = (), banks: Choices = (), outlets: Choices = (), **values: Any
    ) -> None:
        super().__init__(*args, **values)
        self.offer("product", products)
        self.offer("bank", banks)
        self.offer("outlet", outlets)


class ProofForm(OfficeForm):
    """How somebody proved who she is."""

    proof = forms.ChoiceField(label=_("How identity was proved"), choices=COUNTER)


class HandOutForm(ProofForm):
    """A card is handed out."""

    agent = forms.CharField(label=_("Agent's name and document number"), required=False, max_length=120)
    old_recovered = forms.BooleanField(label=_("The old card was taken back"), required=False)


class PhoneForm(OfficeForm):
    """A temporary loss report."""

    proof = forms.ChoiceField(
        label=_("How identity was proved"),
        choices=[*COUNTER, (Proof.TELEPHONE.value, Proof.TELEPHONE.label)],
    )
    why = forms.CharField(label=_("How it was lost"), required=False, max_length=200)


class LossForm(ProofForm):
    """A formal loss report."""

    why = forms.CharField(label=_("How it was lost"), max_length=200)


class WhyForm(OfficeForm):
    """Why something is done."""

    why = forms.CharField(label=_("Reason"), max_length=200)


class ConfirmForm(OfficeForm):
    """Yes."""

    confirmed = forms.BooleanField(label=_("I have checked this"))


class BankOpenedForm(ConfirmForm):
    """A card made at once whose bank opens the account while the holder waits."""

    field_order = ("bank_card", "confirmed")

    bank_card = forms.CharField(
        label=_("Bank card number"), help_text=_("As the bank says it; it stands on the card."), max_length=19
    )


class CancelForm(OfficeForm):
    """A card is cancelled."""

    ground = forms.ChoiceField(label=_("Why it ends"), choices=[(k.value, v) for k, v in GROUNDS.items()])
    proof = forms.ChoiceField(label=_("How identity was proved"), choices=COUNTER)
    recovered = forms.BooleanField(label=_("The card was taken back"), required=False)
    document = forms.CharField(label=_("Document"), required=False, max_length=80)


class PinForm(OfficeForm):
    """A PIN, typed by the holder."""

    old = forms.CharField(label=_("Present PIN"), required=False, max_length=16, widget=forms.PasswordInput)
    new = forms.CharField(label=_("New PIN"), required=False, max_length=16, widget=forms.PasswordInput)
    again = forms.CharField(
        label=_("New PIN again"), required=False, max_length=16, widget=forms.PasswordInput
    )


class BatchForm(OfficeForm):
    """A batch to be formed."""

    organization = forms.ChoiceField(label=_("Issuing body"))
    product = forms.ChoiceField(label=_("Card product"))
    bank = forms.ChoiceField(label=_("Bank"), required=False)
    outlet = forms.ChoiceField(label=_("Handed out at"))
    site = forms.CharField(label=_("Production site"), help_text=_("Two digits."), max_length=2)

    def __init__(
        self,
        *args: Any,
        bodies: Choices = (),
        products: Choices = (),
        banks: Choices = (),
        outlets: Choices = (),
        **values: Any,
    ) -> None:
        super().__init__(*args, **values)
        self.offer("organization", bodies)
        self.offer("product", products)
        self.offer("bank", banks)
        self.offer("outlet", outlets)


class FormatForm(OfficeForm):
    """Which layout a file has."""

    layout = forms.ChoiceField(
        label=_("Layout of the file"), choices=[(each.value, each.value) for each in Format]
    )


class ReturnForm(FormatForm):
    """A return."""

    file = forms.FileField(label=_("File"))


class TakeOutForm(OfficeForm):
    """An application leaves a batch."""

    application = forms.CharField(label=_("Number of the application"), max_length=40)
    why = forms.CharField(label=_("Reason"), max_length=200)


class DeliverForm(OfficeForm):
    """The outlet received the cards."""

    document = forms.CharField(label=_("Packing list"), max_length=80)


class BlanksForm(OfficeForm):
    """Blanks that come or go."""

    organization = forms.ChoiceField(label=_("Issuing body"))
    product = forms.ChoiceField(label=_("Card product"))
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1)
    document = forms.CharField(label=_("Document"), max_length=80)

    def __init__(self, *args: Any, bodies: Choices = (), products: Choices = (), **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("organization", bodies)
        self.offer("product", products)


class CountForm(OfficeForm):
    """Blanks that were counted."""

    counted = forms.IntegerField(label=_("Counted"), min_value=0)


class DestroyForm(OfficeForm):
    """Cards that are destroyed."""

    counted = forms.IntegerField(label=_("Counted"), min_value=1)
    certificate = forms.CharField(label=_("Number of the certificate"), max_length=80)
