"""What waits for custodians, leaders and security officers; documents in the content of acts."""

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.pieces import Link, Tag, Task
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.rules import selectors, yearly

_ANSWERABLE = frozenset({"organizations.leader", "organizations.security-officer"})


def tasks(actor: Actor) -> Iterator[Task]:
    """Documents for her to acknowledge; for who answers for the body, that it lacks something."""
    for each in selectors.to_acknowledge(actor):
        page = reverse("desk:rules:document", args=[each.pk])
        yield Task(_("Acknowledge rules"), page, Tag(_("To read"), "busy"), str(each))
    if actor.organization.kind in ISSUING and not _ANSWERABLE.isdisjoint(actor.roles):
        state = selectors.valid_documents(actor.organization)
        if state.lacking:
            page = reverse("desk:rules:body", args=[actor.organization.code])
            tag = Tag(_("To do"), "warn") if state.complete else Tag(_("No carriers"), "bad")
            names = [str(each.kind.label if each.kind else _("Drill")) for each in state.lacking]
            yield Task(_("Rules, plans and drills"), page, tag, ", ".join(dict.fromkeys(names)))
        for due in yearly.dues([actor.organization])[actor.organization.pk]:
            if due.overdue:
                page = reverse("desk:rules:body", args=[actor.organization.code])
                last = _("Last: %(day)s") % {"day": due.last or _("never")}
                yield Task(due.what.label, page, Tag(_("Overdue"), "warn"), last)


def document(actor: Actor, id: str) -> object:
    """A document by its name, with its page."""
    try:
        found = selectors.document(actor, UUID(id))
    except (Refusal, ValueError):
        return id
    return Link(str(found), reverse("desk:rules:document", args=[found.pk]))
