"""What went where: applications, memoranda, stock-takes, destruction, hand-overs, ceremonies."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Code, Column, Link, Notice, Row, Summary, Table, Tag
from shebaoka.office.custody.choices import OrderStatus
from shebaoka.office.custody.selectors import registers
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.custody.pages import Page, Part, grid, latest, offered, shown, when, who
from shebaoka.office.desk.custody.registers import home_link


@desk()
def orders(request: DeskRequest) -> HttpResponse:
    """Applications for keys."""
    found = page_of(request, registers.orders(request.actor))
    rows = [
        (
            Link(each.number, reverse("desk:custody:order-page", args=[each.number])),
            each.organization.name,
            when(each.submitted_at),
            each.get_status_display(),
        )
        for each in found
    ]
    heads = (_("Number"), _("Body"), _("Submitted at"), _("Status"))
    table = Table(
        _("Applications for keys"), [Column(h) for h in heads], rows, _("None yet."), hide_caption=True
    )
    links = offered(
        request,
        [
            ("custody.order.submit", _("Apply for keys and carriers"), "order", []),
            ("custody.dispatch.send", _("Send carriers"), "send", []),
        ],
    )
    page = Page(
        _("Applications for keys"),
        home_link(),
        links=links,
        parts=latest(table, found),
    )
    return shown(request, page)


@desk()
def order(request: DeskRequest, number: str) -> HttpResponse:
    """One application."""
    found = registers.order(request.actor, number)
    facts = Summary(
        [
            Row(_("Body"), found.organization.name),
            Row(_("Status"), found.get_status_display()),
            Row(_("Number of the approval to issue"), found.approval),
            Row(_("HSM the keys will lie in"), str(found.hsm)),
            Row(_("Key set"), found.key_set),
            Row(_("What it is for"), found.purpose),
            Row(_("Master control cards"), found.master_control),
            Row(_("Mother cards"), found.mother),
            Row(_("Transmission cards"), found.transmission),
            Row(_("First custodian"), who(found.custodian_a)),
            Row(_("Second custodian"), who(found.custodian_b)),
            Row(_("Who fetches them"), who(found.courier)),
            Row(_("Planned day"), found.planned_on),
            Row(_("Remark"), found.remark),
        ]
    )
    links = [Link(_("Form F5 (PDF)"), reverse("desk:custody:application-pdf", args=[number]))]
    above = found.organization.parent_id == request.actor.organization.pk
    if found.status == OrderStatus.SUBMITTED and above:
        links += offered(
            request,
            [
                ("custody.dispatch.send", _("Send carriers"), "send", []),
                ("custody.order.refuse", _("Refuse it"), "order-refuse", [number]),
            ],
        )
    back = (_("Applications for keys"), reverse("desk:custody:orders"))
    return shown(request, Page(number, back, links=links, facts=facts))


@desk()
def dispatches(request: DeskRequest) -> HttpResponse:
    """Memoranda."""
    found = page_of(request, registers.dispatches(request.actor))
    rows = [
        (
            Link(each.number, reverse("desk:custody:dispatch", args=[each.number])),
            each.sender.name,
            each.receiver.name,
            when(each.sent_at),
            when(each.received_at) or Tag(_("On the way"), "busy"),
        )
        for each in found
    ]
    heads = (_("Number"), _("From body"), _("To body"), _("Sent at"), _("Received at"))
    table = grid(_("Memoranda"), heads, rows)
    links = offered(request, [("custody.dispatch.send", _("Send carriers"), "send", [])])
    page = Page(_("Memoranda"), home_link(), links=links, parts=latest(table, found))
    return shown(request, page)


@desk()
def dispatch(request: DeskRequest, number: str) -> HttpResponse:
    """One memorandum."""
    found = registers.dispatch(request.actor, number)
    facts = Summary(
        [
            Row(_("From body"), found.sender.name),
            Row(_("To body"), found.receiver.name),
            Row(_("Document number"), found.document),
            Row(_("Place of the hand-over"), found.place),
            Row(_("Transport"), found.transport),
            Row(_("Couriers"), f"{who(found.courier_a)}, {who(found.courier_b)}"),
            Row(_("Given by"), f"{who(found.sent_a)}, {who(found.sent_b)}"),
            Row(_("Sent at"), when(found.sent_at)),
            Row(_("Received at"), when(found.received_at)),
            Row(_("Taken by"), ", ".join(filter(None, (who(found.received_a), who(found.received_b))))),
        ]
    )
    rows = [
        (
            str(line.carrier),
            line.seal,
            line.content,
            who(line.courier),
            "" if line.arrived is None else (_("arrived") if line.arrived else _("missing")),
            line.explanation,
        )
        for line in found.lines.all()
    ]
    heads = (_("Carrier"), _("Seal"), _("Content"), _("Carried by"), _("Count"), _("Explanation"))
    table = grid(_("Carriers"), heads, rows)
    links = [Link(_("Memorandum F6 (PDF)"), reverse("desk:custody:memorandum-pdf", args=[number]))]
    if found.received_at is None and found.receiver == request.actor.organization:
        links += offered(
            request, [("custody.dispatch.receive", _("Count what arrived"), "receive", [number])]
        )
    back = (_("Memoranda"), reverse("desk:custody:dispatches"))
    return shown(request, Page(number, back, links=links, facts=facts, parts=[Part(_("Carriers"), table)]))


@desk()
def stock_takes(request: DeskRequest) -> HttpResponse:
    """Counts."""
    found = page_of(request, registers.stock_takes(request.actor))
    rows = [
        (
            Link(when(each.counted_at), reverse("desk:custody:stock-take", args=[each.pk])),
            each.organization.name,
            each.expected,
            each.found,
            Tag(str(each.differences), "bad") if each.differences else 0,
            f"{who(each.counted_a)}, {who(each.counted_b)}",
            each.incident,
        )
        for each in found
    ]
    columns = [
        Column(_("Counted")),
        Column(_("Body")),
        Column(_("Number in the register"), True),
        Column(_("Found"), True),
    ]
    columns += [Column(_("Differences"), True), Column(_("By")), Column(_("Incident"))]
    table = Table(_("Stock-takes"), columns, rows, _("None yet."), hide_caption=True)
    links = offered(request, [("custody.stock-take.record", _("Count the carriers"), "count", [])])
    page = Page(_("Stock-takes"), home_link(), links=links, parts=latest(table, found))
    return shown(request, page)


@desk()
def stock_take(request: DeskRequest, id: UUID) -> HttpResponse:
    """One count: every carrier, and why it is not as the register says."""
    found = registers.stock_take(request.actor, id)
    facts = Summary(
        [
            Row(_("Body"), found.organization.name),
            Row(_("Counted"), when(found.counted_at)),
            Row(_("By"), f"{who(found.counted_a)}, {who(found.counted_b)}"),
            Row(_("Number in the register"), found.expected),
            Row(_("Found"), found.found),
            Row(_("Incident"), found.incident),
        ]
    )
    rows = [
        (
            each.serial,
            _("yes") if each.found else _("no"),
            f"{each.seal} / {each.seal_seen}" if each.seal != each.seal_seen else each.seal,
            Tag(each.get_difference_display(), "bad") if each.difference else Tag(_("None"), "good"),
            each.explanation,
        )
        for each in found.lines.all()
    ]
    heads = (_("Serial number"), _("Found"), _("Seal"), _("Difference"), _("Explanation"))
    back = (_("Stock-takes"), reverse("desk:custody:stock-takes"))
    parts = [Part(_("Carriers"), grid(_("Carriers"), heads, rows))]
    return shown(request, Page(_("Stock-take"), back, facts=facts, parts=parts))


@desk()
def destructions(request: DeskRequest) -> HttpResponse:
    """Records of destruction."""
    found = page_of(request, registers.destructions(request.actor))
    rows = [
        (
            Link(each.number, reverse("desk:custody:destruction", args=[each.number])),
            each.organization.name,
            each.day,
            ", ".join(carrier.serial for carrier in each.carriers.all()),
            each.certificate,
        )
        for each in found
    ]
    heads = (_("Number"), _("Body"), _("Day"), _("Carriers"), _("Certificate of destruction"))
    table = grid(_("Destruction"), heads, rows)
    links = offered(request, [("custody.carrier.destroy", _("Record a destruction"), "destroy", [])])
    page = Page(_("Destruction"), home_link(), links=links, parts=latest(table, found))
    return shown(request, page)


@desk()
def destruction(request: DeskRequest, number: str) -> HttpResponse:
    """One record of destruction with its photographs and papers."""
    found = registers.destruction(request.actor, number)
    facts = Summary(
        [
            Row(_("Body"), found.organization.name),
            Row(_("Day"), found.day),
            Row(_("Carriers"), ", ".join(str(carrier) for carrier in found.carriers.all())),
            Row(_("Reason"), found.reason),
            Row(_("Method"), found.method),
            Row(_("Place"), found.place),
            Row(_("Destroyed by"), f"{who(found.destroyer_a)}, {who(found.destroyer_b)}"),
            Row(_("Person who supervises"), who(found.supervisor)),
            Row(_("Approved by"), who(found.approver)),
            Row(_("Certificate of destruction"), found.certificate),
        ]
    )
    rows = [
        (
            Link(each.shows, reverse("desk:custody:destruction-file", args=[number, each.pk])),
            each.name,
            Code(each.sha256[:16]),
            f"{when(each.added_at)}, {who(each.added_by)}",
        )
        for each in found.files.select_related("added_by").order_by("added_at")
    ]
    heads = (_("What it shows"), _("File"), _("SHA-256 begins"), _("Added"))
    table = grid(_("Photographs and papers"), heads, rows)
    links = [Link(_("Record of destruction (PDF)"), reverse("desk:custody:destruction-pdf", args=[number]))]
    if found.organization == request.actor.organization:
        act = "custody.destruction.attach"
        links += offered(request, [(act, _("Add a photograph or paper"), "photograph", [number])])
    notices = [] if rows else [Notice(_("There is no photograph or paper of it yet."), "warn")]
    back = (_("Destruction"), reverse("desk:custody:destructions"))
    parts = [Part(_("Photographs and papers"), table)]
    return shown(request, Page(number, back, notices, links=links, facts=facts, parts=parts))
