"""The stock of pre-made cards at an outlet: counted, spoiled, handed back, always by two persons."""

import msgspec
import pytest

from office.cards.test_premade import accounts, stocked
from office.cards.world import AGENCY, BANK, CITY, CLERK, SUPERVISOR, World, card_of
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import services
from shebaoka.office.cards.models import Card, Listed, Stock, StockTake
from shebaoka.office.cards.services import PremadeCount, PremadeMove, PremadeSpoil
from shebaoka.office.cards.services.premade_stock import lying
from shebaoka.office.organizations.two_persons import check, propose


def both(world: World, act: str, payload: msgspec.Struct, checker: str = SUPERVISOR) -> None:
    """A clerk of the agency proposes, another person of it checks."""
    made = propose(world.by(AGENCY, CLERK), act, world.agency, payload)
    check(world.by(AGENCY, checker, 2), made.pk)


def counted(count: int, *missing: str, explanation: str = "") -> PremadeCount:
    return PremadeCount(AGENCY, CITY, "SSC-2", count, missing, explanation)


def test_a_count_that_agrees_is_kept(world: World) -> None:
    stocked(world, 3)
    both(world, "cards.premade.count", counted(3))
    take = StockTake.objects.get()
    assert (take.expected, take.counted, take.missing, take.explanation) == (3, 3, 0, "")
    assert take.by != take.checked_by


def test_a_missing_card_is_named_explained_and_dead_everywhere(world: World) -> None:
    cards = stocked(world, 3)
    for wrong, code in (
        (counted(2), "cards.premade-count-differs"),
        (counted(4), "cards.premade-count-differs"),
        (counted(2, cards[0].code), "cards.say-why"),
        (counted(2, "0" * 32, explanation="被盗"), "base.not-found"),
    ):
        with pytest.raises(Refusal) as refusal:
            both(world, "cards.premade.count", wrong)
        assert refusal.value.code == code
    assert not StockTake.objects.exists()
    assert lying(world.agency).count() == 3
    both(world, "cards.premade.count", counted(2, cards[0].code, explanation="被盗，已报警"))
    take = StockTake.objects.get()
    assert (take.expected, take.counted, take.missing) == (3, 2, 1)
    lost = card_of(cards[0].pk)
    assert (lost.social, lost.plastic) == ("9", "gone")
    assert Listed.objects.get().card_id == lost.pk
    assert lying(world.agency).count() == 2


def test_nobody_checks_her_own_count(world: World) -> None:
    stocked(world, 1)
    clerk = world.by(AGENCY, CLERK)
    made = propose(clerk, "cards.premade.count", world.agency, counted(1))
    with pytest.raises(Refusal):
        check(clerk, made.pk)
    assert not StockTake.objects.exists()


def test_spoiled_cards_are_kept_until_they_are_destroyed(world: World) -> None:
    given = accounts(2)
    cards = stocked(world, 2, bank=BANK, bank_cards=given)
    both(world, "cards.premade.spoil", PremadeSpoil(AGENCY, (given[0],), "划伤"))
    spoiled = card_of(cards[0].pk)
    assert (spoiled.social, spoiled.plastic) == ("6", "spoiled")
    with pytest.raises(Refusal) as refusal:
        both(world, "cards.premade.spoil", PremadeSpoil(AGENCY, (given[0],), "划伤"))
    assert refusal.value.code == "base.not-found"
    world.two("cards.card.destroy", services.Destruction(CITY, (spoiled.code,), "销毁证1"))
    assert card_of(spoiled.pk).plastic == "destroyed"
    stock = Stock.objects.get()  # a pre-made card was made of its blank, whatever becomes of it
    assert (stock.received, stock.issued, stock.spoiled, stock.stock) == (7, 2, 0, 5)


def test_cards_are_handed_back_to_their_body_and_no_other(world: World) -> None:
    cards = stocked(world, 2)
    with pytest.raises(Refusal) as refusal:
        both(world, "cards.premade.move", PremadeMove(AGENCY, "980200", (cards[0].code,), "退卡单1"))
    assert refusal.value.code == "base.not-found"
    both(world, "cards.premade.move", PremadeMove(AGENCY, CITY, (cards[0].code,), "退卡单1"))
    moved = card_of(cards[0].pk)
    assert (moved.outlet.code, moved.plastic, moved.step) == (CITY, "outlet", cards[0].step + 1)
    assert lying(world.agency).count() == lying(world.city).count() == 1


def test_a_card_of_somebody_is_no_stock(world: World) -> None:
    world.blanks()
    [card] = world.made()
    assert Card.objects.filter(plastic="outlet").count() == 1
    with pytest.raises(Refusal) as refusal:
        both(world, "cards.premade.spoil", PremadeSpoil(AGENCY, (card.code,), "划伤"))
    assert refusal.value.code == "base.not-found"
    assert card_of(card.pk).plastic == "outlet"
