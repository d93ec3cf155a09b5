"""Test cards: the one thing a region makes while it may not issue (R-06, R-10; M47 art. 12)."""

import pytest

from office.cards.world import AGENCY, CITY, World
from shebaoka.office.approval.choices import State
from shebaoka.office.approval.models import Region, Use
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.cards import services
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Application, Batch, Card, Stock
from shebaoka.office.cards.production import run
from shebaoka.reader.base import Reader


def formed(world: World, quantity: int = 2) -> Batch:
    return services.batch_form_test(
        world.issuing, organization=CITY, product="SSC-2", outlet=AGENCY, site="01", quantity=quantity
    )


def test_test_cards_are_made_while_a_change_waits(world: World) -> None:
    world.blanks(5)
    with writing("tests.state"):
        Region.objects.update(state=State.CHANGE_PENDING)
    cards = world.make(world.prepare(formed(world)))
    assert [(card.kind, card.person, card.plastic, card.social) for card in cards] == [
        ("test", None, "outlet", "0")
    ] * 2
    stock = Stock.objects.get()
    assert (stock.received, stock.issued, stock.stock) == (5, 2, 3)
    assert not Application.objects.exists()
    assert not Use.objects.exists()
    reader: Reader = world.reader(cards[0])
    reader.reset()
    with pytest.raises(Refusal) as refusal:
        services.card_hand_out(world.clerk, card=cards[0].pk, proof=Proof.IDENTITY)
    assert refusal.value.code == "cards.nobodys"


def test_no_other_batch_is_approved_then(world: World) -> None:
    batch = world.formed(1)
    with writing("tests.state"):
        Region.objects.update(state=State.CHANGE_PENDING)
    with pytest.raises(Refusal) as refusal:
        world.prepare(batch)
    assert refusal.value.code == "approval.not-issuing"
    run.prepare(batch.pk)
    assert not Card.objects.exists()


@pytest.mark.parametrize("quantity", [0, -1, 501])
def test_a_batch_of_test_cards_is_small(world: World, quantity: int) -> None:
    with pytest.raises(Refusal) as refusal:
        formed(world, quantity)
    assert refusal.value.code == "cards.test-quantity"
    assert not Batch.objects.exists()
