"""Hand-overs to third parties: the register, and one with its four documents as tasks."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Link, Row, Summary, Tag, Task, TaskList
from shebaoka.office.custody.choices import HandOverStatus
from shebaoka.office.custody.models import HandOver
from shebaoka.office.custody.selectors import registers
from shebaoka.office.custody.services.handovers import missing_documents
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.custody.pages import Page, Part, grid, latest, offered, shown, when, who
from shebaoka.office.desk.custody.registers import home_link


@desk()
def hand_overs(request: DeskRequest) -> HttpResponse:
    """Hand-overs to third parties."""
    found = page_of(request, registers.hand_overs(request.actor))
    rows = [
        (
            Link(each.number, reverse("desk:custody:hand-over", args=[each.number])),
            each.organization.name,
            each.third_party.name,
            each.due_on,
            each.get_status_display(),
        )
        for each in found
    ]
    heads = (_("Number"), _("Body"), _("Third party"), _("To be returned by"), _("Status"))
    table = grid(_("Hand-overs"), heads, rows)
    links = offered(
        request, [("custody.hand-over.prepare", _("Prepare a hand-over"), "hand-over-prepare", [])]
    )
    page = Page(
        _("Hand-overs to third parties"),
        home_link(),
        links=links,
        parts=latest(table, found),
    )
    return shown(request, page)


@desk()
def hand_over(request: DeskRequest, number: str) -> HttpResponse:
    """One hand-over: its four documents as tasks, its carriers, its visits."""
    found = registers.hand_over(request.actor, number)
    facts = Summary(
        [
            Row(_("Third party"), found.third_party.name),
            Row(_("What it is for"), found.purpose),
            Row(_("To be returned by"), found.due_on),
            Row(_("Status"), found.get_status_display()),
            Row(_("Prepared by"), who(found.prepared_by)),
            Row(_("Handed over"), when(found.out_at)),
            Row(_("Returned at"), when(found.returned_at)),
            Row(_("Incident"), found.incident),
        ]
    )
    lines = [
        (str(line.carrier), line.carrier.get_status_display(), who(line.person), line.seal, line.seal_back)
        for line in found.lines.all()
    ]
    heads = (_("Carrier"), _("Status"), _("Who answers for it there"), _("Seal"), _("Seal on return"))
    carriers = grid(_("Carriers"), heads, lines)
    visits = [
        (
            each.visited_on,
            who(each.supervisor),
            each.found,
            _("yes") if each.in_order else Tag(_("no"), "bad"),
        )
        for each in found.visits.select_related("supervisor").order_by("visited_on")
    ]
    of_visit = (_("Day"), _("Person who supervises"), _("Findings"), _("In order"))
    seen = grid(_("Supervision visits"), of_visit, visits)
    parts = [
        Part(_("The four documents"), _documents(request, found)),
        Part(_("Carriers"), carriers),
        Part(_("Supervision visits"), seen),
    ]
    back = (_("Hand-overs to third parties"), reverse("desk:custody:hand-overs"))
    return shown(
        request, Page(number, back, links=_hand_over_links(request, found), facts=facts, parts=parts)
    )


def _documents(request: DeskRequest, found: HandOver) -> TaskList:
    missing = missing_documents(found)
    open_ = found.status in (HandOverStatus.PREPARED, HandOverStatus.EFFECTIVE)
    own = found.organization == request.actor.organization
    tasks = []
    for name, act, text in (
        ("record", "custody.hand-over.record", _("Hand-over record")),
        ("agreement", "custody.hand-over.agree", _("Confidentiality agreement")),
        ("plan", "custody.hand-over.review", _("Review of the security plan")),
        ("supervision", "custody.hand-over.supervise", _("Plan of supervision")),
    ):
        there = name not in missing
        url = reverse(f"desk:custody:hand-over-{name}", args=[found.number])
        may = open_ and own and request.actor.may(act)
        state = Tag(_("Is there"), "good") if there else Tag(_("Missing"), "warn")
        tasks.append(Task(text, url if may else "", state))
    return TaskList(tasks)


def _hand_over_links(request: DeskRequest, found: HandOver) -> list[Link]:
    number = [found.number]
    links = [
        Link(_("Third-party file F12 (PDF)"), reverse("desk:custody:hand-over-pdf", args=number)),
        Link(_("Agreement to be signed (PDF)"), reverse("desk:custody:agreement-pdf", args=number)),
    ]
    for which, digest, text in (
        ("agreement", found.agreement_file, _("Signed agreement (scan)")),
        ("plan", found.plan_file, _("Security plan (file)")),
    ):
        if digest:
            links.append(Link(text, reverse("desk:custody:hand-over-file", args=[found.number, which])))
    if found.organization != request.actor.organization:
        return links
    release = ("custody.hand-over.release", _("Hand the carriers over"), "hand-over-release", number)
    withdraw = ("custody.hand-over.withdraw", _("Withdraw it"), "hand-over-withdraw", number)
    visit = ("custody.hand-over.visit", _("Record a supervision visit"), "hand-over-visit", number)
    back = ("custody.hand-over.return", _("The carriers are back"), "hand-over-return", number)
    by_status = {
        HandOverStatus.PREPARED: [withdraw],
        HandOverStatus.EFFECTIVE: [release, withdraw],
        HandOverStatus.OUT: [visit, back],
    }
    return links + offered(request, by_status.get(HandOverStatus(found.status), []))
