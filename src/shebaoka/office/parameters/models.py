"""What bodies of the three levels decided, and the rules they published. Both are only added to."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.records import Record, noted
from shebaoka.office.organizations.models import Organization


def _final(what: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="final",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"RAISE EXCEPTION '{what} is never changed or removed';",
    )


class Setting(Record):
    """A body's own value of a parameter from a day on, until the next of that body and key. ``value`` None:
    from then on what the level above says. Of two for the same day the higher ``revision`` counts."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="settings")
    key = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    since = models.DateField(_("in force from"))
    revision = models.PositiveSmallIntegerField()
    source = models.CharField(_("source"), max_length=1)
    place = models.CharField(_("document"), max_length=200)
    made_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                "organization", "key", "since", "revision", name="parameters_setting_once"
            ),
            models.CheckConstraint(name="parameters_setting_source", condition=Q(source__in="LSKPD")),
            models.CheckConstraint(name="parameters_setting_place", condition=~Q(place="")),
        ]
        triggers = [noted(), _final("a setting")]


class Publication(Record):
    """A version of a body's application management rules (应用管理规程, M47 art. 16, R-20).

    ``values``: the parameters its text was made from; ``content``: title and chapters; ``digest``: SHA-256 of
    both in canonical form. In force on a day: the highest version of the latest ``since`` up to it."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="publications")
    version = models.PositiveIntegerField()
    since = models.DateField(_("in force from"))
    values = models.JSONField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("organization", "version", name="parameters_publication_once"),
        ]
        indexes = [
            models.Index(fields=["organization", "since", "version"], name="parameters_publication_day")
        ]
        triggers = [noted(), _final("a publication")]
