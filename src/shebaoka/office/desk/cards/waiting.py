"""What of cards waits for a person."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shebaoka.office.base.pieces import Tag, Task
from shebaoka.office.cards import selectors
from shebaoka.office.organizations.actor import Actor


def to_do(actor: Actor) -> Iterator[Task]:
    """Applications to be batched or settled, batches that stand still."""
    if not actor.may("cards.batch.form"):
        return
    open_ones = selectors.applications(actor, status="accepted").filter(making="factory").order_by()[:1000]
    if count := len(open_ones.values_list("pk")):
        text = ngettext("%(count)d application to be batched", "%(count)d applications to be batched", count)
        yield Task(text % {"count": count}, reverse("desk:cards:batch-form"), Tag(_("To do"), "busy"))
    failed = len(selectors.applications(actor, status="failed").order_by().values_list("pk")[:1000])
    if failed:
        text = ngettext("%(count)d application failed", "%(count)d applications failed", failed)
        page = f"{reverse('desk:cards:applications')}?state=failed"
        yield Task(text % {"count": failed}, page, Tag(_("To settle"), "bad"))
    for batch in selectors.batches(actor).filter(status__in=("formed", "bank-back", "paused"))[:20]:
        name = _("Batch %(number)s") % {"number": batch.number}
        state = Tag(_("Stands still"), "warn" if batch.trouble else "busy")
        yield Task(name, reverse("desk:cards:batch", args=[batch.number]), state, batch.trouble)
