"""One incident: what it is, its reports and their clocks, log, what it affects, what can be done."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.pieces import Column, Link, Notice, Row, Summary, Table
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.incidents.affected import affected_of
from shebaoka.office.desk.incidents.asking import looked_at
from shebaoka.office.desk.incidents.words import clock_tag, level_tag, secrecy_tag, state_tag
from shebaoka.office.incidents import selectors
from shebaoka.office.incidents.choices import IncidentKind, IncidentState
from shebaoka.office.incidents.kinds import kinds
from shebaoka.office.incidents.models import Incident
from shebaoka.office.incidents.papers import LETTERS
from shebaoka.office.incidents.services import what_is_missing
from shebaoka.office.organizations.actor import Actor


@desk()
def incident(request: DeskRequest, number: str) -> HttpResponse:
    """One incident she may know of."""
    found = looked_at(request, number)
    if isinstance(found, HttpResponse):
        return found
    missing = what_is_missing(found) if found.state == IncidentState.OPEN else []
    page = {
        "incident": found,
        "at_once": Notice(kinds()[IncidentKind(found.kind)].at_once, "warn") if found.running else None,
        "facts": Summary(_facts(found)),
        "reports": _reports(request.actor, found),
        "missing": [refusal.what for refusal in missing],
        "log": _log(found),
        "affected": affected_of(found),
        "readers": _readers(request.actor, found) if found.secret else None,
        "acts": _acts(request.actor, found),
    }
    return render(request, "desk/incidents/incident.html", page)


def _facts(found: Incident) -> list[Row]:
    rows = [
        Row(_("State"), state_tag(found)),
        Row(_("Level"), level_tag(found)),
        Row(_("Secrecy level"), secrecy_tag(found)),
        Row(_("Where"), found.organization.name),
        Row(_("What is it about?"), found.subject_name),
        Row(_("Discovered"), found.discovered_at),
        Row(_("Happened"), found.happened_at),
        Row(_("Reported by"), found.reporter),
        Row(_("What happened?"), found.summary),
        Row(_("Cause"), found.cause),
    ]
    if found.leaked:
        rows.insert(3, Row(_("Leaked, or may have"), True))
    if found.reports > 1:
        rows.append(Row(_("Reported so many times"), found.reports))
    if found.ended_at:
        rows.append(Row(_("Ended"), found.ended_at))
    return rows


def _reports(actor: Actor, found: Incident) -> Table:
    columns = [
        Column(_("Report")),
        Column(_("To")),
        Column(_("Until")),
        Column(_("State")),
        Column(_("Made")),
        Column(_("Received")),
        Column(_("Act")),
    ]
    rows = []
    for clock in selectors.clocks(found):
        duty = clock.duty
        name = duty.get_kind_display()
        act: object = ""
        if duty.done_at is None and actor.may("incidents.duty.done"):
            act = Link(_("Record"), reverse("desk:incidents:made", args=[duty.pk]), name)
        elif duty.kind in LETTERS:
            act = Link(_("Letter"), reverse("desk:incidents:letter", args=[duty.pk]), name)
        letter = duty.kind in LETTERS and duty.done_at is None
        rows.append(
            (
                Link(name, reverse("desk:incidents:letter", args=[duty.pk]), _("Letter")) if letter else name,
                duty.addressee.name if duty.addressee else "",
                duty.due_at or _("at once"),
                clock_tag(clock),
                duty.done_at,
                duty.received_at,
                act,
            )
        )
    return Table(_("Reports"), columns, rows, hide_caption=True)


def _log(found: Incident) -> Table:
    entries = found.entries.select_related("by").order_by("at", "written_at")
    rows = [
        (each.get_kind_display(), each.at, each.text, each.by.name if each.by else _("The office"))
        for each in entries
    ]
    columns = [Column(_("Kind of entry")), Column(_("When")), Column(_("What")), Column(_("Who"))]
    return Table(_("Log"), columns, rows, _("Nothing is written yet."), hide_caption=True)


def _readers(actor: Actor, found: Incident) -> Table:
    rows = []
    for each in found.readers.filter(removed_at=None).select_related("staff").order_by("added_at"):
        url = reverse("desk:incidents:reader-remove", args=[found.number, each.staff.number])
        change = Link(_("Remove"), url, each.staff.name) if actor.may("incidents.reader.remove") else ""
        rows.append((each.staff.name, each.staff.number, each.because, change))
    columns = [Column(_("Person")), Column(_("Staff number")), Column(_("Reason")), Column(_("Change"))]
    return Table(_("Who needs to know"), columns, rows, _("Nobody is named."), hide_caption=True)


def _acts(actor: Actor, found: Incident) -> list[Link]:
    """What this person may do now."""
    potential, running = found.state == IncidentState.POTENTIAL, found.running
    lowers = running and found.secret
    offered = [
        ("incidents.incident.confirm", _("Confirm that it is an incident"), "confirm", potential),
        ("incidents.incident.dismiss", _("Propose to dismiss it"), "dismiss", potential),
        ("incidents.entry.add", _("Write in the log"), "entry", running),
        ("incidents.cause.set", _("State the cause"), "cause", running),
        ("incidents.affected.refresh", _("Compute what is affected"), "compute", running),
        ("incidents.affected.add", _("Add what is affected"), "affected", running),
        ("incidents.rotation.start", _("Change the affected keys"), "rotation", running),
        ("incidents.incident.grade", _("Change the level"), "level", running),
        ("incidents.secrecy.raise", _("Raise the secrecy level"), "secrecy", running),
        (
            "incidents.secrecy.lower",
            _("Propose to lower the secrecy level"),
            "lower",
            lowers,
        ),
        ("incidents.reader.add", _("Name somebody who needs to know"), "reader-add", found.secret),
        ("incidents.incident.close", _("Propose to close it"), "close", running and not potential),
    ]
    links = [
        Link(text, reverse(f"desk:incidents:{page}", args=[found.number]))
        for act, text, page, fits in offered
        if fits and actor.may(act)
    ]
    form = reverse("desk:incidents:form", args=[found.number])
    return [*links, Link(_("Report form as PDF"), form)]
