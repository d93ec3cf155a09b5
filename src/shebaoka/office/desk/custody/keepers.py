"""Custodians, deputies' envelopes, and the access log of key rooms."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Link, Notice, Row, Summary, Tag
from shebaoka.office.custody.choices import EnvelopeStatus
from shebaoka.office.custody.selectors import keepers as found_in
from shebaoka.office.custody.selectors import registers
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.custody.pages import Page, Part, grid, latest, offered, register, shown, when, who
from shebaoka.office.desk.custody.registers import home_link


@desk()
def keepers(request: DeskRequest) -> HttpResponse:
    """The register of custodians, and who is not in it."""
    found = page_of(request, found_in.keepers(request.actor))
    rows = [
        (
            Link(who(each.person), reverse("desk:custody:keeper", args=[each.person.number])),
            each.organization.name,
            each.duties,
            each.appointed_on,
            who(each.deputy),
            Tag(_("Left on %(day)s") % {"day": each.left_on})
            if each.left_on
            else Tag(_("In office"), "good"),
        )
        for each in found
    ]
    heads = (_("Custodian"), _("Body"), _("Duties"), _("Appointed on"), _("Deputy"), _("State"))
    missing = ", ".join(who(each) for each in found_in.not_appointed(request.actor.organization))
    text = _("Custodians by their role who are not in the register: %(names)s") % {"names": missing}
    links = offered(
        request,
        [
            ("custody.keeper.appoint", _("Appoint a custodian"), "keeper-appoint", []),
            ("custody.keeper.change", _("Hand over what I keep"), "keeper-change", []),
        ],
    )
    links.append(Link(_("Changes of custodians"), reverse("desk:custody:keeper-changes")))
    page = Page(
        _("Custodians"),
        home_link(),
        notices=[Notice(text, "warn")] if missing else [],
        links=links,
        parts=register(grid(_("Custodians"), heads, rows), found),
    )
    return shown(request, page)


@desk()
def keeper(request: DeskRequest, number: str) -> HttpResponse:
    """One custodian: appointment, how she is reached, what she holds, her trainings."""
    found = found_in.keeper(request.actor, number)
    own = found.organization == request.actor.organization
    facts = [
        Row(_("Body"), found.organization.name),
        Row(_("Appointment"), f"{found.document}, {found.appointed_on}"),
        Row(_("Appointed by"), who(found.appointed_by)),
        Row(_("Duties"), found.duties),
        Row(_("Identity document she showed"), f"{found.get_identity_kind_display()} …{found.identity_end}"),
        Row(_("Confidentiality undertaking"), f"{found.undertaking}, {found.undertaking_on}"),
        Row(_("Clearance"), found.get_clearance_display()),
        Row(_("Deputy"), who(found.deputy)),
    ]
    if own:  # she is reached by her own body
        facts += [Row(_("Telephone"), found.phone), Row(_("Telephone out of hours"), found.phone_off)]
    if found.left_on:
        facts += [
            Row(_("Left on"), found.left_on),
            Row(_("Undertaking to keep silent afterwards"), found.secrecy_after),
        ]
    held = [
        (str(each.carrier), each.get_capacity_display(), when(each.since))
        for each in registers.holdings_of(found.person)
    ]
    trainings = [
        (each.held_on, each.subject, each.hours, each.certificate)
        for each in found.trainings.order_by("-held_on")
    ]
    links = []
    if own and found.left_on is None:
        links = offered(
            request,
            [
                ("custody.keeper.update", _("Change telephones or deputy"), "keeper-update", [number]),
                ("custody.keeper.train", _("Record a training"), "keeper-train", [number]),
            ],
        )
    parts = [
        Part(_("What she holds"), grid(_("What she holds"), (_("Carrier"), _("As"), _("Since")), held)),
        Part(
            _("Trainings"),
            grid(_("Trainings"), (_("Day"), _("Subject"), _("Hours"), _("Certificate")), trainings),
        ),
    ]
    back = (_("Custodians"), reverse("desk:custody:keepers"))
    page = Page(who(found.person), back, links=links, facts=Summary(facts), parts=parts)
    return shown(request, page)


@desk()
def changes(request: DeskRequest) -> HttpResponse:
    """Changes of custodians."""
    found = page_of(request, found_in.changes(request.actor))
    rows = [
        (
            Link(each.number, reverse("desk:custody:keeper-change-pdf", args=[each.number])),
            each.organization.name,
            when(each.at),
            who(each.leaving),
            who(each.successor),
            who(each.supervisor),
        )
        for each in found
    ]
    heads = (_("Number"), _("Body"), _("When"), _("From"), _("To"), _("Before"))
    back = (_("Custodians"), reverse("desk:custody:keepers"))
    return shown(
        request,
        Page(_("Changes of custodians"), back, parts=latest(grid(_("Changes"), heads, rows), found)),
    )


@desk()
def envelopes(request: DeskRequest) -> HttpResponse:
    """Sealed envelopes of deputies."""
    found = page_of(request, found_in.envelopes(request.actor))
    rows = [
        (
            Link(each.number, reverse("desk:custody:envelope", args=[each.number])),
            each.organization.name,
            each.what,
            who(each.deputy),
            str(each.place),
            each.seal,
            _state(each.status, each.get_status_display()),
        )
        for each in found
    ]
    heads = (_("Number"), _("Body"), _("Content"), _("Deputy"), _("Storage place"), _("Seal"), _("State"))
    links = offered(request, [("custody.envelope.deposit", _("Deposit an envelope"), "envelope-deposit", [])])
    table = grid(_("Deputies' envelopes"), heads, rows)
    page = Page(_("Deputies' envelopes"), home_link(), links=links, parts=register(table, found))
    return shown(request, page)


@desk()
def envelope(request: DeskRequest, number: str) -> HttpResponse:
    """One envelope and its openings."""
    found = found_in.envelope(request.actor, number)
    facts = Summary(
        [
            Row(_("Body"), found.organization.name),
            Row(_("Content"), found.what),
            Row(_("Deputy"), who(found.deputy)),
            Row(_("Storage place"), f"{found.place} {found.compartment}".strip()),
            Row(_("Seal"), found.seal),
            Row(_("State"), _state(found.status, found.get_status_display())),
            Row(
                _("Deposited"),
                f"{when(found.deposited_at)}, {who(found.deposited_a)}, {who(found.deposited_b)}",
            ),
        ]
    )
    rows = [
        (
            when(each.opened_at),
            each.order,
            each.reason,
            ", ".join(who(m) for m in (each.opened_by, each.witness, each.leader)),
            when(each.resealed_at) or Tag(_("Not yet"), "bad"),
            f"{each.seal} → {each.new_seal}" if each.new_seal else each.seal,
            each.renewed,
        )
        for each in found.openings.all()
    ]
    heads = (
        *(_("Opened"), _("Order"), _("Reason"), _("By, before, on order of"), _("Sealed again"), _("Seal")),
        _("Changed"),
    )
    links = []
    if found.organization == request.actor.organization:
        sealed = found.status == EnvelopeStatus.SEALED
        act = ("custody.envelope.open", _("Ask to open it"), "envelope-open", [number])
        again = ("custody.envelope.reseal", _("Seal it again"), "envelope-reseal", [number])
        links = offered(request, [act if sealed else again])
    back = (_("Deputies' envelopes"), reverse("desk:custody:envelopes"))
    parts = [Part(_("Openings"), grid(_("Openings"), heads, rows))]
    return shown(request, Page(number, back, links=links, facts=facts, parts=parts))


@desk()
def visits(request: DeskRequest) -> HttpResponse:
    """The access log of key rooms."""
    found = page_of(request, found_in.visits(request.actor))
    may = request.actor.may("custody.room.leave")
    rows = [
        (
            when(each.entered_at),
            each.organization.name,
            str(each.place),
            ", ".join([*each.persons, *([each.visitors] if each.visitors else [])]),
            each.purpose,
            when(each.left_at) or _inside(each.pk, may and each.organization == request.actor.organization),
            each.remark,
        )
        for each in found
    ]
    heads = (_("Went in"), _("Body"), _("Room"), _("Who"), _("What it is for"), _("Came out"), _("Remark"))
    links = offered(request, [("custody.room.enter", _("Log who goes in"), "room-enter", [])])
    table = grid(_("Access to key rooms"), heads, rows)
    page = Page(_("Access to key rooms"), home_link(), links=links, parts=latest(table, found))
    return shown(request, page)


def _inside(visit: UUID, may: bool) -> object:
    text = _("Inside; log that they left") if may else ""
    return Link(text, reverse("desk:custody:room-leave", args=[visit])) if may else Tag(_("Inside"), "busy")


def _state(status: str, text: str) -> Tag:
    return Tag(text, "good" if status == EnvelopeStatus.SEALED else "bad")
