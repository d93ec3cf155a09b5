"""Forms about people."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.organizations.reading import purposes
from shebaoka.office.people.choices import DocumentType, Outcome, Relation, Sex, Source
from shebaoka.office.people.subjects import choices, is_text, label, subjects, target
from shebaoka.spec.model import Meaning

_OPTIONAL = [("", _("As the number says"))]
_BIRTH_HINT = _("Only where the number does not tell it.")


class SearchForm(OfficeForm):
    """What a clerk knows of the person before her."""

    text = forms.CharField(
        label=_("Number, name, or its beginning in pinyin"), max_length=100, required=False
    )


class PurposeForm(OfficeForm):
    """What a person is read for."""

    purpose = forms.ChoiceField(label=_("What do you read this person's data for?"))

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
        self.offer("purpose", [(name, str(text)) for name, text in purposes().items()])


class IdentityForm(OfficeForm):
    """Who a person is, from her document."""

    number = forms.CharField(
        label=_("Social security number"),
        max_length=20,
        help_text=_("The citizen's identity number; 15 digits are raised to 18."),
    )
    name = forms.CharField(
        label=_("Name exactly as on the document"), max_length=100, strip=False,
        help_text=_("Nothing is replaced or simplified; rare characters are kept."),
    )  # fmt: skip
    document_type = forms.ChoiceField(label=pgettext_lazy("identity", "Document"), choices=DocumentType)
    document_number = forms.CharField(
        label=_("Document number"), max_length=20, required=False, help_text=_("Empty: the number above.")
    )
    document_until = forms.DateField(label=_("Document valid until"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=[*_OPTIONAL, *Sex.choices], required=False)
    birth = forms.DateField(label=_("Date of birth"), required=False, help_text=_BIRTH_HINT)
    nationality = forms.CharField(
        label=_("Nationality (three letters)"), max_length=3, min_length=3, initial="CHN"
    )


class ContactForm(OfficeForm):
    """How a person is reached."""

    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    address = forms.CharField(label=_("Address of usual residence"), max_length=200, required=False)
    address_region = forms.RegexField(
        r"^\d{6}$", label=_("Region of the address (six digits)"), required=False
    )
    postcode = forms.CharField(label=_("Postcode"), max_length=10, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=120, required=False)


class GuardianForm(OfficeForm):
    """Who acts for a person."""

    guardian_name = forms.CharField(label=_("Name of the guardian"), max_length=100, strip=False)
    guardian_relation = forms.ChoiceField(label=_("Relation"), choices=Relation)
    guardian_document_type = forms.ChoiceField(label=_("Document of the guardian"), choices=DocumentType)
    guardian_document_number = forms.CharField(label=_("Document number of the guardian"), max_length=20)
    guardian_phone = forms.CharField(label=_("Telephone of the guardian"), max_length=20, required=False)


class PhotoForm(OfficeForm):
    """A photo."""

    file = forms.FileField(
        label=_("Photo"), help_text=_("JPEG, PNG or BMP on white, best 358 by 441 pixels; at most 20 MB.")
    )


class FileForm(OfficeForm):
    """Evidence."""

    file = forms.FileField(label=_("Scan of the document"), help_text=_("PDF, JPEG or PNG; at most 20 MB."))


class DeathForm(OfficeForm):
    """A death."""

    died_on = forms.DateField(label=_("Day of death"))
    source = forms.ChoiceField(label=_("Told by"), choices=Source)


class EmployerForm(OfficeForm):
    """An employer."""

    code = forms.CharField(
        label=_("Unified social credit code or organization code"), min_length=9, max_length=18
    )
    name = forms.CharField(label=_("Name of the employer"), max_length=120)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    address = forms.CharField(label=_("Address of the employer"), max_length=200, required=False)


class EmploymentForm(OfficeForm):
    """A person's employer."""

    code = forms.CharField(
        label=_("Code of the employer"),
        max_length=18,
        required=False,
        help_text=_("Empty: she has no employer any more."),
    )


class ChipNameForm(OfficeForm):
    """How the chip writes a name."""

    name = forms.CharField(
        label=_("Name as the chip writes it"),
        max_length=50,
        help_text=_(
            "Characters of GBK only; never pinyin or a question mark. Everything else keeps the name."
        ),
    )


