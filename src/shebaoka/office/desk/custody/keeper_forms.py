"""What is asked about custodians, envelopes, key rooms and destroyed carriers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.custody.choices import IdentityKind, PlaceKind, Secrecy
from shebaoka.office.custody.models import Hsm
from shebaoka.office.custody.selectors import keepers, registers
from shebaoka.office.custody.services.common import CUSTODIAN
from shebaoka.office.desk.custody.forms import ActForm, line, lines, people
from shebaoka.office.organizations.actor import Actor


class AppointmentForm(ActForm):
    """Who is appointed, to what."""

    people = {"person": CUSTODIAN, "deputy": CUSTODIAN}
    optional = ("deputy",)
    person = forms.ChoiceField(label=gettext_lazy("Custodian"))
    document = line(gettext_lazy("Document of the appointment"), 60)
    appointed_on = forms.DateField(label=gettext_lazy("Appointed on"))
    duties = line(gettext_lazy("Duties"), 200, gettext_lazy("Which carriers and devices."))
    deputy = forms.ChoiceField(label=gettext_lazy("Deputy"), required=False)


class PersonForm(ActForm):
    """Who she is, where she is reached, what she undertook."""

    identity_kind = forms.ChoiceField(
        label=gettext_lazy("Identity document she showed"), choices=IdentityKind.choices
    )
    identity_end = line(gettext_lazy("Last four characters of its number"), 4)
    phone = line(gettext_lazy("Telephone"), 30)
    phone_off = line(gettext_lazy("Telephone out of hours"), 30)
    clearance = forms.ChoiceField(label=gettext_lazy("Clearance"), choices=Secrecy.choices)
    undertaking = line(gettext_lazy("Number of the confidentiality undertaking"), 60)
    undertaking_on = forms.DateField(label=gettext_lazy("Signed on"))


class ReachingForm(ActForm):
    """Where she is reached now."""

    people = {"deputy": CUSTODIAN}
    optional = ("deputy",)
    person = forms.CharField(widget=forms.HiddenInput)
    phone = line(gettext_lazy("Telephone"), 30)
    phone_off = line(gettext_lazy("Telephone out of hours"), 30)
    deputy = forms.ChoiceField(label=gettext_lazy("Deputy"), required=False)


class ChangeForm(ActForm):
    """To whom she hands over, and why."""

    people = {"successor": CUSTODIAN}
    successor = forms.ChoiceField(label=gettext_lazy("Successor"))
    reason = line(gettext_lazy("Reason"), 200)
    renewed = line(gettext_lazy("PINs and codes that were changed"), 200)
    secrecy_after = line(gettext_lazy("Number of the undertaking to keep silent afterwards"), 60)

    def __init__(self, *args: Any, actor: Actor, **values: Any) -> None:
        super().__init__(*args, actor=actor, **values)
        self.offer("successor", [each for each in people(actor, CUSTODIAN) if each[0] != actor.number])


class InventoryForm(ActForm):
    """What she keeps, as both of them see it today: a field for each carrier and device."""

    def __init__(self, *args: Any, actor: Actor, **values: Any) -> None:
        super().__init__(*args, actor=actor, **values)
        if actor.staff is None:
            return
        for each in registers.holdings_of(actor.staff):
            label = _("Seal now on %(carrier)s") % {"carrier": each.carrier}
            self.fields[f"seal-{each.carrier.serial}"] = line(label, 20)
        devices = Hsm.objects.filter(organization=actor.organization).exclude(status="destroyed")
        for device in devices.order_by("serial"):
            if actor.staff.pk in (device.custodian_id, device.deputy_id):
                label = _("%(device)s is in its place") % {"device": device}
                self.fields[f"seen-{device.serial}"] = forms.BooleanField(label=label)
        self.fields["counted"] = forms.BooleanField(label=_("We counted it together today"))


class EnvelopeForm(ActForm):
    """An envelope."""

    people = {"deputy": CUSTODIAN}
    in_places = ("place",)
    deputy = forms.ChoiceField(label=gettext_lazy("Deputy"))
    what = line(gettext_lazy("Which secrets are in it"), 200, gettext_lazy("In words, without values."))
    place = forms.ChoiceField(label=gettext_lazy("Storage place"))
    compartment = line(gettext_lazy("Compartment"), 20, required=False)
    seal = line(gettext_lazy("Number of the seal"), 20)


class EnvelopeOpeningForm(ActForm):
    """Why it is opened."""

    order = line(gettext_lazy("Number of the leader's written order"), 60)
    reason = lines(gettext_lazy("Why are both custodians unavailable?"), max_length=400)


class ResealingForm(ActForm):
    """It is closed again."""

    seal = line(gettext_lazy("Number of the new seal"), 20)
    renewed = line(gettext_lazy("PINs and codes that were changed"), 200)


class TrainingForm(OfficeForm):
    """A training."""

    held_on = forms.DateField(label=gettext_lazy("Day"))
    subject = line(gettext_lazy("Subject"), 200)
    hours = forms.IntegerField(label=gettext_lazy("Hours"), min_value=1, max_value=400)
    certificate = line(gettext_lazy("Number of the certificate or attendance list"), 80)


class EnteringForm(ActForm):
    """Who goes into a key room."""

    place = forms.ChoiceField(label=gettext_lazy("Room"))
    persons = forms.MultipleChoiceField(
        label=gettext_lazy("Who goes in"), help_text=gettext_lazy("Two persons at least.")
    )
    visitors = line(
        gettext_lazy("Others, by name and unit"),
        200,
        gettext_lazy("They are never left alone."),
        required=False,
    )
    purpose = line(gettext_lazy("What it is for"), 200)

    def __init__(self, *args: Any, actor: Actor, **values: Any) -> None:
        super().__init__(*args, actor=actor, **values)
        rooms = registers.places(actor).filter(organization=actor.organization, kind=PlaceKind.ROOM)
        self.offer("place", [(room.code, str(room)) for room in rooms])
        self.offer("persons", people(actor))


class LeavingForm(OfficeForm):
    """They have left."""

    remark = line(gettext_lazy("Remark"), 200, required=False)


class PhotographForm(OfficeForm):
    """A file of a destruction."""

    file = forms.FileField(label=gettext_lazy("Photograph or paper"))
    shows = line(gettext_lazy("What it shows"), 200)


def reached(actor: Actor, number: str) -> dict[str, str]:
    """Where a custodian is reached now, to begin with."""
    found = keepers.keeper(actor, number)
    deputy = found.deputy.number if found.deputy else ""
    return {"person": number, "phone": found.phone, "phone_off": found.phone_off, "deputy": deputy}
