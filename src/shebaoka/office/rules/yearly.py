"""The readers of yearly audits and restore tests, and what is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max, QuerySet

from shebaoka.office.base import clock
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number
from shebaoka.office.rules.choices import DrillResult, Yearly
from shebaoka.office.rules.models import KeyAudit, RestoreTest
from shebaoka.office.rules.months import after_months
from shebaoka.office.rules.selectors import ValidDocuments, bodies

_MONTHS = {Yearly.AUDIT: "custody.audit-months", Yearly.RESTORE: "custody.restore-test-months"}


@dataclass(frozen=True, slots=True)
class Due:
    """When a body did one of them last and has to again; ``by`` None: at once, it never did."""

    what: Yearly
    last: date | None
    by: date | None
    overdue: bool


def dues(bodies: Iterable[Organization], day: date | None = None) -> dict[UUID, tuple[Due, ...]]:
    """For each body the audit and the restore test (R-54, R-64). One that failed does not count."""
    day, bodies = day or clock.today(), list(bodies)
    audits = KeyAudit.objects.filter(organization__in=bodies, held_on__lte=day)
    tests = RestoreTest.objects.filter(organization__in=bodies, held_on__lte=day)
    last = {
        Yearly.AUDIT: _last(audits),
        Yearly.RESTORE: _last(tests.exclude(result=DrillResult.FAILED)),
    }
    return {
        body.pk: tuple(_due(body, what, last[what].get(body.pk), day) for what in Yearly) for body in bodies
    }


def bodies_lacking(actor: Actor, day: date | None = None) -> list[ValidDocuments]:
    """The bodies of the actor's area that lack a valid document or a drill, or whose audit or restore test is
    overdue."""
    found = bodies(actor, day)
    due = dues([each.organization for each in found], day)
    return [each for each in found if each.lacking or any(late.overdue for late in due[each.organization.pk])]


def audits(actor: Actor, organization: Organization) -> QuerySet[KeyAudit]:
    """Audits of a body in the actor's area, the latest first."""
    found = KeyAudit.objects.filter(organization__path__startswith=actor.organization.path)
    found = found.filter(organization=organization).select_related("organization", "member", "recorded_by")
    return found.order_by("-held_on", "-recorded_at")


def restore_tests(actor: Actor, organization: Organization) -> QuerySet[RestoreTest]:
    """Restore tests of a body in the actor's area, the latest first."""
    found = RestoreTest.objects.filter(organization__path__startswith=actor.organization.path)
    found = found.filter(organization=organization).select_related("organization", "done_by", "witness")
    return found.order_by("-held_on", "-recorded_at")


def _last(found: QuerySet[KeyAudit] | QuerySet[RestoreTest]) -> dict[UUID, date]:
    return dict(found.values_list("organization").annotate(last=Max("held_on")))


def _due(body: Organization, what: Yearly, last: date | None, day: date) -> Due:
    by = after_months(last, number(body, _MONTHS[what], day)) if last else None
    return Due(what, last, by, by is None or day >= by)
