"""What is asked about places, devices and carriers. Field names are those of the acts' contents."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base import clock
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.custody.choices import CarrierKind, HsmStatus, PlaceKind, Secrecy
from shebaoka.office.custody.models import HsmCertificate
from shebaoka.office.custody.selectors import registers
from shebaoka.office.custody.services.common import CUSTODIAN, OFFICER
from shebaoka.office.organizations import selectors
from shebaoka.office.organizations.actor import Actor

Choices = list[tuple[str, Any]]
NOBODY: Choices = [("", _("Nobody"))]


def people(actor: Actor, role: str = "") -> Choices:
    """Active staff of her own body, of a role today."""
    day = clock.today()
    found = selectors.staff(actor, actor.organization).filter(is_active=True)
    if role:
        held = Q(assignments__until=None) | Q(assignments__until__gt=day)
        found = found.filter(held, assignments__role=role, assignments__since__lte=day).distinct()
    return [(member.number, f"{member.name} ({member.number})") for member in found]


def places(actor: Actor) -> Choices:
    """Storage places of her own body."""
    own = registers.places(actor).filter(organization=actor.organization)
    return [(place.code, str(place)) for place in own]


def carriers(actor: Actor, *statuses: str, kind: str = "") -> Choices:
    """Carriers of her own body, of a status, of a kind."""
    own = registers.carriers(actor).filter(holder=actor.organization)
    if statuses:
        own = own.filter(status__in=statuses)
    if kind:
        own = own.filter(kind=kind)
    return [(carrier.serial, str(carrier)) for carrier in own]


class ActForm(OfficeForm):
    """A form whose choices depend on who asks. ``people``: fields that name staff, with their role;
    ``optional``: those of them that may name nobody; ``in_places``: fields that name a storage place."""

    people: ClassVar[dict[str, str]] = {}
    optional: ClassVar[tuple[str, ...]] = ()
    in_places: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, actor: Actor, **values: Any) -> None:
        super().__init__(*args, **values)
        for name, role in self.people.items():
            offered = people(actor, role)
            self.offer(name, NOBODY + offered if name in self.optional else offered)
        for name in self.in_places:
            self.offer(name, places(actor))


def line(label: Any, longest: int, hint: Any = "", **more: Any) -> forms.CharField:
    """A line of text."""
    return forms.CharField(label=label, max_length=longest, help_text=hint, **more)


def digits(label: Any, count: int, hint: Any = "", **more: Any) -> forms.CharField:
    """A number of so many digits."""
    widget = forms.TextInput({"inputmode": "numeric", "size": str(count + 2), "autocomplete": "off"})
    return forms.CharField(
        label=label, max_length=count, min_length=count, help_text=hint, widget=widget, **more
    )


def lines(label: Any, hint: Any = "", **more: Any) -> forms.CharField:
    """Several lines of text."""
    return forms.CharField(label=label, help_text=hint, widget=forms.Textarea({"rows": "4"}), **more)


class PlaceForm(ActForm):
    """A new storage place."""

    code = line(_("Code"), 20, _("Short, on the label of the safe: S1."))
    name = line(_("Name of the place"), 80)
    kind = forms.ChoiceField(label=_("Kind"), choices=PlaceKind.choices)
    address = line(_("Address"), 160)


class PlaceClosingForm(ActForm):
    """The end of a place."""

    in_places = ("code",)
    code = forms.ChoiceField(label=_("Storage place"))


class DeviceForm(ActForm):
    """The device as its plate says."""

    maker = line(_("Maker"), 100)
    model = line(_("Model"), 100)
    serial = line(_("Serial number"), 100, _("Exactly as the device says it: the gate compares it."))
    simulator = forms.BooleanField(
        label=_("It is a simulator, for tests only"),
        required=False,
        help_text=_("It never holds production keys."),
    )


class CertificateForm(ActForm):
    """A certificate."""

    certificate = line(_("Certificate number"), 100)
    certificate_kind = forms.ChoiceField(label=_("Kind of certificate"), choices=HsmCertificate.KINDS)
    issued = forms.DateField(label=_("Date of issue"))
    expires = forms.DateField(label=_("Valid until"), help_text=_("The last day it is valid."))


class ConformityForm(ActForm):
    """The ministry's document."""

    conformity = line(_("Reference of the ministry's proof of conformity"), 100, required=False)
    conformity_on = forms.DateField(label=_("Date of that document"), required=False)


class KeepersForm(ActForm):
    """Where a device stands and who answers for it."""

    people = {"custodian": CUSTODIAN, "deputy": CUSTODIAN}
    in_places = ("place",)
    place = forms.ChoiceField(label=_("Storage place"))
    custodian = forms.ChoiceField(label=_("Custodian"))
    deputy = forms.ChoiceField(label=_("Deputy"))
    vaults = line(
        _("Vaults"),
        200,
        _("Names in the settings of the deployment, comma between; empty for all."),
        required=False,
    )


class UseForm(ActForm):
    """Whether a device is used."""

    use = forms.ChoiceField(label=_("Use"), choices=HsmStatus.choices)
    reason = line(_("Reason"), 200, _("Needed when the device is lost."), required=False)


class NumberingForm(ActForm):
    """New carriers of the ministry."""

    kind = forms.ChoiceField(label=_("Kind of carrier"), choices=CarrierKind.choices)
    serials = lines(_("Serial numbers"), _("Sixteen digits each, one a line."))
    document = line(_("Document of their delivery"), 60)
    secrecy = forms.ChoiceField(label=_("Secrecy level"), choices=Secrecy.choices)
    secrecy_until = forms.DateField(label=_("Classified until"), required=False)


