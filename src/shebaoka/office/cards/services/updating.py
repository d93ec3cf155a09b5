"""What waits for a card's chip, and what a contact with the chip came to (chip and registry agree)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shebaoka.codec.items import ItemError, compile_record
from shebaoka.domain.card_states import machine
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.choices import Task
from shebaoka.office.cards.models import Card, Update
from shebaoka.office.cards.services.common import card_locked, step
from shebaoka.office.cards.services.products import making_of
from shebaoka.office.organizations.acts import Act, service
from shebaoka.personalization.convert import CellError, converter
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.mapping import ASSIGNED, NAME
from shebaoka.personalization.targets import parse_target
from shebaoka.spec.layouts import card_layout

BLOCKS = {Task.BLOCK_APPLICATION: "SSSE", Task.BLOCK_CARD: "MF"}


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an update at a contact: ``trouble`` empty when the chip holds it now; ``final``: it
    never will."""

    update: UUID
    trouble: str = ""
    final: bool = False


@service("cards.update.queue")
def updates_queue(act: Act, *, card: UUID, items: Mapping[str, str], why: str) -> list[Update]:
    """Items that the card gets at its next contact. Raises Refusal ``cards.update-unfit``."""
    found = card_locked(act, card)
    made = queue(act, found, items, why)
    act.about(found, places=sorted(items))
    return made


@service("cards.update.queue-block")
def block_queue(act: Act, *, card: UUID, task: Task, why: str) -> Update:
    """The application, or the card, is blocked on the chip when it next appears in a reader."""
    found = card_locked(act, card)
    made = _replace(act, found, task, BLOCKS[task], "", why)
    act.about(found, task=task.value)
    return made


@service("cards.update.record")
def updates_record(act: Act, *, card: UUID, done: Sequence[Done]) -> int:
    """What a contact came to; an update that ended before is left alone. The number of items written."""
    found = card_locked(act, card)
    waiting = {
        each.pk: each for each in found.updates.select_for_update(no_key=True).filter(status="waiting")
    }
    written = 0
    for each in done:
        update = waiting.get(each.update)
        if update is None:
            continue
        update.tries += 1
        update.trouble = each.trouble[:200]
        if not each.trouble or each.final:
            name = "give-up" if each.trouble else "write"
            update.status = machine("update").after(name, update.status)
            update.ended_at = act.time
            written += not each.trouble
        update.save(update_fields=["tries", "trouble", "status", "ended_at"])
        if update.task == Task.BLOCK_APPLICATION and update.status == "written" and found.social == "1":
            step(act, found, "lock", why="chip")
    act.about(found, written=written, open=len(waiting) - written)
    return written


def queue(act: Act, card: Card, items: Mapping[str, str], why: str) -> list[Update]:
    """The same within another act; a newer value takes the place of one that still waits."""
    made = []
    for place, value in items.items():
        check_item(card, place, value)
        made.append(_replace(act, card, Task.ITEM, place, value, why))
    return made


def note_exchange(act: Act, card: Card, places: Sequence[str]) -> None:
    """What stands on the face of the card as well is not written over: the card is exchanged. Shown with the
    card until then."""
    for place in places:
        Update.objects.create(
            card=card,
            task=Task.ITEM,
            place=place,
            why="exchange",
            status="impossible",
            trouble="exchange",
            queued_at=act.time,
            queued_by=act.actor.staff,
            ended_at=act.time,
        )


def check_item(card: Card, place: str, value: str) -> None:
    """Raises Refusal ``cards.update-unfit`` for a place the card does not have or a value it cannot hold."""
    layout = card_layout(making_of(card.product).layout, annex=making_of(card.product).annex)
    try:
        if place in ASSIGNED:
            raise PersonalizationError("the issuer's own item")
        target = parse_target(layout, "SSSE.EF06.09" if place == NAME else place)
        if target.part is None and place != NAME and value and target.place.number:
            compile_record(target.item)(converter(target.item)(value))
    except (PersonalizationError, CellError, ItemError) as error:
        raise Refusal("cards.update-unfit", place=place, why=str(error)) from error


def _replace(act: Act, card: Card, task: Task, place: str, value: str, why: str) -> Update:
    before = card.updates.select_for_update(no_key=True).filter(place=place, status="waiting").first()
    if before is not None:
        if before.value == value and before.task == task:
            return before
        before.status, before.ended_at = "superseded", act.time
        before.save(update_fields=["status", "ended_at"])
    return Update.objects.create(
        card=card,
        task=task,
        place=place,
        value=value,
        why=why[:80],
        queued_at=act.time,
        queued_by=act.actor.staff,
    )
