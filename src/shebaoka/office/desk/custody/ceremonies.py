"""Key ceremonies: the register, and one with who takes part, its transcript, and what can be done now."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Code, Column, Link, Row, Summary, Table
from shebaoka.office.custody.choices import CeremonyStatus
from shebaoka.office.custody.models import Ceremony
from shebaoka.office.custody.selectors import registers
from shebaoka.office.custody.services.ceremonies import script_of
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.custody.pages import Page, Part, grid, latest, offered, shown, when, who
from shebaoka.office.desk.custody.registers import home_link
from shebaoka.office.desk.custody.room import spoken_role


@desk()
def ceremonies(request: DeskRequest) -> HttpResponse:
    """Key ceremonies."""
    found = page_of(request, registers.ceremonies(request.actor))
    rows = [
        (
            Link(each.number, reverse("desk:custody:ceremony", args=[each.number])),
            each.title,
            each.organization.name,
            each.get_status_display(),
            each.keys,
        )
        for each in found
    ]
    columns = [Column(_("Number")), Column(_("Title")), Column(_("Body")), Column(_("Status"))]
    table = Table(
        _("Ceremonies"), [*columns, Column(_("Keys"), True)], rows, _("None yet."), hide_caption=True
    )
    links = offered(request, [("custody.ceremony.plan", _("Plan a ceremony"), "ceremony-plan", [])])
    page = Page(_("Ceremonies"), home_link(), links=links, parts=latest(table, found))
    return shown(request, page)


@desk()
def ceremony(request: DeskRequest, number: str) -> HttpResponse:
    """One ceremony."""
    found = registers.ceremony(request.actor, number)
    facts = Summary(
        [
            Row(_("Body"), found.organization.name),
            Row(_("Status"), found.get_status_display()),
            Row(_("Proposed by"), who(found.proposed_by)),
            Row(_("Approved by"), who(found.approved_by)),
            Row(_("Approved"), when(found.approved_at)),
            Row(_("Script, SHA-256"), found.digest),
            Row(_("Ended at"), when(found.ended_at)),
            Row(_("Keys"), found.keys),
            Row(_("Head of the transcript"), Code(found.head) if found.head else ""),
            Row(_("Held at the desk with the vault"), found.vault),
            Row(_("Begun"), f"{when(found.opened_at)} {who(found.opened_by)}".strip()),
        ]
    )
    people = [
        (capfirst(spoken_role(role)), each.name, each.number, each.unit)
        for role, each in script_of(found.script).persons.items()
    ]
    heads = (_("Role"), _("Name"), _("Staff number"), _("Unit"))
    back = (_("Ceremonies"), reverse("desk:custody:ceremonies"))
    parts = [Part(_("Who takes part"), grid(_("Who takes part"), heads, people))]
    return shown(request, Page(found.title, back, links=_links(request, found), facts=facts, parts=parts))


def _links(request: DeskRequest, found: Ceremony) -> list[Link]:
    number = [found.number]
    links = []
    if found.paper:
        links.append(Link(_("Transcript (PDF)"), reverse("desk:custody:transcript-pdf", args=number)))
    if found.transcript:
        links.append(Link(_("Transcript (file)"), reverse("desk:custody:transcript", args=number)))
    if found.organization != request.actor.organization:
        return links
    by_status = {
        CeremonyStatus.APPROVED: [
            ("custody.ceremony.open", _("Hold it here, at the desk"), "room-begin", number),
            ("custody.ceremony.end", _("Register its transcript"), "ceremony-end", number),
        ],
        CeremonyStatus.SITTING: [
            ("custody.ceremony.stop", _("Go to the ceremony"), "room", number),
            ("custody.ceremony.end", _("Close it when it was interrupted"), "room-close", number),
        ],
    }
    return links + offered(request, by_status.get(CeremonyStatus(found.status), []))
