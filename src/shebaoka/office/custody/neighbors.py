"""What custody has to do with the parts below it: rules in force, incidents, approval to issue."""

from datetime import date

from shebaoka.office.approval.selectors import may_receive
from shebaoka.office.approval.services import keys_received
from shebaoka.office.custody.hooks import Report
from shebaoka.office.incidents.choices import AffectedKind, IncidentKind
from shebaoka.office.incidents.hooks import AffectedItem
from shebaoka.office.incidents.services import incident_open
from shebaoka.office.organizations.actor import Actor, system
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.office.rules.selectors import valid_documents


def lacking_rules(body: Organization, day: date) -> list[str]:
    """Documents and acknowledgments without which a body receives no carrier (M47 art. 24). What comes back
    to the ministry is taken in any case."""
    if body.kind == Kind.MINISTRY:
        return []
    lacking = valid_documents(body, day).lacking
    return [f"{each.kind.label}: {each.why.label}" for each in lacking if each.blocks and each.kind]


def tell_incidents(report: Report) -> str:
    """Opens the incident and gives its number."""
    kind = AffectedKind.HSM if report.kind == "hsm-lost" else AffectedKind.CARRIER
    return incident_open(
        report.actor,
        organization=report.organization,
        kind=IncidentKind(report.kind),
        summary=report.what,
        discovered_at=report.found_at,
        subject=report.subject,
        subject_name=", ".join(report.serials)[:200],
        potential=report.potential,
        affected=[AffectedItem(kind, serial, serial, "custody") for serial in report.serials],
    ).number


def approved(body: Organization) -> bool:
    """A region that was approved applies for keys (P20 art. 2); a province also when a city below it was,
    which gets its keys from there."""
    if may_receive(body):
        return True
    below = Organization.objects.filter(parent=body, kind=Kind.CITY, closed_on=None)
    return body.kind == Kind.PROVINCE and any(may_receive(city) for city in below)


def tell_approval(actor: Actor, body: Organization, memorandum: str) -> None:
    """The region's keys are there (P20 step 2)."""
    if may_receive(body):
        keys_received(system(body, actor.channel), organization=body, document=memorandum)
