"""Card check (卡片自检): the universality list of records, safety and key versions, on any card.

It changes nothing on the card and spends no try. A self-test, not a certificate.
"""

from shebaoka.terminal.check.model import Area, CheckReport, Finding, Outcome
from shebaoka.terminal.check.render import as_data, html, markdown
from shebaoka.terminal.check.run import check_card

__all__ = ["Area", "CheckReport", "Finding", "Outcome", "as_data", "check_card", "html", "markdown"]
