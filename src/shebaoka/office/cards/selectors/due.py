"""What the daily jobs act on."""

from datetime import datetime, timedelta

from django.db.models import Max, QuerySet

from shebaoka.office.cards.models import Batch, Card, ListVersion
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.parameters.selectors import switch


def losses_to_expire(time: datetime) -> list[Card]:
    """Cards whose temporary loss report is over, where the region releases by itself."""
    due = Card.objects.filter(lost_until__lte=time, social="4").select_related("organization")
    return [card for card in due[:5000] if switch(card.organization, "cards.temporary-loss-released")]


def cards_of_the_dead() -> QuerySet[Card]:
    """Cards that are not over, of holders of whom the registry says that they died."""
    found = Card.objects.filter(person__died_on__isnull=False).exclude(social__in=("6", "9"))
    return found.select_related("organization")[:5000]


def lists_to_publish(time: datetime) -> list[Organization]:
    """Bodies whose blacklist is older than half of its age limit."""
    newest = ListVersion.objects.values("organization").annotate(at=Max("issued_at"))
    bodies = Organization.objects.in_bulk([each["organization"] for each in newest])
    found = []
    for each in newest:
        body = bodies[each["organization"]]
        if time - each["at"] > timedelta(hours=parameter(body, "cards.blacklist-hours")) / 2:
            found.append(body)
    return found


def batches_to_prepare() -> QuerySet[Batch]:
    """Approved batches that nobody prepared yet."""
    return Batch.objects.filter(status="approved", prepared_at=None)
