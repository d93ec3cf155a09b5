"""The writers of incidents. Other parts of the office call :func:`incident_open` when they notice one:

incident_open(actor, organization=city, kind=IncidentKind.PSAM_LOST, subject=psam, subject_name=psam.serial,
              summary="...", affected=[AffectedItem(AffectedKind.PSAM, psam.serial, psam.serial, "psams")])
"""

from shebaoka.office.incidents.services.opening import incident_open

__all__ = ("incident_open",)
