"""Entries that may be one person (重复、疑似重复人员, D-02 to D-05), and what two people made of them."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted_in_sets
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.choices import Outcome
from shebaoka.office.people.models.persons import Person

_SETTLED = """
IF TG_OP = 'DELETE' OR OLD.outcome NOT IN ('open', 'kept')
    OR (NEW.first_id, NEW.second_id, NEW.grounds, NEW.found_at)
    IS DISTINCT FROM (OLD.first_id, OLD.second_id, OLD.grounds, OLD.found_at) THEN
    RAISE EXCEPTION 'what was found and settled about two entries stays';
END IF;
RETURN NEW;
"""


class Duplicate(Record):
    """Two entries. ``first``: the older one; ``grounds``: why they are looked at (``duplicates.Ground``);
    ``agency``: of the newer one, whose people settle it."""

    first = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    region = models.CharField(max_length=6, db_index=True)
    grounds = models.JSONField()
    found_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.OPEN)
    reason = models.CharField(max_length=400, blank=True, default="")
    settled_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("first", "second", name="duplicate_once"),
            models.CheckConstraint(name="duplicate_two", condition=~Q(first=F("second"))),
            models.CheckConstraint(
                name="duplicate_settled",
                condition=Q(outcome=Outcome.OPEN, settled_at=None)
                | ~Q(outcome=Outcome.OPEN) & ~Q(settled_at=None) & ~Q(reason=""),
            ),
        ]
        triggers = [
            *noted_in_sets(),
            pgtrigger.Trigger(
                name="settled",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_SETTLED,
            ),
        ]
