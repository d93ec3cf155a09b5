"""What waits at the desk about the enquiry password."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.access import selectors
from shebaoka.office.base.pieces import Tag, Task
from shebaoka.office.organizations.actor import Actor

_SHOWN = 10


def waiting(actor: Actor) -> Iterator[Task]:
    """Identity verifications whose time limit is over, for who settles them."""
    if not actor.may("access.verification.settle"):
        return
    for case in selectors.overdue(actor)[:_SHOWN]:
        url = reverse("desk:enquiry:case", args=[case.pk])
        yield Task(case.number, url, Tag(_("Overdue"), "bad"), _("Identity verification"))
