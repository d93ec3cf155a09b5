"""A batch whose worker is killed at any point: no card lost, none doubled, none keyed twice."""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from office.cards.world import World
from shebaoka.office.cards import services
from shebaoka.office.cards.models import Application, Batch, Card, Event, Movement, Stock
from shebaoka.office.cards.production import listing, run
from shebaoka.office.cards.production.numbers import DatabaseNumbers
from shebaoka.office.cards.services import Approval
from shebaoka.office.organizations.actor import system
from shebaoka.personalization.journal import Appender
from shebaoka.personalization.load import Loader
from shebaoka.personalization.supply import ImageSupply

POINTS = (
    (listing, "write_list"),
    (run, "prepare_batch"),
    (run, "cards_register"),
    (run, "batch_prepared"),
    (run, "cards_record"),
    (run, "batch_finish"),
    (DatabaseNumbers, "reserve"),
    (Appender, "append"),
    (Appender, "append_all"),
    (Loader, "load"),
    (ImageSupply, "finish"),
)
CARDS = 2
STRIDE = 1 if os.environ.get("SHEBAOKA_LONG") else 5


class Killed(BaseException):
    """As a kill: nothing below may catch it."""


class Killer:
    """Kills at the n-th beginning or end of any of the points; ``at`` counts them, ``finished`` how often
    each card got its keys for good, by serial."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.at, self.n = 0, 0
        self.finished: Counter[int] = Counter()
        for owner, name in POINTS:
            patch.setattr(owner, name, self._wrapped(getattr(owner, name)))

    def _wrapped(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **values: Any) -> Any:
            self._point()
            result = function(*args, **values)
            if function.__name__ == "finish":
                self.finished[args[1].serial] += 1
            self._point()
            return result

        return call

    def _point(self) -> None:
        self.at += 1
        if self.at == self.n:
            raise Killed


def worked(batch: Batch) -> None:
    """What a worker does, from the approval to the end."""
    run.prepare(batch.pk)
    if Batch.objects.get(pk=batch.pk).status == "approved":
        services.batch_start(system(batch.organization), batch=batch.pk)
    run.make(batch.pk)


def test_killed_at_every_point(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.blanks()
    batch = world.formed(CARDS)
    world.two("cards.batch.approve", Approval(batch.pk, True))
    killer = Killer(monkeypatch)
    monkeypatch.setattr(run, "RECORDED_AT_ONCE", 1)
    killed = 0
    for n in range(1, 200, STRIDE):
        killer.at, killer.n = 0, n
        killer.finished.clear()
        with transaction.atomic():
            try:
                worked(batch)
                ended = True
            except Killed:
                killed, ended = killed + 1, False
                killer.n = 0
                worked(batch)
            check(batch, n, killer.finished)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
        shutil.rmtree(listing.folder_of(batch))
        if ended:
            break
    assert killed > 30 // STRIDE


def check(batch: Batch, n: int, finished: Counter[int] | None) -> None:
    """Everything is as if nobody had been killed."""
    found = Batch.objects.get(pk=batch.pk)
    assert found.status == "made", n
    cards = list(Card.objects.filter(batch=batch))
    assert [card.plastic for card in cards] == ["made"] * CARDS, n
    assert len({card.person_id for card in cards}) == CARDS, n
    assert set(Application.objects.values_list("status", flat=True)) == {"ready"}, n
    stock = Stock.objects.get()
    assert (stock.received, stock.issued, stock.spoiled, stock.stock) == (20, CARDS, 0, 20 - CARDS), n
    assert sum(each.quantity for each in Movement.objects.filter(kind="issued")) == CARDS, n
    assert Event.objects.filter(card__in=cards, act="make").count() == CARDS, n
    directory = listing.directory_of(batch)
    images = {path.stem for path in (directory / "cards").iterdir()}
    assert images == {f"{card.serial:08d}" for card in cards}, n
    assert finished is None or finished == {card.serial: 1 for card in cards}, n
    assert not listing.list_path(batch).exists(), n
