"""The start page of keys and carriers: what needs care, how many carriers there are, where everything is."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.pieces import Column, Link, Notice, Table, Tag, Task
from shebaoka.office.custody.choices import CarrierKind, CarrierStatus, CeremonyStatus
from shebaoka.office.custody.selectors import keepers, registers
from shebaoka.office.custody.selectors.hsms import expiring
from shebaoka.office.custody.services.ceremonies import script_of
from shebaoka.office.custody.services.sittings import role_of, state_of
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.custody.pages import Page, Part, shown
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.choices import ISSUING

ROLES = frozenset(
    f"organizations.{role}"
    for role in (
        *("leader", "security-officer", "key-administrator", "key-custodian"),
        *("reviewer", "issuing-clerk", "auditor", "administrator"),
    )
)
_COUNTED = (CarrierStatus.STORED, CarrierStatus.OUT, CarrierStatus.LOST)


@desk()
def home(request: DeskRequest) -> HttpResponse:
    """The overview."""
    page = Page(
        _("Keys and carriers"),
        notices=_notices(request.actor),
        links=[
            Link(text, reverse(f"desk:custody:{name}"))
            for text, name in (
                (_("Carriers"), "carriers"),
                (_("Log of uses"), "movements"),
                (_("Applications for keys"), "orders"),
                (_("Memoranda"), "dispatches"),
                (_("Stock-takes"), "stock-takes"),
                (_("Hand-overs to third parties"), "hand-overs"),
                (_("HSMs"), "hsms"),
                (_("Keys"), "keys"),
                (_("Ceremonies"), "ceremonies"),
                (_("Storage places"), "places"),
                (_("Custodians"), "keepers"),
                (_("Deputies' envelopes"), "envelopes"),
                (_("Access to key rooms"), "visits"),
                (_("Destruction"), "destructions"),
            )
        ],
        parts=[Part(_("Carriers by body"), _counts(request.actor))],
    )
    return shown(request, page)


def _counts(actor: Actor) -> Table:
    rows = []
    for body, numbers in registers.counts(actor):
        if not numbers:
            continue
        of_kind = [sum(n for (k, _s), n in numbers.items() if k == kind) for kind in CarrierKind]
        of_status = [sum(n for (_k, s), n in numbers.items() if s == status) for status in _COUNTED]
        rows.append((body.name, *of_kind, *of_status))
    columns = [Column(_("Body"))]
    columns += [Column(kind.label, numeric=True) for kind in CarrierKind]
    columns += [Column(status.label, numeric=True) for status in _COUNTED]
    return Table(_("Carriers by body"), columns, rows, _("No carriers yet."), hide_caption=True)


def _notices(actor: Actor) -> list[Notice]:
    found = []
    for device, last, left in expiring(actor):
        told = {"device": device, "day": date_format(last), "left": left}
        if left < 0:
            text = _("The certificate of %(device)s expired on %(day)s: the gate is shut.") % told
        else:
            text = _("The certificate of %(device)s expires on %(day)s, in %(left)s days.") % told
        found.append(Notice(text, "bad" if left < 0 else "warn"))
    for key in registers.rotations(actor)[:20]:
        told = {"key": key.key.key_id, "incident": key.incident}
        found.append(Notice(_("The key %(key)s is to be replaced: incident %(incident)s.") % told, "warn"))
    return found


def waiting(actor: Actor) -> Iterator[Task]:
    """What waits for somebody who keeps keys: memoranda to count, applications, counts, returns, visits."""
    if actor.roles.isdisjoint(ROLES - {"organizations.administrator", "organizations.auditor"}):
        return
    today, own = clock.today(), actor.organization
    if actor.may("custody.dispatch.receive"):
        for memo in registers.dispatches_to_count(actor):
            url = reverse("desk:custody:dispatch", args=[memo.number])
            yield Task(
                _("Count what arrives: %(number)s") % {"number": memo.number}, url, Tag(_("To do"), "busy")
            )
        for body, last in registers.stock_takes_due(actor):
            if body == own:
                state = Tag(_("Overdue"), "warn")
                hint = _("Last: %(day)s") % {"day": f"{last:%Y-%m-%d}" if last else _("never")}
                yield Task(_("Count the carriers"), reverse("desk:custody:count"), state, hint)
    if actor.may("custody.order.refuse"):
        for order in registers.orders_to_answer(actor):
            url = reverse("desk:custody:order-page", args=[order.number])
            text = _("Application for keys: %(number)s") % {"number": order.number}
            yield Task(text, url, Tag(_("To do"), "busy"), order.organization.name)
    for each in registers.hand_overs_out(actor).filter(organization=own):
        left = (each.due_on - today).days
        state = (
            Tag(_("Overdue"), "bad") if left < 0 else Tag(_("%(days)s days left") % {"days": left}, "busy")
        )
        url = reverse("desk:custody:hand-over", args=[each.number])
        yield Task(_("Carriers at a third party: %(number)s") % {"number": each.number}, url, state)
    for device, _last, left in expiring(actor, body=own):
        url = reverse("desk:custody:hsm", args=[own.code, device.serial])
        days = Tag(_("%(days)s days left") % {"days": left}, "warn")
        yield Task(
            _("Certificate of an HSM"), url, days if left >= 0 else Tag(_("Overdue"), "bad"), str(device)
        )
    yield from _sitting(actor)
    if actor.may("custody.envelope.reseal"):
        for opening, late in keepers.openings_left_open(own):
            url = reverse("desk:custody:envelope", args=[opening.envelope.number])
            tag = Tag(_("Overdue"), "bad") if late else Tag(_("To do"), "warn")
            yield Task(_("Seal the envelope again"), url, tag, str(opening.envelope))
    if actor.may("custody.keeper.appoint") and own.kind in ISSUING:
        missing = keepers.not_appointed(own)
        if missing:
            names = ", ".join(member.number for member in missing)
            url = reverse("desk:custody:keepers")
            yield Task(_("Custodians not in the register"), url, Tag(_("To do"), "busy"), names)
    if actor.may("custody.hand-over.visit"):
        for each in registers.visits_due(actor):
            url = reverse("desk:custody:hand-over-visit", args=[each.number])
            text = _("Supervision visit: %(name)s") % {"name": each.third_party.name}
            yield Task(text, url, Tag(_("Visit due"), "warn"), each.number)


def _sitting(actor: Actor) -> Iterator[Task]:
    """A ceremony of her body that is being held, and whether it asks her."""
    held = registers.ceremonies(actor).filter(status=CeremonyStatus.SITTING)
    for each in held.filter(organization=actor.organization):
        role = role_of(script_of(each.script), actor)
        if not role and not actor.may("custody.ceremony.stop"):
            continue
        try:
            asked = state_of(each).question
            tag = Tag(_("Your turn"), "warn") if asked and asked.by == role else Tag(_("Being held"), "busy")
        except Refusal:
            tag = Tag(_("Interrupted"), "bad")
        url = reverse("desk:custody:room", args=[each.number])
        yield Task(_("Ceremony: %(title)s") % {"title": each.title}, url, tag, each.number)
