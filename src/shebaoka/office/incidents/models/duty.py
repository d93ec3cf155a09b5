"""A report that an incident makes a duty."""

import pgtrigger
from django.db import models
from django.db.models import Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.incidents.choices import DutyKind, Means
from shebaoka.office.incidents.models.incident import Incident
from shebaoka.office.organizations.models import Organization, Staff

_KEPT = """
IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a duty to report is never removed';
END IF;
IF (NEW.incident_id, NEW.kind, NEW.ordinal, NEW.due_at, NEW.required, NEW.addressee_id) IS DISTINCT FROM
   (OLD.incident_id, OLD.kind, OLD.ordinal, OLD.due_at, OLD.required, OLD.addressee_id) THEN
    RAISE EXCEPTION 'a duty to report keeps its content and its clock';
END IF;
IF OLD.done_at IS NOT NULL AND (NEW.done_at, NEW.done_by_id, NEW.means, NEW.told, NEW.reference)
    IS DISTINCT FROM (OLD.done_at, OLD.done_by_id, OLD.means, OLD.told, OLD.reference) THEN
    RAISE EXCEPTION 'a report that was made is never changed';
END IF;
RETURN NEW;
"""


class Duty(Record):
    """A report and its clock. ``due_at`` None: no time is set, at once all the same; ``source``: what demands
    it; ``told``: who took the report; ``received_*``: the addressee's confirmation; ``alarmed_at``: when the
    office noticed that it was late."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=20, choices=DutyKind)
    ordinal = models.PositiveSmallIntegerField(default=1)
    required = models.BooleanField()
    addressee = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=60)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    means = models.CharField(max_length=20, choices=Means, blank=True, default="")
    told = models.CharField(max_length=120, blank=True, default="")
    reference = models.CharField(max_length=120, blank=True, default="")
    text = models.TextField(blank=True, default="")
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    alarmed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("incident", "kind", "ordinal", name="incidents_duty_once"),
            models.CheckConstraint(name="incidents_duty_kind", condition=Q(kind__in=DutyKind.values)),
            models.CheckConstraint(
                name="incidents_duty_done",
                condition=Q(done_at=None, means="", told="")
                | Q(done_at__isnull=False) & ~Q(means="") & ~Q(told=""),
            ),
            models.CheckConstraint(
                name="incidents_duty_received_is_done",
                condition=Q(received_at=None, received_by=None)
                | Q(done_at__isnull=False, received_at__isnull=False, received_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="incidents_duty_open"),
        ]
        triggers = [
            noted(),
            pgtrigger.Trigger(
                name="kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_KEPT,
            ),
        ]
