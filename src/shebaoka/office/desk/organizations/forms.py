"""What is asked about organizations and staff."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base import clock
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.organizations.choices import BELOW, Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.roles import roles

Choices = list[tuple[str, Any]]


def roles_at(kind: str) -> Choices:
    """The roles an organization of this kind has, by name."""
    return [(name, entry.name) for name, entry in roles().items() if kind in entry.kinds]


class ReasonForm(OfficeForm):
    """Why an act is proposed."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person who checks it reads this; it stands in the record."),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": "3"}),
    )


class KindForm(OfficeForm):
    """What the new organization is."""

    kind = forms.ChoiceField(label=_("What is it?"))

    def __init__(self, *args: Any, parent: Organization, **values: Any) -> None:
        super().__init__(*args, **values)
        below = BELOW[Kind(parent.kind)]
        offered = [(each.value, each.label) for each in Kind if each in below]
        self.offer("kind", offered)


class NodeForm(OfficeForm):
    """Name and code of the new organization."""

    name = forms.CharField(label=_("Name"), max_length=120)
    region = forms.CharField(
        label=_("Region"),
        help_text=_("The six digits of its region, of a province with four zeros at the end."),
        max_length=6,
        min_length=6,
        widget=forms.TextInput({"inputmode": "numeric", "size": "8"}),
    )
    code = forms.CharField(
        label=_("Code"),
        help_text=_(
            "A province or city has its region as code; others add a dash and letters or digits: 980100-H01."
        ),
        max_length=20,
        widget=forms.TextInput({"size": "22", "autocapitalize": "characters"}),
    )


class RenameForm(OfficeForm):
    """The new name."""

    name = forms.CharField(label=_("New name"), max_length=120)


class MoveForm(OfficeForm):
    """Where it belongs from now on."""

    parent = forms.ChoiceField(label=_("Belongs from now on to"))

    def __init__(self, *args: Any, offered: Iterable[Organization], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("parent", [(each.code, f"{each.name} ({each.code})") for each in offered])


class StaffForm(OfficeForm):
    """Who the new member of staff is."""

    number = forms.CharField(
        label=_("Staff number"),
        help_text=_("Letters, digits and dashes. It is never given to another person."),
        max_length=40,
        widget=forms.TextInput({"size": "24", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Name"), max_length=60, widget=forms.TextInput({"autocomplete": "off"}))


class RolesForm(OfficeForm):
    """The roles she has from today."""

    roles = forms.MultipleChoiceField(label=_("Roles"), required=False)

    def __init__(self, *args: Any, kind: str, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("roles", roles_at(kind))


class AppointForm(OfficeForm):
    """A role and its first day."""

    few = 12

    role = forms.ChoiceField(label=_("Role"))
    since = forms.DateField(label=_("From"), initial=clock.today)

    def __init__(self, *args: Any, kind: str, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("role", roles_at(kind))


class RetireForm(OfficeForm):
    """The first day without the role."""

    until = forms.DateField(label=_("First day without the role"), initial=clock.today)


class SuspendForm(OfficeForm):
    """Why she is suspended."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": "3"}))
