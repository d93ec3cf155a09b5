"""What an incident is, and its end."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.incidents.asking import change
from shebaoka.office.desk.incidents.forms import FindingForm, LevelForm, LowerForm, RaiseForm
from shebaoka.office.incidents import selectors, services
from shebaoka.office.incidents.choices import Level, Secrecy
from shebaoka.office.incidents.services import Closing, Dismissal, SecrecyLowered


@desk("incidents.incident.grade")
def level(request: DeskRequest, number: str) -> HttpResponse:
    """Another level."""
    found = selectors.incident(request.actor, number)
    return change(
        request,
        found,
        LevelForm,
        lambda answers: services.incident_grade(
            request.actor, incident=found.pk, level=Level(int(answers["level"])), because=answers["because"]
        ),
        title=_("Change the level"),
        done=_("The level is changed."),
        button=_("Save"),
        initial={"level": found.level},
    )


@desk("incidents.secrecy.raise")
def secrecy(request: DeskRequest, number: str) -> HttpResponse:
    """A higher secrecy level, or a leak."""
    found = selectors.incident(request.actor, number)
    return change(
        request,
        found,
        RaiseForm,
        lambda answers: services.secrecy_raise(
            request.actor,
            incident=found.pk,
            secrecy=Secrecy(int(answers["secrecy"])),
            leaked=answers["leaked"],
            because=answers["because"],
        ),
        title=_("Raise the secrecy level"),
        done=_("The secrecy level is raised."),
        button=_("Save"),
        text=_("From then on only those see it who are named, and who answer for it."),
        initial={"secrecy": found.secrecy, "leaked": found.leaked},
    )


@desk("incidents.secrecy.lower")
def lower(request: DeskRequest, number: str) -> HttpResponse:
    """A lower one, proposed."""
    found = selectors.incident(request.actor, number)
    return change(
        request,
        found,
        LowerForm,
        lambda answers: proposed(
            request,
            "incidents.secrecy.lower",
            found.organization,
            SecrecyLowered(found.number, Secrecy(int(answers["secrecy"]))),
            subject=found,
        ),
        title=_("Lower the secrecy level"),
        done="",
        button=_("Propose"),
        text=_("Nothing changes before another person has checked it."),
    )


@desk("incidents.incident.confirm")
def confirm(request: DeskRequest, number: str) -> HttpResponse:
    """A potential incident is one."""
    found = selectors.incident(request.actor, number)
    return change(
        request,
        found,
        FindingForm,
        lambda answers: services.incident_confirm(
            request.actor, incident=found.pk, finding=answers["finding"]
        ),
        title=_("Confirm the incident"),
        done=_("It is an incident; its reports are due."),
        button=_("Confirm"),
    )


@desk("incidents.incident.dismiss")
def dismiss(request: DeskRequest, number: str) -> HttpResponse:
    """A potential incident is none, proposed."""
    found = selectors.incident(request.actor, number)
    return change(
        request,
        found,
        OfficeForm,
        lambda answers: proposed(
            request,
            "incidents.incident.dismiss",
            found.organization,
            Dismissal(found.number),
            subject=found,
        ),
        title=_("Dismiss the potential incident"),
        done="",
        button=_("Propose"),
        text=_(
            "The log must say why it is no incident. Nothing changes before another person has checked it."
        ),
    )


@desk("incidents.incident.close")
def close(request: DeskRequest, number: str) -> HttpResponse:
    """The end, proposed."""
    found = selectors.incident(request.actor, number)
    return change(
        request,
        found,
        OfficeForm,
        lambda answers: proposed(
            request, "incidents.incident.close", found.organization, Closing(found.number), subject=found
        ),
        title=_("Close the incident"),
        done="",
        button=_("Propose"),
        text=_(
            "Reports, cause, handling and lesson must be there. "
            "Nothing changes before another person has checked it."
        ),
    )
