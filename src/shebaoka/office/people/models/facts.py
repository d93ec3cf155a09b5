"""What the registry says of a person beside her identity, subject by subject, with source and date."""

import pgtrigger
from django.db import models
from django.db.models import Q

from shebaoka.office.base.records import Record, noted_in_sets
from shebaoka.office.organizations.models import Staff
from shebaoka.office.people.choices import Source
from shebaoka.office.people.models.persons import Person

_ENDS = """
IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
    OR to_jsonb(NEW) - 'ended_at' IS DISTINCT FROM to_jsonb(OLD) - 'ended_at' THEN
    RAISE EXCEPTION 'what was known of a person stays; a later entry takes its place';
END IF;
RETURN NEW;
"""


class Fact(Record):
    """An entry of a subject (``subjects.toml``): household, status, a degree, a job. ``place``: which of
    several, from 1; ``values``: field -> text, as the card writes it (codes, yyyymmdd, fen); ``source`` and
    ``body``: who says so; ``since``: from which day it is so; ``ended_at``: when a later entry took over."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="facts")
    subject = models.CharField(max_length=30)
    place = models.PositiveSmallIntegerField(default=1)
    values = models.JSONField()
    source = models.CharField(max_length=8, choices=Source)
    body = models.CharField(max_length=120, blank=True, default="")
    since = models.DateField()
    noted_at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                "person", "subject", "place", condition=Q(ended_at=None), name="people_fact_one_now"
            ),
        ]
        indexes = [models.Index(fields=["person", "subject"], name="people_fact_of")]
        triggers = [
            *noted_in_sets(),
            pgtrigger.Trigger(
                name="ends",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_ENDS,
            ),
        ]
