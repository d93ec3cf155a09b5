"""What of PSAMs waits for a person."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base import clock
from shebaoka.office.base.pieces import Tag, Task
from shebaoka.office.desk.psams.common import address
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.psams import selectors

_BODIES = (Kind.MINISTRY, Kind.PROVINCE, Kind.CITY)


def to_do(actor: Actor) -> Iterator[Task]:
    """Signatures, recalls; at a body what is due there."""
    for issue in selectors.to_accept(actor):
        text = _("Sign for PSAM %(serial)s") % {"serial": issue.psam.serial}
        yield Task(text, reverse("desk:psams:accept", args=[issue.psam.serial]), Tag(_("To do"), "busy"))
    if actor.staff is not None and selectors.keeps_unreached(actor.staff):
        text = _("Give your telephone and identity document as keeper of PSAMs")
        yield Task(text, reverse("desk:psams:contact"), Tag(_("To do"), "busy"))
    if not (actor.may("psams.psam.freeze") or actor.may("psams.order.decide")):
        return
    lines = selectors.recalls(actor)
    overdue = lines.filter(recall__due__lt=clock.today()).count()
    if total := lines.count():
        tag = (
            Tag(_("%(number)s overdue") % {"number": overdue}, "bad")
            if overdue
            else Tag(_("Not done yet"), "busy")
        )
        text = _("PSAMs to be handed in: %(number)s") % {"number": total}
        yield Task(text, reverse("desk:psams:recalls"), tag)
    if actor.organization.kind in _BODIES:
        yield from _at_body(actor)


def _at_body(actor: Actor) -> Iterator[Task]:
    due = selectors.due(actor.organization)
    busy, bad = Tag(_("Due"), "warn"), Tag(_("Due"), "bad")
    if due.decisions and actor.may("psams.order.decide"):
        text = _("Applications for PSAMs: %(number)s") % {"number": due.decisions}
        yield Task(text, reverse("desk:psams:orders"), busy)
    for loss in due.reports:
        text = _("Written report about PSAM %(serial)s") % {"serial": loss.psam.serial}
        yield Task(text, reverse("desk:psams:write", args=[loss.psam.serial]), bad)
    if actor.may("psams.inspection.record"):
        for issue in due.inspections[:5]:
            text = _("Inspect PSAM %(serial)s") % {"serial": issue.psam.serial}
            yield Task(text, address(issue.psam.serial), busy)
    for unit in due.counts[:5]:
        text = _("Count of PSAMs at %(name)s") % {"name": unit.name}
        yield Task(text, reverse("desk:psams:counts"), busy)
    if due.destroy:
        text = _("PSAMs waiting for destruction: %(number)s") % {"number": due.waiting}
        yield Task(text, reverse("desk:psams:destructions"), busy)
