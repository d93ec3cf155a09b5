"""The register of keys: what the vaults say, and where each key is."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag
from shebaoka.office.custody.selectors import registers
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.custody.pages import Page, Part, grid, offered, register, shown, status_tag, when
from shebaoka.office.desk.custody.registers import home_link


@desk()
def keys(request: DeskRequest) -> HttpResponse:
    """The register of keys."""
    found = page_of(request, registers.keys(request.actor), size=100)
    rows = [
        (
            Link(key.key_id, reverse("desk:custody:key", args=[key.key_id])),
            key.organization.name,
            key.kcv,
            Tag(_("Not in the vault"), "bad") if key.missing_since else key.state,
            _("test key") if key.test_only else _("production key"),
        )
        for key in found
    ]
    heads = (_("Key"), _("Body"), _("Check value"), _("State"), _("Marking"))
    table = grid(_("Keys"), heads, rows)
    links = offered(request, [("custody.keys.read", _("Take over a list of a vault"), "keys-read", [])])
    return shown(request, Page(_("Keys"), home_link(), links=links, parts=register(table, found)))


@desk()
def key(request: DeskRequest, key_id: str) -> HttpResponse:
    """One key and its life."""
    found = registers.key(request.actor, key_id)
    facts = Summary(
        [
            Row(_("Body"), found.organization.name),
            Row(_("Level of the key"), found.level),
            Row(_("Usage"), found.usage),
            Row(_("Algorithm"), found.algorithm),
            Row(_("Check value"), found.kcv),
            Row(_("Parent"), found.parent or _("none: a root of this body")),
            Row(_("HSM"), str(found.hsm or "")),
            Row(_("Read from the vault"), when(found.last_seen)),
            Row(_("Not in the vault since"), when(found.missing_since)),
        ]
    )
    rows = [(when(change.at), change.state) for change in found.changes.order_by("at")]
    table = Table(_("States"), [Column(_("Since")), Column(_("State"))], rows, hide_caption=True)
    carriers = [
        (
            Link(str(each), reverse("desk:custody:carrier", args=[each.serial])),
            each.holder.name,
            status_tag(each.status, each.get_status_display()),
        )
        for each in registers.carriers_with(request.actor, key_id)
    ]
    heads = (_("Carrier"), _("Body"), _("Status"))
    changed = [(when(r.begun_at), r.incident, when(r.done_at)) for r in found.rotations.order_by("begun_at")]
    of_change = (_("To be replaced since"), _("Incident"), _("Out of use since"))
    parts = [
        Part(_("States"), table),
        Part(_("Carriers it is on"), grid(_("Carriers it is on"), heads, carriers)),
        Part(_("Replacements"), grid(_("Replacements"), of_change, changed)),
    ]
    back = (_("Keys"), reverse("desk:custody:keys"))
    return shown(request, Page(found.key_id, back, facts=facts, parts=parts))
