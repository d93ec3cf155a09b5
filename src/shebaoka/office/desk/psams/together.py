"""What two persons do about one PSAM: proposed here, checked on the pages of acts of two persons."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.steps import Answers, Step
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.psams.common import address, keepers, pair, places, units
from shebaoka.office.desk.psams.forms import HandingInForm, KeeperForm, PlaceForm, WhatForm, WhyForm
from shebaoka.office.desk.psams.order_forms import IssueForm, KeysForm, UnitForm
from shebaoka.office.organizations.selectors import organization
from shebaoka.office.psams import selectors
from shebaoka.office.psams.choices import Algorithm, KeyLevel, Purpose
from shebaoka.office.psams.models import Issue, Psam
from shebaoka.office.psams.services import (
    HandingIn,
    HandingOn,
    LoadedKey,
    Loading,
    NewIssue,
    Relocation,
    Restocking,
    Thawing,
    WritingOff,
)


@desk("psams.psam.issue")
def issue(request: DeskRequest, serial: str) -> HttpResponse:
    """To a place of a unit and its keeper."""
    found = selectors.psam(request.actor, serial)

    def offered(answers: Answers) -> dict[str, object]:
        unit = organization(request.actor, answers["unit"])
        return {"places": places(request.actor, unit), "keepers": keepers(request.actor, unit)}

    def content(answers: Answers) -> NewIssue:
        return NewIssue(
            found.owner.code,
            serial,
            answers["unit"],
            answers["place"],
            answers["keeper"],
            Purpose(answers["purpose"]),
            answers["replaces"].strip(),
        )

    steps = [
        Step("unit", _("Which unit gets it?"), UnitForm, values=lambda answers: _units(request)),
        Step(
            "to",
            _("Place, keeper and purpose"),
            IssueForm,
            values=offered,
            needed=lambda answers: "unit" in answers,
        ),
    ]
    title = _("Issue PSAM %(serial)s") % {"serial": serial}
    return pair(request, "psams.psam.issue", steps, content, title=title, back=address(serial), subject=found)


@desk("psams.psam.hand-on")
def hand_on(request: DeskRequest, serial: str) -> HttpResponse:
    """To another keeper of the unit, who checks it herself."""
    found = selectors.psam(request.actor, serial)
    held = _held(found)
    steps = [
        Step(
            "keeper",
            _("Who keeps it from now on?"),
            KeeperForm,
            values=lambda answers: {"keepers": keepers(request.actor, held.unit)},
        )
    ]
    return pair(
        request,
        "psams.psam.hand-on",
        steps,
        lambda answers: HandingOn(serial, answers["keeper"]),
        title=_("Hand PSAM %(serial)s on") % {"serial": serial},
        back=address(serial),
        organization=held.unit,
        subject=found,
    )


@desk("psams.psam.relocate")
def relocate(request: DeskRequest, serial: str) -> HttpResponse:
    """To another place of the unit, approved."""
    found = selectors.psam(request.actor, serial)
    held = _held(found)
    steps = [
        Step(
            "place",
            _("New place"),
            PlaceForm,
            values=lambda answers: {"places": places(request.actor, held.unit)},
        )
    ]
    return pair(
        request,
        "psams.psam.relocate",
        steps,
        lambda answers: Relocation(found.owner.code, serial, answers["place"], answers["why"]),
        title=_("Another place for PSAM %(serial)s") % {"serial": serial},
        back=address(serial),
        subject=found,
    )


@desk("psams.psam.thaw")
def thaw(request: DeskRequest, serial: str) -> HttpResponse:
    """May be used again."""
    found = selectors.psam(request.actor, serial)
    return pair(
        request,
        "psams.psam.thaw",
        [Step("what", _("What was found out"), WhatForm)],
        lambda answers: Thawing(found.owner.code, serial, answers["what"]),
        title=_("Lift the freeze of PSAM %(serial)s") % {"serial": serial},
        back=address(serial),
        subject=found,
    )


@desk("psams.loss.write-off")
def write_off(request: DeskRequest, serial: str) -> HttpResponse:
    """Will not come back."""
    found = selectors.psam(request.actor, serial)
    return pair(
        request,
        "psams.loss.write-off",
        [Step("why", _("Reason"), WhyForm)],
        lambda answers: WritingOff(found.owner.code, serial, answers["why"]),
        title=_("Write PSAM %(serial)s off") % {"serial": serial},
        back=address(serial),
        subject=found,
    )


@desk("psams.psam.return")
def hand_in(request: DeskRequest, serial: str) -> HttpResponse:
    """Handed back; the keeper of the other side checks it."""
    found = selectors.psam(request.actor, serial)
    held = selectors.issue_of(found)
    return pair(
        request,
        "psams.psam.return",
        [Step("seal", _("How it is handed back"), HandingInForm)],
        lambda answers: HandingIn(
            found.owner.code, serial, answers["seal_whole"] == "yes", answers["remark"]
        ),
        title=_("Hand PSAM %(serial)s back") % {"serial": serial},
        back=address(serial),
        organization=held.unit if held else found.owner,
        subject=found,
    )


@desk("psams.psam.restock")
def restock(request: DeskRequest, serial: str) -> HttpResponse:
    """Checked, and in stock again."""
    found = selectors.psam(request.actor, serial)
    return pair(
        request,
        "psams.psam.restock",
        [Step("what", _("What the check showed"), WhatForm)],
        lambda answers: Restocking(found.owner.code, serial, answers["what"]),
        title=_("Take PSAM %(serial)s into stock again") % {"serial": serial},
        back=address(serial),
        subject=found,
    )


@desk("psams.psam.key")
def key(request: DeskRequest) -> HttpResponse:
    """Keys that were loaded into several PSAMs."""

    def content(answers: Answers) -> Loading:
        loaded = LoadedKey(KeyLevel(answers["level"]), Algorithm(answers["algorithm"]), answers["version"])
        code = request.actor.organization.code
        return Loading(code, answers["serials"], (loaded,), answers["evidence"])

    return pair(
        request,
        "psams.psam.key",
        [Step("keys", _("What was loaded"), KeysForm)],
        content,
        title=_("Record keys that were loaded"),
        back=reverse("desk:psams:home"),
    )


def _units(request: DeskRequest) -> dict[str, object]:
    return {"units": units(request.actor)}


def _held(found: Psam) -> Issue:
    held = selectors.issue_of(found)
    if held is None:
        raise Refusal("psams.not-now", serial=found.serial, status=found.get_status_display())
    return held
