"""The registers: places, devices, keys, carriers and the log of their uses."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base import clock
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag
from shebaoka.office.custody.choices import Capacity, CarrierKind, CarrierStatus
from shebaoka.office.custody.models import Carrier, Hsm, Movement
from shebaoka.office.custody.procedures import steps_of
from shebaoka.office.custody.selectors import hsms as devices
from shebaoka.office.custody.selectors import registers
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.custody.pages import (
    Page,
    Part,
    grid,
    latest,
    offered,
    register,
    shown,
    status_tag,
    when,
    who,
)
from shebaoka.office.organizations.models import Staff


def home_link() -> tuple[str, str]:
    """Back to the start of keys and carriers."""
    return _("Keys and carriers"), reverse("desk:custody:home")


@desk()
def places(request: DeskRequest) -> HttpResponse:
    """Storage places."""
    found = page_of(request, registers.places(request.actor))
    rows = [(p.code, p.name, p.get_kind_display(), p.organization.name, p.address) for p in found]
    heads = (_("Code"), _("Name of the place"), _("Kind"), _("Body"), _("Address"))
    table = Table(
        _("Storage places"), [Column(head) for head in heads], rows, _("None yet."), hide_caption=True
    )
    links = offered(
        request,
        [
            ("custody.place.add", _("Add a storage place"), "place-add", []),
            ("custody.place.close", _("Close a storage place"), "place-close", []),
        ],
    )
    parts = [Part(_("In use"), table, found)]
    return shown(request, Page(_("Storage places"), home_link(), links=links, parts=parts))


@desk()
def hsms(request: DeskRequest) -> HttpResponse:
    """Devices and how they stand with the gate."""
    found = page_of(request, devices.hsms(request.actor))
    rows = [
        (
            Link(str(device), reverse("desk:custody:hsm", args=[device.organization.code, device.serial])),
            device.organization.name,
            device.get_status_display(),
            max((each.expires for each in device.certificates.all()), default=None),
            _fitness(device),
        )
        for device in found
    ]
    heads = (_("Device"), _("Body"), _("Use"), _("Certificate until"), _("Production"))
    table = grid(_("HSMs"), heads, rows)
    links = offered(request, [("custody.hsm.add", _("Register an HSM"), "hsm-add", [])])
    return shown(request, Page(_("HSMs"), home_link(), links=links, parts=register(table, found)))


@desk()
def hsm(request: DeskRequest, code: str, serial: str) -> HttpResponse:
    """One device."""
    device = devices.hsm(request.actor, code, serial)
    facts = Summary(
        [
            Row(_("Body"), device.organization.name),
            Row(_("Maker and model"), f"{device.maker} {device.model}"),
            Row(_("Use"), device.get_status_display()),
            Row(_("Production"), _fitness(device)),
            Row(_("Ministry conformity"), f"{device.conformity} {device.conformity_on or ''}".strip()),
            Row(_("Storage place"), str(device.place)),
            Row(_("Custodian"), who(device.custodian)),
            Row(_("Deputy"), who(device.deputy)),
            Row(_("Vaults"), ", ".join(device.vaults) or _("all of this body")),
        ]
    )
    rows = [(c.number, c.get_kind_display(), c.issued, c.expires) for c in device.certificates.all()]
    heads = (_("Number"), _("Kind"), _("Date of issue"), _("Valid until"))
    table = grid(_("Certificates"), heads, rows)
    own = device.organization == request.actor.organization
    links = offered(
        request,
        [
            ("custody.hsm.certify", _("Register a certificate"), "hsm-certify", [serial]),
            ("custody.hsm.conform", _("Register its conformity"), "hsm-conform", [serial]),
            ("custody.hsm.keep", _("Change place, keepers or use"), "hsm-keep", [serial]),
        ]
        if own
        else [],
    )
    back = (_("HSMs"), reverse("desk:custody:hsms"))
    return shown(
        request, Page(device.serial, back, links=links, facts=facts, parts=[Part(_("Certificates"), table)])
    )


@desk()
def carriers(request: DeskRequest) -> HttpResponse:
    """The register of carriers; by kind or status where the address says so."""
    found = registers.carriers(request.actor)
    kind, status = request.GET.get("kind", ""), request.GET.get("status", "")
    if kind in CarrierKind.values:
        found = found.filter(kind=kind)
    if status in CarrierStatus.values:
        found = found.filter(status=status)
    page = page_of(request, found)
    rows = [
        (
            Link(each.serial, reverse("desk:custody:carrier", args=[each.serial])),
            each.get_kind_display(),
            each.holder.name,
            status_tag(each.status, each.get_status_display()),
            str(each.place or ""),
            ", ".join(who(h.person) for h in each.holdings.all() if h.until is None),
        )
        for each in page
    ]
    heads = (_("Serial number"), _("Kind"), _("Body"), _("Status"), _("Place"), _("Held by"))
    table = grid(_("Carriers"), heads, rows)
    links = offered(
        request,
        [
            ("custody.carrier.number", _("Number new carriers"), "number", []),
            ("custody.carrier.pair", _("Register the two cards of an export"), "pair", []),
        ],
    )
    return shown(request, Page(_("Carriers"), home_link(), links=links, parts=register(table, page)))


@desk()
def carrier(request: DeskRequest, serial: str) -> HttpResponse:
    """One carrier: where it is, who holds it, its uses, what can be done."""
    found = registers.carrier(request.actor, serial)
    held = found.holdings.filter(until=None).select_related("person").order_by("capacity")
    rows = [
        Row(_("Kind"), found.get_kind_display()),
        Row(_("Status"), status_tag(found.status, found.get_status_display())),
        Row(_("Body"), found.holder.name),
        Row(_("Issued by"), found.issuer.name),
        Row(_("Document number"), found.document),
        Row(_("Received on"), found.received_on),
        Row(_("Seal"), found.seal),
        Row(_("Storage place"), f"{found.place or ''} {found.compartment}".strip()),
        Row(_("Content"), found.content),
        Row(_("Reference of the export"), found.pair),
        Row(_("Secrecy"), f"{found.get_secrecy_display()} {found.secrecy_until or ''}".strip()),
    ]
    rows += [Row(Capacity(h.capacity).label, who(h.person)) for h in held]
    uses = page_of(request, registers.movements(request.actor).filter(carrier=found), size=20)
    parts = [Part(_("Log of uses"), _log(list(uses)), uses)]
    open_use = found.movements.filter(in_at=None).first()
    if found.status == CarrierStatus.OUT and open_use is not None:
        parts.insert(0, Part(_("Steps of this use"), _steps(found, open_use)))
    page = Page(
        f"{found.get_kind_display()} {found.serial}",
        (_("Carriers"), reverse("desk:custody:carriers")),
        links=_acts(request, found),
        facts=Summary(rows),
        parts=parts,
    )
    return shown(request, page)


@desk()
def movements(request: DeskRequest) -> HttpResponse:
    """The log of uses."""
    found = page_of(request, registers.movements(request.actor))
    table = _log(list(found), carriers_too=True)
    return shown(request, Page(_("Log of uses"), home_link(), parts=latest(table, found)))


def _fitness(device: Hsm) -> Tag:
    problem = devices.unfit(device, clock.today())
    return Tag(problem, "bad") if problem else Tag(_("Authorized"), "good")


def _log(found: list[Movement], *, carriers_too: bool = False) -> Table:
    rows = []
    for each in found:
        back: object = when(each.in_at)
        if each.in_at is None:
            late = each.due_at < clock.now()
            back = Tag(_("Overdue"), "bad") if late else Tag(_("Out"), "busy")
        row: list[object] = [when(each.out_at)]
        if carriers_too:
            row.append(Link(each.carrier.serial, reverse("desk:custody:carrier", args=[each.carrier.serial])))
        signed = [who(m) for m in (each.out_a, each.out_b)], [who(m) for m in _both(each)]
        row += [f"{each.purpose} ({each.approval})", who(each.taker), ", ".join(signed[0]), back]
        seals = f"{each.seal_out} → {each.seal_in}" if each.seal_in else each.seal_out
        row += [", ".join(signed[1]), seals, each.remark]
        rows.append(row)
    heads = [_("Out"), _("What it is for, and its approval"), _("Taken by"), _("Signed out by"), _("In")]
    heads += [_("Signed in by"), _("Seals"), _("Remark")]
    if carriers_too:
        heads.insert(1, _("Carrier"))
    return grid(_("Log of uses"), heads, rows)


def _both(each: Movement) -> list[Staff]:
    return [member for member in (each.in_a, each.in_b) if member is not None]


def _steps(found: Carrier, use: Movement) -> Table:
    done = {step.name: step for step in use.steps.select_related("by")}
    rows = []
    for number, step in enumerate(steps_of(found.kind), 1):
        made = done.get(step.name)
        state = Tag(_("Finished"), "good") if made else Tag(_("To do"), "plain")
        rows.append((number, step.text, state, when(made.at) if made else "", who(made.by) if made else ""))
    heads = (_("Step"), _("What is done"), _("State"), _("When"), _("By"))
    return grid(_("Steps of this use"), heads, rows)


def _acts(request: DeskRequest, found: Carrier) -> list[Link]:
    if found.holder != request.actor.organization:
        return []
    serial = [found.serial]
    by_status: dict[str, list[tuple[str, str, str, list[str]]]] = {
        CarrierStatus.STORED: [
            ("custody.carrier.take-out", _("Take it out"), "take-out", serial),
            ("custody.carrier.store", _("Change its place or keepers"), "store", serial),
            ("custody.carrier.damage", _("Report it damaged"), "damage", serial),
        ],
        CarrierStatus.OUT: [
            ("custody.movement.step", _("Record the next step"), "step", serial),
            ("custody.carrier.bring-back", _("Bring it back"), "bring-back", serial),
        ],
        CarrierStatus.LOST: [("custody.carrier.find", _("It is found"), "find", serial)],
        CarrierStatus.NUMBERED: [("custody.carrier.store", _("Store it"), "store", serial)],
        CarrierStatus.RECEIVED: [("custody.carrier.store", _("Store it"), "store", serial)],
        CarrierStatus.RETURNED: [("custody.carrier.store", _("Store it"), "store", serial)],
    }
    links = list(by_status.get(found.status, []))
    if found.status not in (CarrierStatus.LOST, CarrierStatus.DESTROYED):
        links.append(("custody.carrier.lose", _("Report it lost"), "lose", serial))
    return offered(request, links)
