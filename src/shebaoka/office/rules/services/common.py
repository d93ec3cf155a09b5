"""What the services of rules share."""

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.organizations.models import Organization

LONGEST_TEXT = 60_000
_LONGEST_LINE = 400


def own_body(act: Act, organization: Organization) -> Organization:
    """The body, its row locked against another draft at the same time. Raises Refusal."""
    body = Organization.objects.select_for_update(of=("self",), no_key=True).filter(pk=organization.pk).get()
    act.on(body)
    if body.kind not in ISSUING or body.closed_on is not None:
        raise Refusal("rules.no-rules-here", name=body.name)
    return body


def line(text: str) -> str:
    """A text of one line, tidied. Raises Refusal ``rules.unfit-line``."""
    text = " ".join(text.split())
    if not 0 < len(text) <= _LONGEST_LINE:
        raise Refusal("rules.unfit-line", longest=_LONGEST_LINE)
    return text


def explained(passed: bool, findings: str, measures: str) -> tuple[str, str]:
    """What was found and what is done about it. Raises Refusal ``rules.findings`` when something did not
    simply pass and they are not said."""
    findings, measures = findings.strip()[:LONGEST_TEXT], measures.strip()[:LONGEST_TEXT]
    if not passed and not (findings and measures):
        raise Refusal("rules.findings")
    return findings, measures
