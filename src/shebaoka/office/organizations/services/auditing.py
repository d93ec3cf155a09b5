"""What auditors do with the chains of their area: take them away in a file, have them verified."""

from shebaoka.journal.export import Report
from shebaoka.office.audit.inspection import verify_database
from shebaoka.office.audit.selectors import chain_states
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization

VERIFY, EXPORT = "organizations.audit.verify", "organizations.audit.export"
MOST = 200_000
"""Rows that are verified while somebody waits; more are left to the night and to the command."""


@service(EXPORT)
def audit_export(act: Act) -> list[str]:
    """Notes that the chains of the actor's area are taken away in a file; gives their codes. Whoever writes
    the file does it afterwards, so that the note is in it."""
    codes = _area(act)
    act.about(act.organization, chains=len(codes))
    return codes


@service(VERIFY)
def audit_verify(act: Act) -> Report:
    """Follows every chain of the actor's area and all checkpoints; the result stands in her chain. Raises
    Refusal ``organizations.audit-too-long``."""
    codes = _area(act)
    rows = sum(chain.rows for chain in chain_states(codes))
    if rows > MOST:
        raise Refusal("organizations.audit-too-long", rows=rows, most=MOST)
    report = verify_database(codes)
    findings = [str(each) for each in report.findings[:20]]
    act.about(act.organization, rows=report.rows, checkpoints=report.checkpoints, findings=findings)
    return report


def _area(act: Act) -> list[str]:
    within = Organization.objects.filter(path__startswith=act.actor.organization.path)
    return sorted(within.values_list("code", flat=True))
