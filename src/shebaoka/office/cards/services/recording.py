"""What making has come to, in the register: each card once, whatever was killed (R-16)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.cards.choices import Movement
from shebaoka.office.cards.models import Application, Batch, Card, Event, Place
from shebaoka.office.cards.neighbors import follow_person
from shebaoka.office.cards.services.common import batch_locked, batch_moves
from shebaoka.office.cards.services.register_sets import Numbered, produced, registered
from shebaoka.office.cards.services.stock import blanks_move
from shebaoka.office.organizations.acts import Act, service

_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Ended:
    """How a card ended: its serial, whether it was made, versions of its keys or the reason."""

    serial: int
    made: bool
    on: date
    text: str


@service("cards.batch.register")
def cards_register(
    act: Act, *, batch: UUID, cards: Sequence[Numbered], issued: date, valid_until: date
) -> int:
    """Prepared cards come into the register; those that stand there already are left alone. The number of
    new ones."""
    found = batch_locked(act, batch)
    new, changed = registered(act, found, cards, issued, valid_until)
    late = list(Application.objects.filter(pk__in=changed).select_related("person"))
    produced(found)
    for each in late:
        follow_person(act, each.person, each.changed)
    act.about(found, number=found.number, cards=new)
    return new


def changes_listed(batch: Batch) -> None:
    """The list that is written after this has the changes of persons that were kept until now; a change that
    is not through yet is kept after it."""
    with writing("cards.batch.list"):
        listed = Application.objects.filter(places__batch=batch, places__ended=False)
        Application.objects.filter(pk__in=listed.values("pk")).exclude(changed=[]).update(changed=[])


@service("cards.batch.prepared")
def batch_prepared(act: Act, *, batch: UUID, refused: Mapping[int, str]) -> Batch:
    """All good rows are in the register; the applications of ``refused`` rows fail with the reason, and go
    into another batch when it is settled."""
    found = batch_locked(act, batch)
    places = Place.objects.select_for_update(of=("self",), no_key=True).filter(
        batch=found, row__in=refused, ended=False
    )
    failed = 0
    for place in places.select_related("application"):
        place.ended = True
        place.save(update_fields=["ended"])
        Application.objects.filter(pk=place.application_id, status="batched").update(
            status="failed", why=refused[place.row][:200]
        )
        failed += 1
    if found.prepared_at is None:
        found.prepared_at = act.time
        found.save(update_fields=["prepared_at"])
    act.about(found, number=found.number, refused=failed)
    return found


@service("cards.batch.record")
def cards_record(act: Act, *, batch: UUID, ended: Sequence[Ended]) -> int:
    """Cards that were made, or not, with the blanks they took. A card that was recorded before is left
    alone, so that the same news twice counts once. The number of cards recorded now."""
    found = batch_locked(act, batch)
    made, spoiled = record(act, found, ended)
    act.about(found, number=found.number, made=made, spoiled=spoiled)
    return made + spoiled


def record(act: Act, found: Batch, ended: Sequence[Ended]) -> tuple[int, int]:
    """The same within another act: cards made and spoiled now."""
    news = {each.serial: each for each in ended}
    cards = list(
        Card.objects.select_for_update(of=("self",), no_key=True).filter(
            batch=found, serial__in=news, plastic="ordered"
        )
    )
    lines, made, spoiled = [], 0, 0
    for card in cards:
        each = news[card.serial]
        card.step += 1
        if each.made:
            card.plastic, card.made_at, card.key_versions = "made", act.time, each.text[:12]
            made += 1
        else:
            card.plastic, card.social = "spoiled", "6"
            spoiled += 1
        lines.append(_line(act, card, "make" if each.made else "spoil+void", "" if each.made else each.text))
    Card.objects.bulk_update(
        cards, ["step", "plastic", "made_at", "key_versions", "social"], batch_size=_AT_ONCE
    )
    Event.objects.bulk_create(lines, batch_size=_AT_ONCE)
    _applications(cards, news)
    blanks_move(act, found.organization, found.product, Movement.ISSUED, made, batch=found)
    blanks_move(act, found.organization, found.product, Movement.SPOILED, spoiled, batch=found)
    return made, spoiled


@service("cards.batch.finish")
def batch_finish(act: Act, *, batch: UUID) -> Batch:
    """Every card of the batch was made or is spoiled. Raises Refusal ``cards.batch-not-now`` otherwise."""
    found = batch_locked(act, batch)
    if found.cards.filter(plastic="ordered").exists():
        raise Refusal("cards.batch-open", number=found.number)
    batch_moves(found, "finish" if found.status == "producing" else "import-site", ended_at=act.time)
    act.about(found, number=found.number)
    return found


@service("cards.batch.trouble")
def batch_trouble(act: Act, *, batch: UUID, what: str) -> Batch:
    """The job could not go on; it is resumed by hand when what stands in its way is settled."""
    found = batch_locked(act, batch)
    found.trouble = what[:300]
    found.save(update_fields=["trouble"])
    if found.status == "producing":
        batch_moves(found, "pause")
    act.about(found, number=found.number)
    return found


def cards_step(act: Act, cards: QuerySet[Card], columns: dict[str, Any], name: str, why: str = "") -> int:
    """The same step for many cards, with a line in the history of each."""
    found = list(cards.select_for_update(of=("self",), no_key=True).order_by("pk"))
    lines = []
    for card in found:
        card.step += 1
        for column, value in columns.items():
            setattr(card, column, value)
        lines.append(_line(act, card, name, why))
    Card.objects.bulk_update(found, ["step", *columns], batch_size=_AT_ONCE)
    Event.objects.bulk_create(lines, batch_size=_AT_ONCE)
    return len(found)


def _line(act: Act, card: Card, name: str, why: str) -> Event:
    return Event(
        card=card,
        step=card.step,
        act=name,
        social=card.social,
        bank=card.bank,
        plastic=card.plastic,
        at=act.time,
        channel=act.actor.channel.value,
        why=why[:200],
        body=act.organization,
        by=act.actor.staff,
    )


def _applications(cards: Iterable[Card], news: Mapping[int, Ended]) -> None:
    made = [card.application_id for card in cards if news[card.serial].made and card.application_id]
    Application.objects.filter(pk__in=made, status="producing").update(status="ready")
    failed = [card for card in cards if not news[card.serial].made and card.application_id]
    for card in failed:
        Application.objects.filter(cards=card, status="producing").update(
            status="failed", why=news[card.serial].text[:200]
        )
    Place.objects.filter(application_id__in=[card.application_id for card in failed]).update(ended=True)
