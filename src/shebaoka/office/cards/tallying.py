"""Tallies of cards made anew; see :mod:`shebaoka.office.cards.selectors.dashboard`."""

from django.db import transaction

from shebaoka.office.base import clock
from shebaoka.office.cards.models import Card, Tally
from shebaoka.office.cards.selectors.dashboard import counted


def tally() -> int:
    """Counts all cards once and puts the result in the place of the last one; the number of lines."""
    now = clock.now()
    lines = [
        Tally(
            organization_id=each["organization"],
            outlet_id=each["outlet"],
            social=each["social"],
            plastic=each["plastic"],
            age=each["age"],
            count=each["count"],
            at=now,
        )
        for each in counted(Card.objects.all(), now, "organization", "outlet")
    ]
    with transaction.atomic():
        Tally.objects.all().delete()
        Tally.objects.bulk_create(lines, batch_size=2000)
    return len(lines)