class CorrectionForm(OfficeForm):
    """What is to be right; what is left empty stays."""

    number = forms.CharField(label=_("Social security number"), max_length=20, required=False)
    name = forms.CharField(label=_("Name exactly as on the document"), max_length=100, required=False)
    document_type = forms.ChoiceField(
        label=pgettext_lazy("identity", "Document"),
        choices=[("", _("As it is")), *DocumentType.choices],
        required=False,
    )
    document_number = forms.CharField(label=_("Document number"), max_length=20, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", _("As it is")), *Sex.choices], required=False)
    birth = forms.DateField(label=_("Date of birth"), required=False)
    alive = forms.BooleanField(label=_("The recorded death was a mistake"), required=False)


class ProofForm(OfficeForm):
    """What proves a correction, and why it is made."""

    evidence = forms.MultipleChoiceField(label=_("Evidence"))
    reason = forms.CharField(label=_("Reason"), max_length=400)

    def __init__(self, *args: object, files: list[tuple[str, str]], **values: object) -> None:
        super().__init__(*args, **values)
        self.offer("evidence", files)


class SettlementForm(OfficeForm):
    """What two entries are."""

    outcome = forms.ChoiceField(
        label=_("What are the two entries?"),
        choices=[choice for choice in Outcome.choices if choice[0] != Outcome.OPEN],
    )
    reason = forms.CharField(label=_("Reason"), max_length=400)


class ListForm(OfficeForm):
    """A list of people."""

    file = forms.FileField(
        label=_("List"),
        help_text=_("CSV in UTF-8 or GB 18030, or an xlsx workbook; the first row names columns."),
    )
    source = forms.ChoiceField(label=_("Where it comes from"), choices=Source)


class ElsewhereForm(OfficeForm):
    """A person of another region, by number and name together."""

    number = forms.CharField(label=_("Social security number"), max_length=20)
    name = forms.CharField(label=_("Name exactly as on the document"), max_length=100)
    purpose = forms.ChoiceField(label=_("What do you read this person's data for?"))
    why = forms.CharField(
        label=_("Why a person of another region"), max_length=400, help_text=_("It stands in the record.")
    )

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
        self.offer("purpose", [(name, str(text)) for name, text in purposes().items()])


class FactForm(OfficeForm):
    """An entry of a subject: its fields as the card has them."""

    def __init__(self, *args: object, subject: str, **values: object) -> None:
        super().__init__(*args, **values)
        for name in subjects()[subject].fields:
            item = target(subject, name).item
            offered = choices(item)
            title = label(subject, name)
            field: forms.Field
            if offered:
                field = forms.ChoiceField(label=title, choices=[("", "–"), *offered], required=False)
            elif item.meaning is Meaning.DATE:
                field = forms.DateField(label=title, required=False)
            else:
                field = forms.CharField(label=title, max_length=200 if is_text(item) else 40, required=False)
            self.fields[f"f-{name}"] = field
        self.fields["since"] = forms.DateField(label=_("So since"), required=False)
        self.fields["source"] = forms.ChoiceField(label=_("Source"), choices=Source)
        self.fields["body"] = forms.CharField(label=_("Body that says so"), max_length=120, required=False)


class MoveForm(OfficeForm):
    """A person insured elsewhere, who is to be insured here."""

    agency = forms.ChoiceField(label=_("Agency that is to have her"))
    number = forms.CharField(label=_("Social security number"), max_length=20)
    name = forms.CharField(label=_("Name exactly as on the document"), max_length=100, strip=False)
    why = forms.CharField(label=_("Reason"), max_length=400)

    def __init__(self, *args: object, places: list[tuple[str, str]], **values: object) -> None:
        super().__init__(*args, **values)
        self.offer("agency", places)


class WhyForm(OfficeForm):
    """A decision with its reason."""

    why = forms.CharField(label=_("Reason"), max_length=400)


class SettleDifferenceForm(OfficeForm):
    """What was found out about a difference from the national base."""

    why = forms.CharField(
        label=_("What was found out"),
        help_text=_("Who is right, who was told, and when."),
        max_length=400,
        widget=forms.Textarea,
    )
