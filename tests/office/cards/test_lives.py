"""Random lives of several people's cards: whatever is asked in whatever order, what must hold holds.

One life after the other here; in the long check several workers at once, in transactions of their own."""

import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection, connections

from office.cards.world import World, card_of, made, workshop
from office.conftest import NOW
from office.country import found
from shebaoka.domain.card_states import machine
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import jobs, services
from shebaoka.office.cards.chip.comparing import compare
from shebaoka.office.cards.chip.syncing import sync
from shebaoka.office.cards.choices import ApplicationKind, Making, Proof, Reason
from shebaoka.office.cards.models import Application, Card, Event, Movement, Stock
from shebaoka.office.cards.production.instant import issue_instantly
from shebaoka.office.cards.services import Ground
from shebaoka.office.cards.services.blacklist import blacklist
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import Contact, person_update_contact

LONG = bool(os.environ.get("SHEBAOKA_LONG"))
STEPS = 400 if LONG else 50
ID = Proof.IDENTITY


class Life:
    """Random acts on random people and cards. Refusals are answers like any other."""

    def __init__(self, world: World, people: list[Person], seed: int) -> None:
        self.world, self.people = world, people
        self.random = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.acts: dict[str, Callable[[], object]] = {
            "apply": self._apply,
            "issue": self._issue,
            "hand-out": self._hand_out,
            "activate": lambda: services.card_activate(self._clerk, card=self._card().pk, proof=ID),
            "lose": lambda: services.loss_temporary(self._clerk, card=self._card().pk, proof=ID),
            "lose-formally": lambda: services.loss_formal(
                self._clerk, card=self._card().pk, proof=ID, why="遗失"
            ),
            "release": lambda: services.loss_release(self._clerk, card=self._card().pk, proof=ID),
            "lock": lambda: services.card_lock(self._supervisor, card=self._card().pk, why="核查"),
            "unlock": lambda: services.card_unlock(self._supervisor, card=self._card().pk, why="核查"),
            "cancel": self._cancel,
            "recover": lambda: services.card_recover(self._clerk, card=self._card().pk),
            "withdraw": self._withdraw,
            "change": self._change,
            "sync": self._sync,
            "expire": self._expire,
        }

    def live(self, steps: int) -> None:
        weights = [8 if name in ("apply", "issue", "hand-out", "activate") else 2 for name in self.acts]
        weights[list(self.acts).index("cancel")] = 1
        for name in self.random.choices(list(self.acts), weights, k=steps):
            with suppress(Refusal, IndexError):
                self.acts[name]()
                self.done[name] += 1

    @property
    def _clerk(self) -> Actor:
        return self.world.clerk

    @property
    def _supervisor(self) -> Actor:
        return self.world.by("980100-A01", "people.counter-supervisor")

    def _person(self) -> Person:
        return self.random.choice(self.people)

    def _card(self) -> Card:
        return self.random.choice(list(Card.objects.filter(person__in=self.people).order_by("pk")))

    def _apply(self) -> None:
        kind = self.random.choice(list(ApplicationKind))
        reason = {
            ApplicationKind.NEW: Reason.NONE,
            ApplicationKind.REISSUE: Reason.LOST,
            ApplicationKind.TEMPORARY: Reason.LOST,
        }.get(kind, Reason.DAMAGED)
        self.world.applied(self._person(), kind=kind, reason=reason, making=Making.INSTANT)

    def _issue(self) -> None:
        waiting = Application.objects.filter(person__in=self.people, status="accepted").order_by("pk")
        issue_instantly(self.world.clerk, self.random.choice(list(waiting)))

    def _hand_out(self) -> None:
        coming = Card.objects.filter(person__in=self.people, plastic="made").order_by("pk")
        card = self.random.choice(list(coming))
        self.world.hand_out(card, old_recovered=self.random.random() < 0.7)

    def _cancel(self) -> None:
        recovered = self.random.random() < 0.5
        ground = self.random.choice([Ground.LEFT, Ground.RETURNED])
        services.card_cancel(
            self.world.clerk, card=self._card().pk, ground=ground, proof=ID, recovered=recovered
        )

    def _withdraw(self) -> None:
        waiting = Application.objects.filter(person__in=self.people).order_by("pk")
        chosen = self.random.choice(list(waiting))
        services.application_withdraw(self.world.clerk, application=chosen.pk, why="不需要")

    def _change(self) -> None:
        phone = f"139{self.random.randrange(10**8):08d}"
        person_update_contact(self.world.clerk, person=self._person().pk, contact=Contact(phone=phone))

    def _sync(self) -> None:
        card = card_of(self._card().pk)
        if card.plastic in ("held", "made"):
            sync(self.world.clerk, card, self.world.reader(card))

    def _expire(self) -> None:
        with clock.at(NOW + timedelta(days=11)):
            jobs.expire()


