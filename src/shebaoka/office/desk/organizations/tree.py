"""The tree of organizations, and one of them with its staff."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.organizations import selectors
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.organizations.roles import roles


@desk()
def home(request: DeskRequest) -> HttpResponse:
    """Her organization and those below it."""
    found = page_of(request, selectors.organizations(request.actor), size=200)
    depth = request.actor.organization.path.count("/")
    nodes = [(node, node.path.count("/") - depth) for node in found]
    return render(request, "desk/organizations/tree.html", {"nodes": nodes, "pages": found})


@desk()
def organization(request: DeskRequest, code: str) -> HttpResponse:
    """One organization: what it is, what is directly below it, its staff, what can be done with it."""
    node = selectors.organization(request.actor, code)
    rows = [
        Row(_("Code"), node.code),
        Row(_("Region"), node.region),
        Row(_("Kind"), node.get_kind_display()),
        Row(_("Belongs to"), node.parent.name if node.parent else ""),
    ]
    if node.closed_on:
        rows.append(Row(_("Closed on"), node.closed_on))
    below = selectors.organizations(request.actor).filter(parent=node)
    staff = page_of(request, selectors.staff(request.actor, node))
    page = {
        "node": node,
        "facts": Summary(rows),
        "below": [Link(each.name, _address(each), each.code) for each in below],
        "staff": _staff(list(staff)),
        "pages": staff,
        "acts": _acts(request, node),
    }
    return render(request, "desk/organizations/organization.html", page)


def _staff(found: list[Staff]) -> Table:
    held = {
        staff: ", ".join(str(roles()[each.role].name) for each in each_of)
        for staff, each_of in groupby(selectors.roles_of_all(found), key=lambda each: each.staff_id)
    }
    rows = [
        (
            Link(each.name, reverse("desk:organizations:member", args=[each.number])),
            each.number,
            held.get(each.pk, ""),
            standing(each),
        )
        for each in found
    ]
    columns = [Column(_("Name")), Column(_("Staff number")), Column(_("Roles")), Column(_("State"))]
    return Table(_("Staff"), columns, rows, _("Nobody yet."), hide_caption=True)


def standing(member: Staff) -> Tag:
    """Whether somebody works here, is suspended or left."""
    if member.left_on:
        return Tag(_("Left"))
    return Tag(_("Active"), "good") if member.is_active else Tag(_("Suspended"), "warn")


def _acts(request: DeskRequest, node: Organization) -> list[Link]:
    """What this person may propose for it."""
    if node.closed_on:
        return []
    offered = [
        ("organizations.organization.add", _("Add an organization below it"), "add"),
        ("organizations.staff.add", _("Add a member of staff"), "staff-add"),
        ("organizations.organization.rename", _("Rename"), "rename"),
        ("organizations.organization.move", _("Move"), "move"),
        ("organizations.organization.close", _("Close"), "close"),
    ]
    return [
        Link(text, reverse(f"desk:organizations:{page}", args=[node.code]))
        for act, text, page in offered
        if request.actor.may(act)
    ]


def _address(node: Organization) -> str:
    return reverse("desk:organizations:organization", args=[node.code])
