"""What waits for a card is written while it lies in a reader: record by record, each under its key.

Whether the chip holds a record is read from the chip, before and after: a card that was pulled is simply
served again, and news that got lost on the way to the register comes the next time."""

from collections.abc import Sequence
from dataclasses import dataclass

from shebaoka.codec.items import ItemError
from shebaoka.office.cards.chip.changes import RecordChange, records
from shebaoka.office.cards.chip.sessions import session_with
from shebaoka.office.cards.choices import Task
from shebaoka.office.cards.models import Card, Update
from shebaoka.office.cards.services.updating import Done, updates_record
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.people.card_items import card_items
from shebaoka.personalization.convert import CellError
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.terminal import blocking
from shebaoka.terminal.errors import DataError, NoCardError, TerminalError
from shebaoka.terminal.keys import KeySource
from shebaoka.terminal.session import Session
from shebaoka.terminal.updating import update, written


@dataclass(frozen=True, slots=True)
class Contact:
    """What a contact came to: records written now, updates still open, and the first trouble."""

    written: int
    open: int
    trouble: str = ""


def sync(actor: Actor, card: Card, reader: Reader, keys: KeySource | None = None) -> Contact:
    """Writes everything that waits for the card in the reader; what was done is recorded whatever happens
    then. Blocks come last. Raises Refusal as :func:`session_with`."""
    if not card.updates.filter(status="waiting").exists():
        return Contact(0, 0)
    done: list[Done] = []
    try:
        with session_with(card, reader, keys) as session:
            # asked while the card is here: another reader may have had it a moment ago
            waiting = list(card.updates.filter(status="waiting").order_by("queued_at", "pk"))
            _items(session, card, [each for each in waiting if each.task == Task.ITEM], done)
            _blocks(session, [each for each in waiting if each.task != Task.ITEM], done)
    finally:
        if done:
            updates_record(actor, card=card.pk, done=done)
    good = sum(1 for each in done if not each.trouble)
    trouble = next((each.trouble for each in done if each.trouble), "")
    return Contact(good, card.updates.filter(status="waiting").count(), trouble)


def _items(session: Session, card: Card, waiting: Sequence[Update], done: list[Done]) -> None:
    registry = card_items(card.person) if card.person is not None else {}
    by_place = {each.place: each for each in waiting}
    values = {place: each.value for place, each in by_place.items()}
    for place, own in by_place.items():
        try:
            found = records(session.layout, [place], registry, values)
            for record in found.values():
                _write(session, record)
        except NoCardError:
            raise
        except (PersonalizationError, CellError, ItemError, DataError, ValueError) as error:
            final = not isinstance(error, TerminalError) or isinstance(error, DataError)
            done.append(Done(own.pk, str(error), final=final))
        except (TerminalError, ReaderError, OSError) as error:
            done.append(Done(own.pk, str(error)))
        else:
            done.append(Done(own.pk))


def _write(session: Session, record: RecordChange) -> None:
    change = record.change()
    if written(session, [change]) == [True]:
        return
    update(session, [change])
    if written(session, [change]) != [True]:
        raise DataError("value-does-not-fit", place=record.place.text, reason="reads back otherwise")


def _blocks(session: Session, waiting: Sequence[Update], done: list[Done]) -> None:
    for each in sorted(waiting, key=lambda one: one.task == Task.BLOCK_CARD):
        try:
            if each.task == Task.BLOCK_CARD:
                blocking.block_card(session)
            else:
                blocking.block_application(session, each.place)
        except NoCardError:
            raise
        except TerminalError as error:
            done.append(Done(each.pk, str(error)))
        else:
            done.append(Done(each.pk))
