"""What the writers of cards share: locking, visibility, counters, steps of a card's life."""

from typing import Any
from uuid import UUID

from django.db.models import F, Q

from shebaoka.domain.card_states import IllegalMoveError, machine
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Application, Batch, Card, Event, Product, Series
from shebaoka.office.cards.neighbors import tell_base, tell_holder
from shebaoka.office.cards.words import state_words
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.models import Person

MACHINES = ("social", "bank", "plastic")
COLUMN_OF = {move.act: key for key in MACHINES for move in machine(key).moves}
"""Which state an act of a card's life changes."""


def next_number(key: str) -> int:
    """The next number of a counter, from 1; others wait until this transaction ends."""
    Series.objects.get_or_create(key=key)
    found = Series.objects.select_for_update(no_key=True).get(key=key)
    found.last += 1
    found.save(update_fields=["last"])
    return found.last


def organization_of(code: str) -> Organization:
    """An open organization. Raises Refusal ``base.not-found``."""
    found = Organization.objects.filter(code=code, closed_on=None).first()
    if found is None:
        raise Refusal("base.not-found", what=code)
    return found


def person_locked(act: Act, pk: UUID) -> Person:
    """A person, locked before her cards, whom the actor's area or one of her cards' outlets reaches. Raises
    Refusal ``base.not-found``."""
    found = (
        Person.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agency")
        .filter(pk=pk)
        .first()
    )
    if found is None or found.merged_into_id is not None:
        raise Refusal("base.not-found", what="person")
    return found


def card_locked(act: Act, pk: UUID) -> Card:
    """A card of the actor's area with its person, both locked; the act stands in the chain of the nearest
    organization of hers. Raises Refusal ``base.not-found``."""
    holder = Card.objects.filter(pk=pk).values_list("person", flat=True).first()
    if holder is not None:
        Person.objects.select_for_update(no_key=True).get(pk=holder)
    found = (
        Card.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization", "outlet", "person__agency", "product", "bank_body")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Refusal("base.not-found", what="card")
    own = act.actor.organization
    places = [found.organization, found.outlet, *([found.person.agency] if found.person else [])]
    if found.bank_body is not None:
        places.append(found.bank_body)
    near = next((place for place in places if own.contains(place)), None)
    if near is None:
        raise Refusal("base.not-found", what="card")
    act.on(near)
    return found


def within(actor_path: str) -> Q:
    """Cards that an organization with that path sees: its own, its persons', its outlet's, its bank's."""
    return (
        Q(organization__path__startswith=actor_path)
        | Q(outlet__path__startswith=actor_path)
        | Q(person__agency__path__startswith=actor_path)
        | Q(bank_body__path__startswith=actor_path)
    )


def step(
    act: Act, card: Card, *names: str, proof: str = "", why: str = "", back_to: str = "", **columns: Any
) -> Card:
    """One step of a card's life: the moves ``names``, in order, further ``columns``, and its line in the
    history. Raises Refusal ``cards.not-now`` for a move that does not follow; then nothing has changed."""
    changed = {"step", *columns}
    for name in names:
        column = COLUMN_OF[name]
        try:
            setattr(card, column, machine(column).after(name, getattr(card, column), back_to))
        except IllegalMoveError as error:
            raise Refusal(
                "cards.not-now", number=card.number, state=state_words(column, error.state)
            ) from error
        changed.add(column)
    for column, value in columns.items():
        setattr(card, column, value)
    card.step += 1
    card.save(update_fields=sorted(changed))
    Event.objects.create(**_line(act, card, names, proof, why))
    tell_holder(card, names)
    if any(COLUMN_OF[name] == "social" for name in names) or "hand-out" in names:
        tell_base(act, card)
    return card


def begun(act: Act, card: Card, name: str = "order") -> Event:
    """The first line of a new card's history, not saved."""
    card.step = 1
    return Event(**_line(act, card, (name,), "", ""))


def _line(act: Act, card: Card, names: tuple[str, ...], proof: str, why: str) -> dict[str, Any]:
    return {
        "card": card,
        "step": card.step,
        "act": "+".join(names)[:40],
        "social": card.social,
        "bank": card.bank,
        "plastic": card.plastic,
        "at": act.time,
        "channel": act.actor.channel.value,
        "proof": proof,
        "why": why[:200],
        "body": act.organization,
        "by": act.actor.staff,
    }


def application_moves(application: Application, name: str, why: str = "") -> Application:
    """Another state of an application, saved. Raises Refusal ``cards.application-not-now``."""
    try:
        application.status = machine("application").after(name, application.status)
    except IllegalMoveError as error:
        state = state_words("application", error.state)
        raise Refusal("cards.application-not-now", number=application.number, state=state) from error
    application.why = why[:200]
    application.save(update_fields=["status", "why"])
    return application


def batch_moves(batch: Batch, name: str, **columns: Any) -> Batch:
    """Another state of a batch, saved. Raises Refusal ``cards.batch-not-now``."""
    try:
        batch.status = machine("batch").after(name, batch.status)
    except IllegalMoveError as error:
        state = state_words("batch", error.state)
        raise Refusal("cards.batch-not-now", number=batch.number, state=state) from error
    for column, value in columns.items():
        setattr(batch, column, value)
    batch.save(update_fields=["status", *columns])
    return batch


def batch_locked(act: Act, pk: UUID) -> Batch:
    """A batch of the actor's area, locked. Raises Refusal ``base.not-found``."""
    found = (
        Batch.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization", "product", "outlet", "bank")
        .filter(pk=pk)
        .first()
    )
    if found is None or not act.actor.organization.contains(found.organization):
        raise Refusal("base.not-found", what="batch")
    act.on(found.organization)
    return found


def product_of(organization: Organization, code: str) -> Product:
    """A product in use. Raises Refusal ``cards.no-product``."""
    found = Product.objects.filter(organization=organization, code=code, closed_on=None).first()
    if found is None:
        raise Refusal("cards.no-product", product=code)
    return found


def live_card(person: Person) -> Card | None:
    """The card a person has in her hands and that is not over."""
    held = Card.objects.select_for_update(of=("self",), no_key=True).filter(person=person, kind="full")
    found = held.filter(plastic__in=("held", "gone")).exclude(social__in=("6", "9"))
    return found.select_related("organization", "outlet", "product").first()


def tries_more(model: Any, pk: UUID) -> None:
    """Counts a try of an update."""
    model.objects.filter(pk=pk).update(tries=F("tries") + 1)


def words(text: str, most: int = 200) -> str:
    """A text that must say something. Raises Refusal ``cards.say-why``."""
    tidy = " ".join(text.split())[:most]
    if not tidy:
        raise Refusal("cards.say-why")
    return tidy
