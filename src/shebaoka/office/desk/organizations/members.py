"""A member of staff: roles, sessions, what can be done."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.organizations.tree import standing
from shebaoka.office.organizations import selectors
from shebaoka.office.organizations.models import Staff
from shebaoka.office.organizations.roles import roles


@desk()
def member(request: DeskRequest, number: str) -> HttpResponse:
    """One member of staff of her area."""
    who = selectors.staff_member(request.actor, number)
    place = reverse("desk:organizations:organization", args=[who.organization.code])
    facts = [
        Row(_("Staff number"), who.number),
        Row(_("Organization"), Link(who.organization.name, place)),
        Row(_("State"), standing(who)),
    ]
    if who.left_on:
        facts.append(Row(_("Left on"), who.left_on))
    sessions = page_of(request, selectors.sessions_of(request.actor, who), "sessions", 20)
    columns = [Column(_("Purpose")), Column(_("Began")), Column(_("Ends")), Column(_("Closed"))]
    rows = [(each.purpose, each.began_at, each.ends_at, each.closed_at) for each in sessions]
    page = {
        "who": who,
        "facts": Summary(facts),
        "roles": _roles(request, who),
        "sessions": Table(_("Staff sessions"), columns, rows, _("None yet."), hide_caption=True),
        "pages": sessions,
        "acts": _acts(request, who),
    }
    return render(request, "desk/organizations/member.html", page)


def _roles(request: DeskRequest, who: Staff) -> Table:
    columns = [Column(_("Role")), Column(_("From")), Column(_("Until"))]
    ends = request.actor.may("organizations.role.retire") and who.pk != request.user.pk
    if ends:
        columns.append(Column(_("Change")))
    rows: list[list[object]] = []
    for each in selectors.roles_of(who):
        name = roles()[each.role].name
        row: list[object] = [name, each.since, each.until]
        if ends:
            url = reverse("desk:organizations:retire", args=[who.number, each.role])
            row.append(Link(_("End"), url, name) if each.until is None else "")
        rows.append(row)
    return Table(_("Roles"), columns, rows, _("No role."), hide_caption=True)


def _acts(request: DeskRequest, who: Staff) -> list[Link]:
    """What this person may do about the other; nothing about herself or who left."""
    if who.left_on or who.pk == request.user.pk:
        return []
    offered = [
        ("organizations.role.appoint", _("Appoint to a role"), "appoint", True),
        (
            "organizations.activation.begin",
            _("Hand out the first part of an activation code"),
            "code-first",
            True,
        ),
        (
            "organizations.activation.confirm",
            _("Hand out the second part of an activation code"),
            "code-second",
            True,
        ),
        ("organizations.staff.suspend", _("Suspend at once"), "suspend", who.is_active),
        ("organizations.staff.reinstate", _("Reinstate"), "reinstate", not who.is_active),
        ("organizations.staff.leave", _("Leaves the service"), "leave", True),
    ]
    return [
        Link(text, reverse(f"desk:organizations:{page}", args=[who.number]))
        for act, text, page, fits in offered
        if fits and request.actor.may(act)
    ]
