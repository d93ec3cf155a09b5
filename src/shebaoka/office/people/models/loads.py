"""Lists that were imported, their rows' reports, and what waits for the national base."""

import pgtrigger
from django.db import models
from django.db.models import Q

from shebaoka.office.approval.models.moves import final
from shebaoka.office.base.records import Record, noted_in_sets
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.choices import LoadState, Source
from shebaoka.office.people.models.persons import Person


class Load(Record):
    """A list of people. ``sha256``: of the file; ``taken``, ``known``, ``refused``: its rows in the end."""

    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=8, choices=Source)
    state = models.CharField(max_length=8, choices=LoadState, default=LoadState.WAITING)
    taken = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        db_table = "people_load"


class LoadRow(models.Model):
    """A row of a list that was not taken, or was taken with a remark. ``code``, ``column``, ``detail``: the
    problem, without the cell's text."""

    id = models.BigAutoField(primary_key=True)
    load = models.ForeignKey(Load, on_delete=models.PROTECT, related_name="rows")
    row = models.PositiveIntegerField()
    taken = models.BooleanField()
    code = models.CharField(max_length=60)
    column = models.CharField(max_length=60, blank=True, default="")
    detail = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "people_load_row"
        triggers = [*noted_in_sets(), final("the report of a row")]


class Change(models.Model):
    """What the national base has not heard yet (D-08): of a person, or of everybody in a load. ``next_at``:
    when it is tried; ``sent_at``: when the base took it; ``error``: why not the last time."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    load = models.ForeignKey(Load, null=True, on_delete=models.PROTECT, related_name="+")
    region = models.CharField(max_length=6)
    act = models.CharField(max_length=60)
    at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        db_table = "people_change"
        constraints = [
            models.CheckConstraint(
                name="people_change_of",
                condition=Q(person=None) & ~Q(load=None) | ~Q(person=None) & Q(load=None),
            )
        ]
        indexes = [models.Index(fields=["next_at"], name="people_change_due", condition=Q(sent_at=None))]
        triggers = [
            *noted_in_sets(),
            pgtrigger.Trigger(
                name="kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="RAISE EXCEPTION 'a change stays on record';",
            ),
        ]


class Difference(Record):
    """Where the registry and the national base differ on a day. ``kind``: ``reconciling.Kind``;
    ``explanation``: how it was explained or mended; ``reason``: what the person who settled it found."""

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=18, default="")
    region = models.CharField(max_length=6, db_index=True)
    kind = models.CharField(max_length=20)
    fields = models.JSONField(default=list)
    found_on = models.DateField()
    resolved_at = models.DateTimeField(null=True)
    explanation = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=400, blank=True, default="")

    class Meta(Record.Meta):
        db_table = "people_difference"
        indexes = [
            models.Index(fields=["region"], name="people_difference_open", condition=Q(resolved_at=None))
        ]
