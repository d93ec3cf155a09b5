"""Issuing regions: where each stands, and the steps of one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.approval import selectors
from shebaoka.office.approval.choices import CLOSED, State
from shebaoka.office.approval.models import Region
from shebaoka.office.approval.ordering import remaining
from shebaoka.office.base import clock
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag, Task, TaskList
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.approval import reading
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.selectors import organization

ORDER = list(State)


@desk()
def home(request: DeskRequest) -> HttpResponse:
    """Issuing regions of her area, and what waits for a review."""
    rows = [
        (
            Link(each.organization.name, reverse("desk:approval:region", args=[each.organization.code])),
            each.issuer_number,
            reading.state(each.state),
            each.since,
        )
        for each in selectors.regions(request.actor)
    ]
    columns = [Column(text) for text in (_("Region"), _("Issuer number"), _("State"), _("Since"))]
    own = request.actor.organization
    tasks = list(reading.waiting(request.actor))
    page = {
        "regions": Table(
            _("Issuing regions"), columns, rows, _("No region has begun yet."), hide_caption=True
        ),
        "tasks": TaskList(tasks) if tasks else None,
        "own": own if own.kind in (Kind.PROVINCE, Kind.CITY) else None,
    }
    return render(request, "desk/approval/home.html", page)


@desk()
def region(request: DeskRequest, code: str) -> HttpResponse:
    """One region: its state, the steps to issuing, its cases, what this person can do."""
    node = organization(request.actor, code)
    found = selectors.regions(request.actor).filter(organization=node).first()
    page = {
        "node": node,
        "region": found,
        "facts": Summary(_facts(found)) if found else None,
        "steps": TaskList(_steps(request, node, found)),
        "cases": _cases(request, found) if found else None,
        "acts": _acts(request, node, found),
    }
    return render(request, "desk/approval/region.html", page)


def _facts(found: Region) -> list[Row]:
    rows = [
        Row(_("State"), reading.state(found.state)),
        Row(_("Since"), found.since),
        Row(_("Issuer number"), found.issuer_number),
    ]
    if found.issuer_number:
        rows.append(Row(_("Cards left of this year"), remaining(found, clock.today())))
    last = found.suspensions.select_related("by").order_by("-at", "-pk").first()
    if last is not None and found.state == State.SUSPENDED:
        rows.append(Row(_("Suspended by"), f"{last.by.name}: {last.reason}"))
    return rows


def _steps(request: DeskRequest, node: Organization, found: Region | None) -> list[Task]:
    at = ORDER.index(State(found.state)) if found else -1
    first = found.cases.filter(number=1).first() if found else None
    case = reverse("desk:approval:case", args=[first.pk]) if first else ""
    tests = (
        reverse("desk:approval:tests", args=[node.code]) if at >= ORDER.index(State.PSAMS_RECEIVED) else ""
    )
    steps = [
        (_("Registration: form, readiness, evidence"), case, State.CITY_SUBMITTED),
        (_("Review by province and ministry, issuer number"), case, State.APPROVED),
        (_("Keys received"), "", State.KEYS_RECEIVED),
        (_("PSAM cards received"), "", State.PSAMS_RECEIVED),
        (_("Test cards and their three results"), tests, State.TEST_PASSED),
        (_("Start of issuing"), "", State.ISSUING),
    ]
    tasks = []
    reached = True
    for text, url, until in steps:
        done = at >= ORDER.index(until)
        tag = (
            Tag(_("Done"), "good") if done else Tag(_("Under way"), "busy") if reached else Tag(_("Not yet"))
        )
        tasks.append(Task(text, url, tag))
        reached = done
    return tasks


def _cases(request: DeskRequest, found: Region) -> Table:
    rows = [
        (
            Link(reading.title(each), reverse("desk:approval:case", args=[each.pk])),
            reading.stage(each.stage),
            each.submitted_at,
            each.decided_at,
        )
        for each in selectors.cases(request.actor).filter(region=found)
    ]
    columns = [Column(text) for text in (_("Case"), _("Stage"), _("Submitted"), _("Decided"))]
    return Table(_("Cases"), columns, rows, hide_caption=True)


def _acts(request: DeskRequest, node: Organization, found: Region | None) -> list[Link]:
    actor, own = request.actor, request.actor.organization.pk == node.pk
    issues = node.kind in (Kind.PROVINCE, Kind.CITY)
    state = found.state if found else ""
    no_case = found is not None and not found.cases.exclude(stage__in=CLOSED).exists()
    offered = [
        ("approval.region.open", "open", _("Begin the registration"), own and issues and found is None),
        ("approval.change.open", "change", _("Begin a change"), own and no_case and state == State.ISSUING),
        ("approval.issuing.start", "start", _("Begin issuing"), own and state == State.TEST_PASSED),
        (
            "approval.issuing.suspend",
            "suspend",
            _("Suspend issuing"),
            not own and state in (State.ISSUING, State.CHANGE_PENDING),
        ),
        ("approval.issuing.resume", "resume", _("Resume issuing"), not own and state == State.SUSPENDED),
    ]
    return [
        Link(text, reverse(f"desk:approval:{page}", args=[node.code]))
        for act, page, text, shown in offered
        if shown and actor.may(act)
    ]
