"""A program that makes a batch of cards, and goes on with it each time it is told that the database is back.

Reads a line for every try; says ``ready``, then ``down`` or ``made`` for each, and ``holds`` when the cards,
the stock and the files agree. The argument is a folder to make cards in."""

import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shebaoka.office.server.prepare import setup

CARDS = 12
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def main() -> None:
    setup()
    from django.db import DatabaseError

    from office.cards import test_killed
    from office.cards.world import made, workshop
    from office.country import found
    from shebaoka.office.base import clock
    from shebaoka.office.cards.models import Batch
    from shebaoka.office.cards.production import run
    from shebaoka.office.cards.services import Approval, batch_resume
    from shebaoka.personalization.supply import ImageSupply

    test_killed.CARDS, run.RECORDED_AT_ONCE = CARDS, 1
    finished: Counter[int] = Counter()
    finish = ImageSupply.finish

    def counted(self: ImageSupply, card, reader) -> None:  # type: ignore[no-untyped-def]
        finish(self, card, reader)
        finished[card.serial] += 1

    ImageSupply.finish = counted  # type: ignore[method-assign]
    with clock.at(NOW), workshop(Path(sys.argv[1])):
        ends = NOW + timedelta(days=1)
        world = made(found(NOW.date().replace(month=1, day=1), NOW, ends), NOW, ends)
        world.blanks()
        batch = world.formed(CARDS)
        world.two("cards.batch.approve", Approval(batch.pk, True))
        print("ready", flush=True)
        for _line in sys.stdin:
            reconnect()
            try:
                if Batch.objects.get(pk=batch.pk).status == "paused":  # the job told of its trouble
                    batch_resume(world.issuing, batch=batch.pk)
                test_killed.worked(batch)
            except DatabaseError:
                print("down", flush=True)
                continue
            if Batch.objects.get(pk=batch.pk).status == "made":
                print("made", flush=True)
                break
            print("down", flush=True)
        test_killed.check(batch, 0, finished)
        print("holds", flush=True)


def reconnect() -> None:
    """With connections of a database that was started again."""
    from django.db import connection

    connection.close()
    if getattr(connection, "pool", None) is not None:
        connection.close_pool()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
