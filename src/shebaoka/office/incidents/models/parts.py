"""The log of an incident, what it affects, and who needs to know."""

import pgtrigger
from django.db import models
from django.db.models import Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.incidents.choices import AffectedKind, EntryKind
from shebaoka.office.incidents.models.incident import Incident
from shebaoka.office.organizations.models import Staff


def _final(what: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="final",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"RAISE EXCEPTION '{what} is never changed or removed';",
    )


class Entry(Record):
    """A line of the log: what was done or found, when, by whom. ``by`` None: the office itself."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20, choices=EntryKind)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="incidents_entry_kind", condition=Q(kind__in=EntryKind.values)),
            models.CheckConstraint(name="incidents_entry_text", condition=~Q(text="")),
        ]
        indexes = [models.Index(fields=["incident", "at"], name="incidents_entry_at")]
        triggers = [noted(), _final("an entry of the log")]


class Affected(Record):
    """Something the incident touches: computed by a higher part of the office, or written by a person.

    ``reference``: its number in its register; ``source``: the part of the office, or empty."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="affected")
    kind = models.CharField(max_length=10, choices=AffectedKind)
    reference = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=20, blank=True, default="")
    added_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("incident", "kind", "reference", name="incidents_affected_once"),
            models.CheckConstraint(name="incidents_affected_kind", condition=Q(kind__in=AffectedKind.values)),
        ]
        triggers = [noted(), _final("what an incident affects")]


class Reader(Record):
    """Somebody who needs to know of a secret incident, and why."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="readers")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="incidents_to_know")
    because = models.CharField(max_length=400)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                "incident", "staff", condition=Q(removed_at=None), name="incidents_reader_once"
            ),
        ]
