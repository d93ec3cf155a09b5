"""What is overdue becomes known by itself: carriers out too long (R-53), hand-overs not returned (R-30)."""

from shebaoka.office.base import clock
from shebaoka.office.custody import hooks
from shebaoka.office.custody.choices import CarrierStatus, HandOverStatus
from shebaoka.office.custody.models import HandOver, Movement
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization


@service("custody.alarms.raise")
def alarms_raise(act: Act, *, organization: Organization) -> int:
    """Opens a potential incident for each, once; how many. Repeating it does no harm."""
    act.on(organization)
    late = Movement.objects.select_for_update(of=("self",)).filter(
        organization=organization,
        in_at=None,
        alarmed_at=None,
        due_at__lt=act.time,
        carrier__status=CarrierStatus.OUT,
    )
    count = 0
    for movement in late.select_related("carrier").order_by("pk"):
        serial = movement.carrier.serial
        report = hooks.Report(
            *(act.actor, organization, "overdue-return", act.time),
            f"{serial}: {movement.due_at.astimezone(clock.CHINA):%Y-%m-%d %H:%M}",
            movement,
            potential=True,
            serials=(serial,),
        )
        hooks.open_incident(report)
        movement.alarmed_at = act.time
        movement.save(update_fields=["alarmed_at"])
        count += 1
    overdue = HandOver.objects.select_for_update(of=("self",)).filter(
        organization=organization, status=HandOverStatus.OUT, due_on__lt=clock.today(), incident=""
    )
    for hand_over in overdue.order_by("pk"):
        serials = tuple(hand_over.lines.values_list("carrier__serial", flat=True))
        what = f"{hand_over.number}: {hand_over.due_on}"
        report = hooks.Report(
            *(act.actor, organization, "overdue-return", act.time, what, hand_over),
            potential=True,
            serials=serials,
        )
        hand_over.incident = hooks.open_incident(report) or "-"
        hand_over.save(update_fields=["incident"])
        count += 1
    act.about(organization, alarms=count)
    return count
