"""A change of a person at any moment of the making of her card reaches the chip."""

from collections.abc import Callable
from typing import Any

import pytest

from office.cards.world import World, card_of
from shebaoka.office.cards.chip.comparing import compare
from shebaoka.office.cards.chip.syncing import sync
from shebaoka.office.cards.models import Application, Batch
from shebaoka.office.cards.production import listing, run
from shebaoka.office.cards.services import Approval
from shebaoka.office.people.services import Contact, person_update_contact

PHONE = "DF01.EF06.28"


def moved(world: World, phone: str) -> None:
    person_update_contact(world.clerk, person=world.people[0].pk, contact=Contact(phone=phone))


@pytest.mark.parametrize(("owner", "name"), [(run, "prepare_batch"), (run, "cards_register")])
def test_a_change_between_list_and_register_waits_for_the_chip(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
) -> None:
    world.blanks()
    batch = world.formed(2)
    moved(world, "13900000001")  # listed with it: nothing more to do
    function: Callable[..., Any] = getattr(owner, name)

    def changed_first(*args: Any, **values: Any) -> Any:
        moved(world, "13900000002")
        return function(*args, **values)

    monkeypatch.setattr(owner, name, changed_first)
    cards = world.make(world.prepare(batch))
    waiting = [(each.place, each.value) for card in cards for each in card.updates.filter(status="waiting")]
    assert waiting == [(PHONE, "13900000002")]
    assert not any(Application.objects.values_list("changed", flat=True))
    mine = card_of(next(card.pk for card in cards if card.person_id == world.people[0].pk))
    sync(world.clerk, mine, world.reader(mine))
    assert all(line.same for line in compare(mine, world.reader(mine)))


def test_a_list_written_again_has_the_changes_before_it(world: World) -> None:
    """The worker was killed after the list: it is written anew, with what changed since."""
    batch = world.formed(1)
    world.two("cards.batch.approve", Approval(batch.pk, True))
    batch = Batch.objects.get(pk=batch.pk)
    listing.write_list(batch)
    moved(world, "13900000003")
    assert Application.objects.get().changed == [PHONE]
    run.prepare(batch.pk)
    assert Application.objects.get().changed == []
    assert not batch.cards.get().updates.exists()
