"""Tables of incidents."""

from shebaoka.office.incidents.models.duty import Duty
from shebaoka.office.incidents.models.incident import Incident
from shebaoka.office.incidents.models.parts import Affected, Entry, Reader

__all__ = ("Affected", "Duty", "Entry", "Incident", "Reader")
