"""An incident."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.incidents.choices import RUNNING, IncidentKind, IncidentState, Level, Secrecy
from shebaoka.office.organizations.models import Organization

_KEPT = """
IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an incident is never removed';
END IF;
IF (NEW.organization_id, NEW.number, NEW.opened_at, NEW.discovered_at, NEW.summary, NEW.reporter)
    IS DISTINCT FROM
   (OLD.organization_id, OLD.number, OLD.opened_at, OLD.discovered_at, OLD.summary, OLD.reporter) THEN
    RAISE EXCEPTION 'incident % keeps what it was opened with', OLD.number;
END IF;
IF OLD.state IN ('closed', 'dismissed') THEN
    RAISE EXCEPTION 'incident % has ended', OLD.number;
END IF;
IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
    (('potential', 'open'), ('potential', 'dismissed'), ('open', 'closed')) THEN
    RAISE EXCEPTION 'an incident does not go from % to %', OLD.state, NEW.state;
END IF;
IF NEW.state = 'closed' AND OLD.state <> 'closed' THEN
    IF EXISTS (SELECT 1 FROM incidents_duty WHERE incident_id = NEW.id AND required AND done_at IS NULL) THEN
        RAISE EXCEPTION 'incident % has a report that was not made', NEW.number;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM incidents_entry WHERE incident_id = NEW.id
        AND kind IN ('containment', 'decision', 'rotation', 'recovery')) THEN
        RAISE EXCEPTION 'incident % was not handled', NEW.number;
    END IF;
END IF;
RETURN NEW;
"""


class Incident(Record):
    """A security incident (安全事件, M47 art. 26, R-40) of a body.

    ``discovered_at`` is when its clocks begin; ``secrecy`` of what it is about, ``leaked``: a state secret
    has leaked or may have; ``subject``: the row it is about (``psams.psam:id``); ``reporter``: staff number
    of who reported it, or ``system``; ``once``: what tells further reports of the same thing."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="incidents")
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=30, choices=IncidentKind)
    level = models.PositiveSmallIntegerField(choices=Level)
    secrecy = models.PositiveSmallIntegerField(choices=Secrecy, default=Secrecy.NONE)
    leaked = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=IncidentState)
    summary = models.TextField()
    subject = models.CharField(max_length=120, blank=True, default="")
    subject_name = models.CharField(max_length=200, blank=True, default="")
    reporter = models.CharField(max_length=40)
    happened_at = models.DateTimeField(null=True)
    discovered_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    cause = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    once = models.CharField(max_length=120, blank=True, default="")
    reports = models.PositiveIntegerField(default=1)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="incidents_incident_kind", condition=Q(kind__in=IncidentKind.values)),
            models.CheckConstraint(name="incidents_incident_level", condition=Q(level__in=Level.values)),
            models.CheckConstraint(
                name="incidents_incident_secrecy", condition=Q(secrecy__in=Secrecy.values)
            ),
            models.CheckConstraint(
                name="incidents_incident_leak_of_a_secret",
                condition=Q(leaked=False) | ~Q(secrecy=Secrecy.NONE),
            ),
            models.CheckConstraint(
                name="incidents_incident_ended",
                condition=Q(state__in=RUNNING, ended_at=None)
                | ~Q(state__in=RUNNING) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="incidents_incident_closed_with_cause",
                condition=~Q(state=IncidentState.CLOSED) | ~Q(cause=""),
            ),
            models.CheckConstraint(
                name="incidents_incident_times", condition=Q(opened_at__gte=F("discovered_at"))
            ),
            models.UniqueConstraint(
                "organization",
                "kind",
                "once",
                condition=Q(state__in=RUNNING) & ~Q(once=""),
                name="incidents_incident_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "opened_at"], name="incidents_incident_state"),
            models.Index(fields=["subject"], name="incidents_incident_subject"),
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

    def __str__(self) -> str:
        return self.number

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.state in RUNNING

    @property
    def secret(self) -> bool:
        """Whether only those see it who need to know."""
        return self.secrecy != Secrecy.NONE
