"""What is asked on the way to issuing."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shebaoka.office.approval.choices import ResultKind
from shebaoka.office.approval.plan import fields
from shebaoka.office.base import clock
from shebaoka.office.base.files import LARGEST, TYPES
from shebaoka.office.base.forms import OfficeForm
from shebaoka.spec.layouts import GENERATIONS

_LONG = forms.Textarea({"rows": "3"})


class PlanForm(OfficeForm):
    """Some fields of the registration form, named as the form names them; all may be left open in a draft."""

    texts: tuple[str, ...] = ()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for name in self.texts:
            self.fields[name] = forms.CharField(max_length=400, required=False)
        for name, field in self.fields.items():
            if name in fields():
                field.label = str(fields()[name].name)


class BodyForm(PlanForm):
    """Who, when, where."""

    texts = ("leader", "contact", "site", "hsm")
    start = forms.DateField(required=False)


class CardForm(PlanForm):
    """The card."""

    texts = ("face", "structure", "chip", "chip_certificate", "cos", "supplier", "product")
    layout = forms.ChoiceField(choices=[(each, each) for each in reversed(GENERATIONS)], required=False)
    medium = forms.ChoiceField(
        choices=[("contact", _("Contact")), ("dual", _("Dual interface"))], required=False
    )


class PeopleForm(PlanForm):
    """Whom, how many, where it is used."""

    texts = ("fees", "acceptance")
    population = forms.CharField(required=False, widget=_LONG, help_text=_("One group a line."))
    quantities = forms.CharField(
        required=False, widget=_LONG, help_text=_("A line for each year: 2026 500000")
    )
    banks = forms.CharField(required=False, widget=_LONG, help_text=_("One bank a line."))

    def clean_population(self) -> tuple[str, ...]:
        """The groups."""
        return _lines(self.cleaned_data["population"])

    def clean_banks(self) -> tuple[str, ...]:
        """The banks."""
        return _lines(self.cleaned_data["banks"])

    def clean_quantities(self) -> dict[str, int]:
        """Cards by year."""
        found: dict[str, int] = {}
        for line in _lines(self.cleaned_data["quantities"]):
            year, _space, count = line.replace(":", " ").partition(" ")
            count = count.strip()
            good = year.isascii() and year.isdigit() and len(year) == 4
            if not (good and count.isascii() and count.isdigit() and 0 < int(count[:12]) < 10**8):
                raise forms.ValidationError(_("Give the year and the number of cards: 2026 500000"))
            found[year] = int(count)
        return found


class ChangeForm(OfficeForm):
    """Why something is changed."""

    reason = forms.CharField(label=_("Reason"), max_length=400, required=False, widget=_LONG)
    effect = forms.CharField(label=_("Effect on cards in use"), max_length=400, required=False, widget=_LONG)
    effective_on = forms.DateField(label=_("Day of effect"), required=False)


class StatementForm(OfficeForm):
    """What the region says of an item of the checklist."""

    text = forms.CharField(
        label=_("Statement"),
        help_text=_("It stands in the statement of preparation (form F2). At most 4,000 characters."),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": "8"}),
    )


class EvidenceForm(OfficeForm):
    """A file."""

    file = forms.FileField(label=_("File"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        hint = gettext("%(types)s; at most %(most)s MiB.")
        self.fields["file"].help_text = hint % {"types": ", ".join(TYPES), "most": LARGEST >> 20}


class ReasonForm(OfficeForm):
    """Why an act is proposed."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person who checks it reads this; it stands in the record."),
        max_length=400,
        required=False,
        widget=_LONG,
    )


class WhyForm(OfficeForm):
    """Why a region is suspended or resumed."""

    why = forms.CharField(label=_("Reason"), max_length=400, widget=_LONG)


class DecisionForm(OfficeForm):
    """What the reviewing body says."""

    passed = forms.ChoiceField(
        label=_("Decision"), choices=[("yes", _("It passes")), ("no", _("It is sent back"))]
    )
    opinion = forms.CharField(label=_("Opinion"), max_length=1000, widget=_LONG)
    document = forms.CharField(
        label=_("Document number"),
        help_text=_("Of the reply or filing; the ministry's yes needs it."),
        max_length=80,
        required=False,
    )


class BatchForm(OfficeForm):
    """Test cards that were made."""

    cards = forms.IntegerField(label=_("Number of cards"), min_value=1, max_value=9999)
    site = forms.CharField(label=_("Production site"), max_length=200)
    made_on = forms.DateField(label=_("Made on"), initial=clock.today)
    key_versions = forms.CharField(
        label=_("Key versions"),
        help_text=_("Of the keys on the cards: SM4 1"),
        max_length=120,
        required=False,
    )


class ResultForm(OfficeForm):
    """A test's result."""

    test = forms.ChoiceField(label=_("Test"), choices=ResultKind.choices)
    passed = forms.ChoiceField(label=_("Result"), choices=[("yes", _("Passed")), ("no", _("Not passed"))])
    report = forms.CharField(label=_("Report number"), max_length=80)
    reported_on = forms.DateField(label=_("Day of the report"), initial=clock.today)
    remark = forms.CharField(label=_("Remark"), max_length=400, required=False, widget=_LONG)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