def must_hold(people: list[Person]) -> None:
    """One live card, the stock equation, no illegal history, the blacklist, chip and registry after sync."""
    for person in people:
        live = Card.objects.filter(person=person, kind="full", plastic__in=("held", "gone"))
        assert live.exclude(social__in=("6", "9")).count() <= 1
        assert Application.objects.filter(person=person, status__in=("accepted", "producing")).count() <= 1
    cards = list(Card.objects.filter(person__in=people).select_related("organization"))
    for key in ("social", "bank", "plastic"):
        found = machine(key)
        for card in cards:
            states = list(Event.objects.filter(card=card).order_by("step").values_list(key, flat=True))
            assert states[0] == found.first
            assert states[-1] == getattr(card, key)
            for before, after in pairwise(states):
                assert before == after or (before, after) in steps(key), (card, key, states)
    assert len({card.code for card in cards}) == len(cards)
    stock = Stock.objects.get()
    assert stock.received == stock.issued + stock.spoiled + stock.stock
    moved = Counter({each.kind: 0 for each in Movement.objects.all()})
    for each in Movement.objects.all():
        moved[each.kind] += each.quantity
    assert moved["issued"] == stock.issued == Card.objects.exclude(made_at=None).count()
    with suppress(Refusal):
        listed = blacklist(cards[0].organization)
        for card in cards:
            stopped = card.social in ("2", "3", "4", "6", "9") and card.plastic in ("held", "gone")
            assert listed.holds(card.code, card.number) == stopped, card


def steps(key: str) -> set[tuple[str, str]]:
    """Legal steps; two moves in one act (spoil and void, cancel and recover) change two states."""
    found = machine(key)
    return {(move.before, move.after) for move in found.moves}


def agree(world: World, people: list[Person]) -> int:
    """After a contact card and registry say the same."""
    held = list(Card.objects.filter(person__in=people, plastic="held").exclude(social__in=("6", "9")))
    for each in held:
        card = card_of(each.pk)
        sync(world.clerk, card, world.reader(card))
        assert [line for line in compare(card, world.reader(card)) if not line.same] == []
        assert not card.updates.filter(status="waiting").exists()
    return len(held)


@pytest.mark.parametrize("seed", range(1, 6 if LONG else 3))
def test_random_lives(world: World, seed: int) -> None:
    world.blanks(200)
    people = [world.person() for _ in range(3)]
    life = Life(world, people, seed)
    life.live(STEPS)
    must_hold(people)
    agree(world, people)
    assert {"apply", "issue", "hand-out"} <= life.done.keys(), life.done
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.skipif(not LONG, reason="long: SHEBAOKA_LONG=1")
@pytest.mark.django_db(transaction=True)
def test_random_lives_of_several_workers_at_once(seed: int, tmp_path: Path) -> None:
    """The same people in the hands of four workers."""
    country = found(NOW.date().replace(month=1, day=1), NOW, NOW + timedelta(days=30))
    with workshop(tmp_path):
        world = made(country, NOW, NOW + timedelta(days=30))
        world.blanks(2000)
        people = [world.person() for _ in range(4)]

        def work(worker: int) -> Counter[str]:
            try:
                with clock.at(NOW):
                    life = Life(world, people, 4 * seed + worker)
                    life.live(150)
                    return life.done
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(work, range(4)))
        assert sum(map(sum, (each.values() for each in done))) > 50
        must_hold(people)
        agree(world, people)
