"""Parameters in force at a body, and one of them with who decided what."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.parameters.reading import SOURCES, standing
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.selectors import organization, organizations
from shebaoka.office.parameters.models import Setting
from shebaoka.office.parameters.places import place_words
from shebaoka.office.parameters.registry import in_words, known, words
from shebaoka.office.parameters.selectors import InForce, all_in_force, in_force, settings_of
from shebaoka.spec.parameters import Parameter

GROUPS = (
    "cards",
    "enquiry",
    "approval",
    "rules",
    "incidents",
    "custody",
    "psams",
    "interfaces",
    "organizations",
)


@desk()
def home(request: DeskRequest) -> HttpResponse:
    """The parameters of her own organization."""
    return _page(request, request.actor.organization)


@desk()
def body(request: DeskRequest, code: str) -> HttpResponse:
    """The parameters of a body of her area."""
    return _page(request, organization(request.actor, code))


@desk()
def parameter(request: DeskRequest, code: str, key: str) -> HttpResponse:
    """One parameter: what is in force, where it says so, what each level decided."""
    node, entry = organization(request.actor, code), entry_of(key)
    found = in_force(node, key)
    facts = [
        Row(_("In force today"), in_words(entry, found.value)),
        Row(_("State"), standing(found)),
        Row(_("Source"), f"{found.source}: {SOURCES[found.source]}"),
        Row(_("Document"), found.place if found.setting else place_words(found.place)),
        Row(_("Decided by"), decided_by(found)),
        Row(_("National default"), in_words(entry, known()[key].value)),
        Row(_("In the published rules"), entry.published),
    ]
    page = {
        "node": node,
        "name": words(entry.name),
        "key": key,
        "facts": Summary(facts),
        "history": _history(request, node, key, entry),
        "acts": _acts(request, node, key, entry),
    }
    return render(request, "desk/parameters/parameter.html", page)


def entry_of(key: str) -> Parameter:
    """The parameter. Raises Refusal ``parameters.unknown``."""
    if key not in known():
        raise Refusal("parameters.unknown", key=key)
    return known()[key]


def decided_by(found: InForce) -> str:
    """The body whose value it is."""
    return found.setting.organization.name if found.setting else _("National default")


def _page(request: DeskRequest, node: Organization) -> HttpResponse:
    only = request.GET.get("show") == "open"
    found = all_in_force(node)
    tables = [
        table
        for group in GROUPS
        if (table := _table(node, group, [each for each in found.values() if _shown(each, group, only)]))
    ]
    page = {
        "node": node,
        "tables": tables,
        "only": only,
        "open": sum(each.to_confirm for each in found.values()),
        "below": [
            Link(each.name, reverse("desk:parameters:body", args=[each.code]), each.code)
            for each in organizations(request.actor).filter(parent=node, kind__in=ISSUING)
        ],
        "publishes": node.kind in ("province", "city"),
    }
    return render(request, "desk/parameters/table.html", page)


def _shown(found: InForce, group: str, only: bool) -> bool:
    return found.key.startswith(f"{group}.") and (found.to_confirm or not only)


def _table(node: Organization, group: str, found: list[InForce]) -> Table | None:
    captions = {
        "cards": _("The card"),
        "enquiry": _("Enquiry password"),
        "approval": _("Issuing approval"),
        "rules": _("Rules, plans, drills"),
        "incidents": _("Incidents"),
        "custody": _("Keys, carriers, HSMs"),
        "psams": _("PSAM cards"),
        "interfaces": _("Interface tokens"),
        "organizations": _("Signing in and staff sessions"),
    }
    rows = [
        (
            Link(
                words(known()[each.key].name),
                reverse("desk:parameters:parameter", args=[node.code, each.key]),
            ),
            in_words(known()[each.key], each.value),
            each.source,
            decided_by(each),
            standing(each),
        )
        for each in found
    ]
    columns = [_("Parameter"), _("Value"), _("Source"), _("Decided by"), _("State")]
    return Table(captions[group], [Column(each) for each in columns], rows) if rows else None


def _history(request: DeskRequest, node: Organization, key: str, entry: Parameter) -> Table:
    day = clock.today()
    rows = [
        (
            setting.since,
            _("Follows the level above") if setting.value is None else in_words(entry, setting.value),
            setting.place,
            _when(setting, day),
        )
        for setting in settings_of(request.actor, node, key)
    ]
    columns = [Column(each) for each in (_("From"), _("Value"), _("Document"), _("State"))]
    empty = _("This body decided nothing itself.")
    return Table(_("What this body decided"), columns, rows, empty, hide_caption=True)


def _when(setting: Setting, day: date) -> str:
    return _("Planned") if setting.since > day else _("Recorded")


def _acts(request: DeskRequest, node: Organization, key: str, entry: Parameter) -> list[Link]:
    actor = request.actor
    if actor.organization.pk != node.pk or node.kind not in entry.set_by:
        return []
    offered = [
        ("parameters.setting.set", _("Set another value"), "set"),
        ("parameters.setting.withdraw", _("Withdraw this body's value"), "withdraw"),
    ]
    own = settings_of(actor, node, key).exclude(value=None).exists()
    return [
        Link(text, reverse(f"desk:parameters:{page}", args=[node.code, key]))
        for act, text, page in offered
        if actor.may(act) and (own or page == "set")
    ]
