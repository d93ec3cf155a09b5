"""Chip and registry agree: what waits is written when the card is in a reader; PIN, blocks, comparing."""

from contextlib import suppress

import pytest

from office.cards.world import World, card_of
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import services
from shebaoka.office.cards.chip.comparing import compare
from shebaoka.office.cards.chip.pins import serve_pin
from shebaoka.office.cards.chip.sessions import card_in
from shebaoka.office.cards.chip.syncing import sync
from shebaoka.office.cards.choices import Proof, Task
from shebaoka.office.cards.models import Card, Update
from shebaoka.office.cards.services import PinService
from shebaoka.office.people.services import Contact, person_update_contact

ID = Proof.IDENTITY
PHONE, ADDRESS = "DF01.EF06.28", "DF01.EF06.23"


@pytest.fixture
def card(world: World) -> Card:
    world.blanks()
    return card_of(world.active()[0].pk)


def differing(world: World, card: Card) -> list[str]:
    return [line.place for line in compare(card, world.reader(card)) if not line.same]


def test_a_new_card_says_what_the_registry_says(world: World, card: Card) -> None:
    lines = compare(card, world.reader(card))
    assert len(lines) >= 5
    assert [line.place for line in lines if not line.same] == []
    assert card_in(world.reader(card)).pk == card.pk


def test_a_change_waits_for_the_chip_and_is_written_once(world: World, card: Card) -> None:
    assert card.person is not None
    contact = Contact(phone="13900000000", address="示例甲市一号街2号")
    person_update_contact(world.clerk, person=card.person.pk, contact=contact)
    assert {each.place for each in card.updates.all()} >= {PHONE, ADDRESS}
    card = card_of(card.pk)
    assert set(differing(world, card)) == {PHONE, ADDRESS}
    found = sync(world.clerk, card, world.reader(card))
    assert (found.written, found.open, found.trouble) == (2, 0, "")
    assert differing(world, card) == []
    assert sync(world.clerk, card, world.reader(card)).written == 0


def test_a_newer_value_takes_the_place_of_a_waiting_one(world: World, card: Card) -> None:
    for phone in ("13900000001", "13900000002", "13900000002"):
        services.updates_queue(world.clerk, card=card.pk, items={PHONE: phone}, why="测试")
    assert [each.status for each in card.updates.order_by("queued_at", "pk")] == ["superseded", "waiting"]


@pytest.mark.parametrize("write", range(1, 6))
def test_a_card_pulled_at_any_write_is_served_again(world: World, card: Card, write: int) -> None:
    services.updates_queue(
        world.clerk, card=card.pk, items={PHONE: "13911112222", ADDRESS: "新址"}, why="测试"
    )
    reader = world.reader(card)
    torn = _Torn(reader, write)
    with suppress(Refusal):
        sync(world.clerk, card, torn)
    sync(world.clerk, card, world.reader(card))
    assert set(card.updates.values_list("status", flat=True)) == {"written"}
    assert Update.objects.count() == 2


def test_what_no_card_can_hold_is_refused_before_it_waits(world: World, card: Card) -> None:
    for place, value in (
        (PHONE, "1" * 99),
        ("SSSE.EF05.07", "A00000011"),
        ("DF99.EF01.01", "x"),
        (PHONE, "😀"),
    ):
        with pytest.raises(Refusal) as refusal:
            services.updates_queue(world.clerk, card=card.pk, items={place: value}, why="测试")
        assert refusal.value.code == "cards.update-unfit"
    assert not Update.objects.exists()


def test_another_card_in_the_reader_is_not_written(world: World, card: Card) -> None:
    other = card_of(world.active()[0].pk)
    services.updates_queue(world.clerk, card=card.pk, items={PHONE: "13911112222"}, why="测试")
    with pytest.raises(Refusal) as refusal:
        sync(world.clerk, card, world.reader(other))
    assert refusal.value.code == "cards.other-card"
    assert card.updates.get().status == "waiting"


def test_the_pin_is_set_changed_and_reset_at_the_counter(world: World, card: Card) -> None:
    reader = world.reader(card)
    serve_pin(world.clerk, card, PinService.CHANGE, reader, proof=ID, new="135790", again="135790")
    with pytest.raises(Refusal) as refusal:
        serve_pin(
            world.clerk, card, PinService.CHANGE, reader, proof=ID, old="000000", new="246802", again="246802"
        )
    assert refusal.value.code == "cards.pin"
    assert "135790" not in str(refusal.value)
    with pytest.raises(Refusal) as refusal:
        serve_pin(world.clerk, card, PinService.RESET, reader, proof=Proof.AGENT, new="1", again="1")
    assert refusal.value.code == "cards.proof"
    serve_pin(world.clerk, card, PinService.UNBLOCK, reader, proof=ID)
    serve_pin(world.clerk, card, PinService.RESET, reader, proof=ID, new="246802", again="246802")
    assert list(card.events.filter(why__startswith="PIN").values_list("why", flat=True)) == [
        "PIN change",
        "PIN unblock",
        "PIN reset",
    ]


def test_a_block_is_done_when_the_card_next_appears(world: World, card: Card) -> None:
    services.block_queue(world.clerk, card=card.pk, task=Task.BLOCK_CARD, why="法院通知")
    assert sync(world.clerk, card, world.reader(card)).written == 1
    with pytest.raises(Refusal) as refusal:
        compare(card, world.reader(card))
    assert refusal.value.code == "cards.chip"


class _Torn:
    """The power goes at the n-th write."""

    def __init__(self, reader: object, write: int) -> None:
        self._reader = reader
        self._left = write

    def reset(self) -> bytes:
        return self._reader.reset()  # type: ignore[attr-defined, no-any-return]

    def transmit(self, apdu: bytes) -> bytes:
        if apdu[1] in (0xDC, 0xD6, 0x82):
            self._left -= 1
            if self._left == 0:
                self._reader.controls.tear(1)  # type: ignore[attr-defined]
        return self._reader.transmit(apdu)  # type: ignore[attr-defined, no-any-return]

    def close(self) -> None:
        self._reader.close()  # type: ignore[attr-defined]
