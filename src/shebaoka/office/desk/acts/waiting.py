"""Acts to be checked, as tasks of the start page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shebaoka.office.base.pieces import Tag, Task
from shebaoka.office.organizations import selectors
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.roles import acts

MOST = 10


def to_check(actor: Actor) -> Iterator[Task]:
    """The oldest that wait for this person's yes or no."""
    for act in selectors.acts_to_check(actor)[:MOST]:
        when = date_format(localtime(act.made_at), "SHORT_DATETIME_FORMAT")
        yield Task(
            acts()[act.act].name,
            reverse("desk:acts:act", args=[act.pk]),
            Tag(_("To check"), "busy"),
            f"{act.organization.name} · {act.maker.name} · {when}",
        )
