"""The same with real processes: kill -9 of the worker, or of its connections by the database, at any time."""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from office.cards.test_killed import CARDS, check, worked
from office.cards.world import World, made, workshop
from office.conftest import NOW
from office.country import found
from shebaoka.office.cards import services
from shebaoka.office.cards.models import Batch, Card
from shebaoka.office.cards.services import Approval

LONG = os.environ.get("SHEBAOKA_LONG")
pytestmark = [
    pytest.mark.skipif(not LONG, reason="long: SHEBAOKA_LONG=1"),
    pytest.mark.django_db(transaction=True),
]
ROUNDS = 12
_END = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def forked(work: Callable[[], None]) -> int:
    """A child that works with connections of its own; its process number."""
    connection.close()
    if getattr(connection, "pool", None) is not None:
        connection.close_pool()  # type: ignore[attr-defined]
    child = os.fork()
    if child:
        return child
    try:
        work()
    finally:
        os._exit(0)


def kill_worker(child: int) -> None:
    os.kill(child, signal.SIGKILL)


def kill_connections(child: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_END)


@pytest.mark.parametrize("kill", [kill_worker, kill_connections])
def test_killed_again_and_again(tmp_path: Path, kill: Callable[[int], None]) -> None:
    country = found(NOW.date().replace(month=1, day=1), NOW, NOW + timedelta(days=30))
    with workshop(tmp_path):
        world = made(country, NOW, NOW + timedelta(days=30))
        world.blanks()
        batch = _approved(world)
        for turn in range(ROUNDS):
            child = forked(lambda: worked(batch))
            time.sleep(0.05 + 0.11 * turn)
            kill(child)
            os.waitpid(child, 0)
            assert Card.objects.filter(batch=batch).count() in (0, CARDS)
        again = Batch.objects.get(pk=batch.pk)
        if again.status == "paused":  # the job told that the database went away
            services.batch_resume(world.issuing, batch=batch.pk)
        worked(again)
        check(batch, 0, None)


def _approved(world: World) -> Batch:
    batch = world.formed(CARDS)
    world.two("cards.batch.approve", Approval(batch.pk, True))
    return batch
