"""The writers of incidents. Other parts of the office call :func:`incident_open` when they notice one:

lost = AffectedItem(AffectedKind.PSAM, psam.serial, psam.serial, "psams")
incident_open(actor, organization=city, kind=IncidentKind.PSAM_LOST, summary="...",
              subject=psam, subject_name=psam.serial, affected=[lost])
"""

from shebaoka.office.incidents.services.closing import Closing, incident_close, what_is_missing
from shebaoka.office.incidents.services.grading import (
    Dismissal,
    SecrecyLowered,
    incident_confirm,
    incident_dismiss,
    incident_grade,
    secrecy_lower,
    secrecy_raise,
)
from shebaoka.office.incidents.services.handling import (
    affected_add,
    affected_refresh,
    cause_set,
    entry_add,
    rotation_start,
)
from shebaoka.office.incidents.services.knowing import reader_add, reader_remove, secret_read
from shebaoka.office.incidents.services.opening import incident_open
from shebaoka.office.incidents.services.reporting import duty_alarm, duty_done, duty_receive

__all__ = (
    "Closing",
    "Dismissal",
    "SecrecyLowered",
    "affected_add",
    "affected_refresh",
    "cause_set",
    "duty_alarm",
    "duty_done",
    "duty_receive",
    "entry_add",
    "incident_close",
    "incident_confirm",
    "incident_dismiss",
    "incident_grade",
    "incident_open",
    "reader_add",
    "reader_remove",
    "rotation_start",
    "secrecy_lower",
    "secrecy_raise",
    "secret_read",
    "what_is_missing",
)
