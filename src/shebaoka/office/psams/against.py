"""What of PSAMs stands against closing an organization or letting a member of staff go."""

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.psams.choices import Status
from shebaoka.office.psams.models import Issue, Psam

_ENDED = (Status.DESTROYED, Status.WRITTEN_OFF)


def keeps_psams(staff: Staff) -> None:
    """Raises Refusal ``psams.keeps`` while she is keeper of a PSAM: she hands it on or in first."""
    kept = Issue.objects.filter(keeper=staff, ended_at=None).exclude(psam__status__in=_ENDED)
    first = kept.select_related("psam").first()
    if first is not None:
        raise Refusal("psams.keeps", number=staff.number, serial=first.psam.serial)


def unit_holds_psams(unit: Organization) -> None:
    """Raises Refusal ``psams.holds`` while the unit holds a PSAM, or the body answers for one (R-37)."""
    held = Psam.objects.filter(owner=unit) | Psam.objects.filter(issues__unit=unit, issues__ended_at=None)
    first = held.exclude(status__in=_ENDED).first()
    if first is not None:
        raise Refusal("psams.holds", name=unit.name, serial=first.serial)
