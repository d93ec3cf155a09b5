"""What is asked for the acts that one person does."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.custody.services.common import OFFICER
from shebaoka.office.desk.custody.forms import ActForm, line, lines


class NoteForm(OfficeForm):
    """A remark."""

    remark = line(_("Remark"), 200, required=False)


class WhyForm(OfficeForm):
    """A reason."""

    why = lines(_("Reason"), max_length=400)


class KeyListForm(OfficeForm):
    """A list of keys."""

    file = forms.FileField(
        label=_("List of keys"),
        help_text=_("Made by “shebaoka vault show --json” at the station: check values, never keys."),
    )
    hsm = line(_("Serial number of the HSM"), 100, required=False)


class TranscriptForm(OfficeForm):
    """A transcript."""

    file = forms.FileField(label=_("Transcript"))
    head = line(_("Head hash on the signed paper"), 64)


class PrepareForm(ActForm):
    """What goes where, why, until when."""

    third_party = line(_("Code of the third party"), 20)
    purpose = line(_("What it is for"), 200)
    due_on = forms.DateField(label=_("To be returned by"))
    carriers = forms.CharField(
        label=_("Carriers"),
        help_text=_("One a line: serial number, a blank, staff number of who keeps it there."),
        widget=forms.Textarea({"rows": "4"}),
    )


class RecordForm(OfficeForm):
    """The hand-over record."""

    day = forms.DateField(label=_("Day"))
    place = line(_("Place"), 120)
    transport = line(_("Transport"), 200)


class AgreementForm(OfficeForm):
    """The agreement."""

    agreement = line(_("Number of the agreement"), 60)
    signed_on = forms.DateField(label=_("Signed on"))
    valid_until = forms.DateField(label=_("Valid until"))
    ours = line(_("Signed for us by"), 60)
    theirs = line(_("Signed for them by"), 60)
    scan = forms.FileField(label=_("Scan"))


class ReviewForm(OfficeForm):
    """The review of the plan."""

    version = line(_("Version of the plan"), 40)
    approved = forms.ChoiceField(label=_("Result"), choices=[("yes", _("Approved")), ("no", _("Rejected"))])
    remark = line(_("Remark"), 400, required=False)
    scan = forms.FileField(label=_("The plan"))


class SupervisionForm(ActForm):
    """The plan of supervision."""

    people = {"supervisor": OFFICER}
    supervisor = forms.ChoiceField(label=_("Person who supervises"))
    every_days = forms.IntegerField(label=_("Days between visits"), min_value=1)
    what = lines(_("What is looked at"), max_length=400)


class VisitForm(OfficeForm):
    """A visit."""

    day = forms.DateField(label=_("Day"))
    found = lines(_("Findings"), max_length=400)
    in_order = forms.ChoiceField(
        label=_("Is everything in order?"), choices=[("yes", _("Yes")), ("no", _("No"))]
    )
