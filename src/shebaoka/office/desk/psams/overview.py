"""The register: what is there, what is due, one PSAM with all that is known of it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base import files
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.psams.common import home as to
from shebaoka.office.desk.psams.common import link, listing, standing
from shebaoka.office.desk.psams.forms import FilterForm
from shebaoka.office.psams import selectors
from shebaoka.office.psams.choices import AT_UNIT, Status, Verdict
from shebaoka.office.psams.models import Issue, Psam
from shebaoka.office.psams.services.stock import KINDS

_PAGE = "desk/psams/page.html"


@desk()
def home(request: DeskRequest) -> HttpResponse:
    """All PSAMs of her area."""
    form = FilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = page_of(
        request,
        selectors.psams(request.actor, status=chosen.get("state", ""), text=chosen.get("text", "").strip()),
    )
    rows = [(link(each), each.terminal, each.owner.name, each.expires_on, standing(each)) for each in found]
    columns = [
        Column(_("Serial number")),
        Column(_("Terminal number")),
        Column(_("Answers for it")),
        Column(_("Valid until")),
        Column(_("Status")),
    ]
    page = {
        "title": _("PSAM register"),
        "registers": _registers(request),
        "filter": form,
        "sections": [listing(_("PSAMs"), columns, rows, _("None found."))],
        "pages": found,
    }
    return render(request, _PAGE, page)


def _registers(request: DeskRequest) -> list[Link]:
    links = [
        to("orders", _("Applications and hand-over lists")),
        to("vendors", _("Vendors")),
        to("units", _("Agreements and places of use")),
        to("recalls", _("Recalls")),
        to("losses", _("Losses")),
        to("counts", _("Counts")),
        to("destructions", _("Destruction")),
        to("lists", _("Block lists")),
    ]
    if request.actor.may("psams.host.add"):
        links.append(to("hosts", _("Hosts")))
    if request.actor.may("psams.keeper.record"):
        links.append(to("contact", _("Your telephone and identity document")))
    if request.actor.may("psams.psam.key"):
        links.append(to("key", _("Record keys that were loaded")))
    return links


@desk()
def psam(request: DeskRequest, serial: str) -> HttpResponse:
    """One PSAM: register fields, where it is, what can be done, keys, history, counters."""
    found = selectors.psam(request.actor, serial)
    issue = selectors.issue_of(found)
    page = {
        "title": f"PSAM {found.serial}",
        "back": reverse("desk:psams:home"),
        "facts": Summary([*_facts(found), *_where(found, issue)]),
        "acts": _acts(request, found, issue),
        "sections": [_keys(found), _uses(found), _history(found)],
    }
    return render(request, _PAGE, page)


@desk()
def picture(request: DeskRequest, serial: str) -> HttpResponse:
    """How it looks."""
    found = selectors.psam(request.actor, serial)
    if not found.picture:
        raise Http404
    content = files.read(found.picture)
    kind = next(kind for magic, kind in KINDS.items() if content.startswith(magic))
    return HttpResponse(content, content_type=kind)


def _facts(found: Psam) -> list[Row]:
    rows = [
        Row(_("Status"), standing(found)),
        Row(_("Terminal number"), found.terminal),
        Row(_("Answers for it"), f"{found.owner.name} ({found.owner.code})"),
        Row(_("Vendor"), str(found.vendor)),
        Row(_("Batch"), found.batch),
        Row(_("Chip and operating system"), f"{found.chip}, {found.cos}"),
        Row(_("Ciphers"), ", ".join(found.order.algorithms)),
        Row(_("Key card type"), found.key_card_type),
        Row(_("Valid from"), found.starts_on),
        Row(_("Valid until"), found.expires_on),
        Row(_("Received on"), found.received_on),
        Row(_("Received with"), found.document),
        Row(_("Printed number"), found.printed),
        Row(_("Form"), found.get_form_display()),
        Row(_("Seal number"), found.seal),
    ]
    if found.picture:
        url = reverse("desk:psams:picture", args=[found.serial])
        rows.append(Row(_("Picture"), Link(_("Look at it"), url)))
    return [
        *rows,
        Row(_("Last counter"), found.sequence),
        Row(_("Last seen"), found.seen_at),
        Row(_("Last counted"), found.audited_on),
    ]


def _where(found: Psam, issue: Issue | None) -> list[Row]:
    if issue is None:
        return [Row(_("Issued to"), _("Nobody"))]
    place, unit = issue.place, issue.unit
    contact = selectors.contact_of(issue.keeper)
    watched = [_("attended") if place.attended else _("unattended")]
    watched.append(_("with camera") if place.camera else _("without camera"))
    return [
        Row(_("Issued to"), f"{unit.name} ({unit.code}), {unit.get_kind_display()}"),
        Row(_("Place"), f"{place} – {place.address} {place.room}".strip()),
        Row(_("Machine and reader"), f"{place.machine} {place.reader}".strip()),
        Row(_("Environment"), f"{', '.join(watched)}, {place.get_network_display()}"),
        Row(_("Keeper"), str(issue.keeper)),
        Row(_("Telephone"), contact.phone if contact else ""),
        Row(_("Identity document"), contact.masked if contact else ""),
        Row(_("What it is for"), issue.get_purpose_display()),
        Row(_("Issued on"), issue.issued_at),
        Row(_("Conditions accepted"), issue.accepted_at),
        Row(_("Activated"), issue.activated_at),
        Row(_("Last inspected"), issue.inspected_on),
    ]


def _acts(request: DeskRequest, found: Psam, issue: Issue | None) -> list[Link]:
    """What this person may begin now."""
    actor, status = request.actor, Status(found.status)
    own = actor.organization.pk == found.owner_id
    hers = issue is not None and issue.unit_id == actor.organization.pk
    waits = issue is not None and issue.accepted_at is None and issue.keeper_id == request.user.pk
    out, living = status in AT_UNIT, status in (Status.ISSUED, Status.ACTIVE)
    unwritten = status in (Status.LOST, Status.WRITTEN_OFF)
    offered = [
        ("psams.psam.accept", _("Sign for it"), "accept", waits and status == Status.ISSUED),
        ("psams.psam.stock", _("Take it into stock"), "stock", own and status == Status.KEYED),
        ("psams.psam.issue", _("Issue it"), "issue", own and status == Status.IN_STOCK),
        ("psams.use.log", _("Log its counters"), "use", out and (own or hers)),
        ("psams.inspection.record", _("Record an inspection"), "inspect", out and own),
        ("psams.psam.hand-on", _("Hand it on to another keeper"), "hand-on", living and hers),
        ("psams.psam.move", _("Record another place"), "move", out and own),
        ("psams.psam.relocate", _("Propose another place"), "relocate", out and own),
        ("psams.psam.freeze", _("Freeze it at once"), "freeze", living and (own or hers)),
        ("psams.psam.thaw", _("Lift the freeze"), "thaw", own and status == Status.FROZEN),
        ("psams.psam.damage", _("Report damage"), "damage", own or hers),
        ("psams.loss.report", _("Report its loss"), "lose", own or hers),
        ("psams.loss.write", _("Record the written report"), "write", unwritten and (own or hers)),
        ("psams.loss.found", _("It was found"), "found", unwritten and (own or hers)),
        ("psams.loss.write-off", _("Write it off"), "write-off", own and status == Status.LOST),
        ("psams.psam.return", _("Hand it back"), "return", (out or status == Status.FOUND) and (own or hers)),
        ("psams.psam.restock", _("Take it into stock again"), "restock", own and status == Status.RETURNED),
        ("psams.psam.silent", _("The chip does not answer"), "silent", own and status == Status.TO_DESTROY),
    ]
    ended = status in (Status.DESTROYED, Status.ORDERED)
    return [
        Link(text, reverse(f"desk:psams:{page}", args=[found.serial]))
        for act, text, page, fits in offered
        if fits and not ended and actor.may(act)
    ]


def _keys(found: Psam) -> Table:
    keys = found.keys.select_related("loaded_by").order_by("loaded_at", "level")
    rows = [
        (each.get_level_display(), each.algorithm, each.version, each.loaded_at, each.loaded_by.name)
        for each in keys
    ]
    columns = [Column(_("Key level")), Column(_("Cipher")), Column(_("Version"), numeric=True)]
    return listing(_("Keys"), [*columns, Column(_("Loaded")), Column(_("By"))], rows, _("No keys yet."))


def _uses(found: Psam) -> Table:
    rows = [
        (
            each.at,
            each.terminal,
            each.place,
            f"{each.first}–{each.last}",
            Tag(each.get_verdict_display(), "good" if each.verdict == Verdict.GOOD else "bad"),
        )
        for each in found.uses.order_by("-at")[:20]
    ]
    columns = [
        Column(_("Time")),
        Column(_("Terminal number")),
        Column(_("Place")),
        Column(_("Counters")),
        Column(_("Result")),
    ]
    return listing(_("Use, the last twenty"), columns, rows, _("Not used yet."))


def _history(found: Psam) -> Table:
    rows = [
        (each.at, Status(each.after).label, each.why, str(each.by) if each.by else "")
        for each in found.events.select_related("by").order_by("-at", "-pk")
    ]
    columns = [Column(_("Time")), Column(_("Status")), Column(_("Remark")), Column(_("By"))]
    return listing(_("History"), columns, rows)
