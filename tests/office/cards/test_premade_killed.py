"""A batch of pre-made cards whose worker is killed: no card lost, none doubled, each account on one card."""

import shutil

import pytest
from django.db import connection, transaction

from office.cards.test_killed import STRIDE, Killed, Killer, worked
from office.cards.test_premade import accounts, formed
from office.cards.world import BANK, World
from shebaoka.office.approval.models import Use
from shebaoka.office.cards.models import Batch, Card, Stock
from shebaoka.office.cards.production import listing, run
from shebaoka.office.cards.services import Approval

GIVEN = accounts(2)


def test_killed_at_every_point(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.blanks()
    batch = formed(world, 2, bank=BANK, bank_cards=GIVEN)
    world.two("cards.batch.approve", Approval(batch.pk, True))
    killer = Killer(monkeypatch)
    monkeypatch.setattr(run, "RECORDED_AT_ONCE", 1)
    stride, killed = 1 if STRIDE == 1 else 3 * STRIDE, 0
    for n in range(1, 200, stride):
        killer.at, killer.n = 0, n
        killer.finished.clear()
        with transaction.atomic():
            try:
                worked(batch)
                ended = True
            except Killed:
                killed, ended, killer.n = killed + 1, False, 0
                worked(batch)
            assert Batch.objects.get().status == "made", n
            cards = list(Card.objects.order_by("serial"))
            assert [(card.plastic, card.person, card.bank_card) for card in cards] == [
                ("made", None, each) for each in GIVEN
            ], n
            stock = Stock.objects.get()
            assert (stock.received, stock.issued, stock.stock) == (20, 2, 18), n
            assert Use.objects.get().quantity == 2, n
            assert killer.finished == {card.serial: 1 for card in cards}, n
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
        shutil.rmtree(listing.folder_of(batch))
        if ended:
            break
    assert killed > 30 // stride
