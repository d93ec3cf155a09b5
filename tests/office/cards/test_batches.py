"""From an application to cards in stock."""

import pytest

from office.cards.world import BANK, World
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Application, Card, Stock


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == f"cards.{code}")


def test_an_application_becomes_a_card(world: World) -> None:
    world.blanks(5)
    batch = world.prepared(3)
    assert batch.prepared_at is not None
    assert batch.cards.filter(plastic="ordered", social="0").count() == 3
    cards = world.make(batch)
    batch.refresh_from_db()
    assert batch.status == "delivered"
    assert {card.plastic for card in cards} == {"outlet"}
    assert {each.status for each in Application.objects.all()} == {"ready"}
    stock = Stock.objects.get()
    assert (stock.received, stock.issued, stock.spoiled, stock.stock) == (5, 3, 0, 2)
    assert len({card.code for card in cards} | {card.number for card in cards}) == 6


def test_an_application_needs_a_bank_here_where_cards_have_one(world: World) -> None:
    world.rule("cards.financial", True)
    with refused("no-bank"):
        world.applied(bank="")
    assert not Card.objects.exists()
    assert world.applied(bank=BANK).bank == world.bank
