"""Acts, objects and persons of rows as people read them."""

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shebaoka.office.base.pieces import Say
from shebaoka.office.organizations.roles import acts

_STEPS: dict[str, Say] = {
    "propose": gettext_lazy("proposed"),
    "check": gettext_lazy("checked by the first of two"),
    "refused": gettext_lazy("refused"),
    "withdrawn": gettext_lazy("withdrawn"),
}
_OWN: dict[str, Say] = {
    "audit.bypass": gettext_lazy("Writes past the services"),
    "audit.verify": gettext_lazy("Nightly verification of all chains"),
}
_PARTS: dict[str, Say] = {
    "access": gettext_lazy("Passwords and activation"),
    "approval": gettext_lazy("Issuing approval"),
    "audit": gettext_lazy("Audit record"),
    "cards": gettext_lazy("Cards"),
    "custody": gettext_lazy("Keys and carriers"),
    "incidents": gettext_lazy("Incidents"),
    "organizations": gettext_lazy("Organizations and staff"),
    "parameters": gettext_lazy("Parameters"),
    "people": gettext_lazy("Insured persons"),
    "psams": gettext_lazy("PSAMs"),
    "rules": gettext_lazy("Rules and plans"),
}
_TOLD: dict[str, Say] = {
    "by": gettext_lazy("Organization of who did it"),
    "channel": gettext_lazy("Way it came in"),
    "digest": gettext_lazy("Check sum of the content"),
    "host": gettext_lazy("Host"),
    "number": gettext_lazy("Number"),
    "serial": gettext_lazy("Serial number"),
    "session": gettext_lazy("Staff session"),
    "two_person_act": gettext_lazy("Act of two persons"),
    "why": gettext_lazy("Reason"),
}
_PERSONS: dict[str, Say] = {
    "actor": gettext_lazy("Done by"),
    "maker": gettext_lazy("Proposed by"),
    "checker": gettext_lazy("First checked by"),
    "reporter": gettext_lazy("Reported by"),
    "keeper": gettext_lazy("Keeper"),
}


def act(name: str) -> str:
    """The name of an act, with the step of one of two persons; an unknown one as it is."""
    entry = acts().get(name)
    if entry is not None:
        return str(entry.name)
    if name in _OWN:
        return str(_OWN[name])
    whole, _dot, step = name.rpartition(".")
    entry = acts().get(whole)
    if entry is None or step not in _STEPS:
        return name
    return _("%(act)s: %(step)s") % {"act": entry.name, "step": _STEPS[step]}


def act_choices() -> list[tuple[str, Any]]:
    """All acts, the parts of the office as groups."""
    found = sorted((name, str(entry.name)) for name, entry in acts().items())
    own = [(name, str(text)) for name, text in _OWN.items()]
    grouped = groupby(found, key=lambda each: each[0].partition(".")[0])
    groups = [(str(_PARTS.get(part, part)), list(names)) for part, names in grouped]
    return [*groups, (str(_PARTS["audit"]), own)]


def person(role: str) -> str:
    """The part somebody took in an act."""
    return str(_PERSONS.get(role, role))


def thing(subject: str) -> str:
    """What an object is: its part and table (``psams.psam``), as records name it; nothing for none."""
    return subject.partition(":")[0]


def told(name: str) -> str:
    """What a member of a record's data is; one that only its act has stands as it is named there."""
    return str(_TOLD.get(name, name))
