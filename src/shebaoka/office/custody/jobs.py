"""Background work of custody."""

from contextlib import suppress

from django.conf import settings
from django.db.models import Q

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.jobs import job
from shebaoka.office.custody.choices import CarrierStatus, CeremonyStatus, HandOverStatus
from shebaoka.office.custody.gate import FOLDER, write_authorizations
from shebaoka.office.custody.models import Ceremony
from shebaoka.office.custody.services import alarms_raise, ceremony_settle
from shebaoka.office.organizations.actor import system
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.models import Organization


@job("custody.alarms", cron="*/10 * * * *")
def alarms() -> None:
    """Every ten minutes: what is overdue, body by body; a body without is left alone."""
    late = Q(
        movements__in_at=None,
        movements__alarmed_at=None,
        movements__due_at__lt=clock.now(),
        movements__carrier__status=CarrierStatus.OUT,
    )
    overdue = Q(
        hand_overs__status=HandOverStatus.OUT,
        hand_overs__due_on__lt=clock.today(),
        hand_overs__incident="",
    )
    for body in Organization.objects.filter(late | overdue).distinct().order_by("path"):
        alarms_raise(system(body), organization=body)


@job("custody.ceremonies", cron="*/10 * * * *")
def ceremonies() -> None:
    """Every ten minutes: ceremonies at the desk whose room is done, or whose process was killed, get their
    end; one that is going on, is on another machine, or needs its vault's passphrase is left alone."""
    sitting = Ceremony.objects.filter(status=CeremonyStatus.SITTING).select_related("organization")
    for found in sitting.order_by("opened_at"):
        with suppress(Refusal):
            ceremony_settle(found, channel=Channel.JOB)


@job("custody.authorizations", cron="*/10 * * * *")
def authorizations() -> None:
    """Every ten minutes: the authorizations the gate of the vaults reads, as the register has them now."""
    write_authorizations(settings.CONFIGURATION.path / FOLDER)