class StoringForm(ActForm):
    """Where a carrier belongs."""

    people = {"custodian": CUSTODIAN, "deputy": CUSTODIAN}
    optional = ("deputy",)
    in_places = ("place",)
    serial = digits(_("Serial number of the carrier"), 16)
    place = forms.ChoiceField(label=_("Storage place"))
    compartment = line(_("Compartment"), 20, required=False)
    custodian = forms.ChoiceField(label=_("Custodian"))
    deputy = forms.ChoiceField(label=_("Deputy"), required=False)
    seal = line(_("Number of the seal"), 20)


class PairingForm(ActForm):
    """The two cards of an export."""

    mother = forms.ChoiceField(label=_("Mother card"))
    transmission = forms.ChoiceField(label=_("Transmission card"))
    reference = line(_("Reference of the export"), 16, _("16 hex digits, from the record of the export."))
    content = line(_("Content"), 200, _("In words, without values."))
    keys = lines(_("Keys on the mother card"), _("Their ids, one a line: 98:BK:1:SM4."), required=False)

    def __init__(self, *args: Any, actor: Actor, **values: Any) -> None:
        super().__init__(*args, actor=actor, **values)
        self.offer("mother", carriers(actor, "numbered", "stored", kind="mother"))
        self.offer("transmission", carriers(actor, "numbered", "stored", kind="transmission"))


class TakingOutForm(ActForm):
    """Why a carrier is taken out."""

    serial = digits(_("Serial number of the carrier"), 16)
    purpose = line(_("What it is for"), 200)
    approval = line(_("Number of the leader's approval"), 60)
    hours = forms.IntegerField(label=_("Hours until it is back"), min_value=1, initial=4)
    seal = line(_("Number of the seal"), 20, _("As it is on the envelope."))


class BringingBackForm(ActForm):
    """The carrier is back."""

    serial = digits(_("Serial number of the carrier"), 16)
    seal = line(_("Number of the new seal"), 20)
    remark = line(_("Steps that were left out, and why"), 400, required=False)


class FindingForm(ActForm):
    """A lost carrier is back."""

    people = {"custodian": CUSTODIAN}
    serial = digits(_("Serial number of the carrier"), 16)
    custodian = forms.ChoiceField(label=_("Custodian"))
    seal = line(_("Number of the seal"), 20)
    explanation = line(_("Where and how it was found"), 200)


class DestructionForm(ActForm):
    """A destruction."""

    people = {"destroyer_a": "", "destroyer_b": "", "supervisor": OFFICER}
    serials = forms.MultipleChoiceField(label=_("Carriers"))
    day = forms.DateField(label=_("Day"))
    reason = line(_("Reason"), 200)
    method = line(_("Method"), 200)
    place = line(_("Place"), 120)
    destroyer_a = forms.ChoiceField(label=_("First person who destroyed them"))
    destroyer_b = forms.ChoiceField(label=_("Second person who destroyed them"))
    supervisor = forms.ChoiceField(label=_("Person who supervises"))
    certificate = line(_("Number of the certificate or photographs"), 80)

    def __init__(self, *args: Any, actor: Actor, **values: Any) -> None:
        super().__init__(*args, actor=actor, **values)
        self.offer("serials", carriers(actor, "stored", "damaged"))


class ReportForm(OfficeForm):
    """What happened."""

    what = lines(_("What happened?"), _("It stands in the record: no personal data."), max_length=400)


class OrderForm(ActForm):
    """What is applied for."""

    approval = line(_("Number of the approval to issue"), 60)
    hsm = forms.ChoiceField(label=_("HSM the keys will lie in"))
    key_set = line(_("Key set"), 200, _("Applications, versions, algorithms."))
    purpose = line(_("What it is for"), 200)
    master_control = forms.IntegerField(label=_("Master control cards"), min_value=0, initial=0)
    mother = forms.IntegerField(label=_("Mother cards"), min_value=0, initial=0)
    transmission = forms.IntegerField(label=_("Transmission cards"), min_value=0, initial=0)

    def __init__(self, *args: Any, actor: Actor, **values: Any) -> None:
        from shebaoka.office.custody.selectors.hsms import hsms

        super().__init__(*args, actor=actor, **values)
        own = hsms(actor).filter(organization=actor.organization)
        self.offer("hsm", [(device.serial, str(device)) for device in own])


class OrderPeopleForm(ActForm):
    """Who keeps and who fetches."""

    people = {"custodian_a": CUSTODIAN, "custodian_b": CUSTODIAN, "courier": ""}
    custodian_a = forms.ChoiceField(label=_("First custodian"))
    custodian_b = forms.ChoiceField(label=_("Second custodian"))
    courier = forms.ChoiceField(label=_("Who fetches them"))
    letter = line(_("Number of the letter of introduction"), 60)
    planned_on = forms.DateField(label=_("Planned day"))
    place = line(_("Place"), 120)


class ScriptForm(ActForm):
    """The script of a ceremony."""

    script = forms.CharField(
        label=_("Script"),
        help_text=_("The TOML file as it will be played; persons by their staff numbers."),
        widget=forms.Textarea({"rows": "18", "class": "code", "spellcheck": "false"}),
    )
