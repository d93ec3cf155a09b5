"""What waits at the desk about the enquiry password."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.access import selectors
from shebaoka.office.base.pieces import Tag, Task
from shebaoka.office.organizations.actor import Actor

_SHOWN = 10


def waiting(actor: Actor) -> Iterator[Task]:
    """Identity verifications whose time limit is over, leak cases without a decision, and what holders ask,
    for who settles them."""
    if actor.may("access.verification.settle"):
        for case in selectors.overdue(actor)[:_SHOWN]:
            url = reverse("desk:enquiry:case", args=[case.pk])
            yield Task(case.number, url, Tag(_("Overdue"), "bad"), _("Identity verification"))
    if actor.may("access.leak.decide"):
        for leak in selectors.leaks(actor).filter(decided_at=None)[:_SHOWN]:
            url = reverse("desk:enquiry:leak", args=[leak.number])
            yield Task(leak.number, url, Tag(_("Not decided yet"), "busy"), _("Leak case"))
    if actor.may("access.correction.answer"):
        for asked in selectors.correction_requests(actor).filter(answered_at=None)[:_SHOWN]:
            url = reverse("desk:enquiry:correction", args=[asked.pk])
            state = Tag(asked.get_state_display(), "busy")
            yield Task(_("Request for correction"), url, state, f"{asked.asked_at:%Y-%m-%d}")
