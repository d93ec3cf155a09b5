"""The course of an incident: log, cause, what it affects, change of keys."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.incidents.asking import change
from shebaoka.office.desk.incidents.forms import AffectedForm, CauseForm, EntryForm
from shebaoka.office.incidents import selectors, services
from shebaoka.office.incidents.choices import EntryKind


@desk("incidents.entry.add")
def entry(request: DeskRequest, number: str) -> HttpResponse:
    """A line of the log."""
    found = selectors.incident(request.actor, number)
    return change(
        request,
        found,
        EntryForm,
        lambda answers: services.entry_add(
            request.actor,
            incident=found.pk,
            kind=EntryKind(answers["kind"]),
            text=answers["text"],
            at=answers["at"],
        ),
        title=_("Write in the log"),
        done=_("It stands in the log."),
        button=_("Write"),
        text=_("Entries are never changed; a wrong one is corrected by the next."),
    )


@desk("incidents.cause.set")
def cause(request: DeskRequest, number: str) -> HttpResponse:
    """The cause."""
    found = selectors.incident(request.actor, number)
    return change(
        request,
        found,
        CauseForm,
        lambda answers: services.cause_set(request.actor, incident=found.pk, cause=answers["cause"]),
        title=_("State the cause"),
        done=_("The cause is stated."),
        button=_("Save"),
        initial={"cause": found.cause},
    )


@desk("incidents.affected.add")
def affected(request: DeskRequest, number: str) -> HttpResponse:
    """Something the incident touches."""
    found = selectors.incident(request.actor, number)
    return change(
        request,
        found,
        AffectedForm,
        lambda answers: services.affected_add(request.actor, incident=found.pk, **answers),
        title=_("Add what is affected"),
        done=_("It is listed."),
        button=_("Add"),
    )


@desk("incidents.affected.refresh")
def compute(request: DeskRequest, number: str) -> HttpResponse:
    """Asks the registers again."""
    found = selectors.incident(request.actor, number)
    return change(
        request,
        found,
        OfficeForm,
        lambda answers: services.affected_refresh(request.actor, incident=found.pk),
        title=_("Compute what is affected"),
        done=_("The registers were asked again."),
        button=_("Compute"),
        text=_("The registers of keys, carriers and PSAMs say what the incident touches."),
    )


@desk("incidents.rotation.start")
def rotation(request: DeskRequest, number: str) -> HttpResponse:
    """Begins the change of the affected keys."""
    found = selectors.incident(request.actor, number)
    return change(
        request,
        found,
        OfficeForm,
        lambda answers: services.rotation_start(request.actor, incident=found.pk),
        title=_("Change the affected keys"),
        done=_("The change of keys has begun."),
        button=_("Start"),
        text=_("The next version of each affected key is prepared; its own acts and ceremonies follow."),
    )
