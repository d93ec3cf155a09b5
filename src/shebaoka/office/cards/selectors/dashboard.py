"""The card centre at a glance: a fixed number of queries, none of which counts a large register.

Cards by state come from the tallies that a job makes; while the register is small they are counted at once.
Queues are read through indexes that hold only what is open."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Max, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from shebaoka.office.base import clock
from shebaoka.office.cards.models import Application, Batch, Card, Stock, Tally, Update
from shebaoka.office.cards.models.applications import OPEN
from shebaoka.office.organizations.actor import Actor

AGES = (3, 10, 30)
"""Days: open applications up to each, and above the last."""
LYING = (7, 30, 90)
"""Days: cards at the outlet that nobody collected, in the same way."""
UNCOUNTED, AT_BANK = timedelta(days=31), timedelta(days=10)
_SMALL = 64 << 20  # bytes of the table: some hundred thousand cards, counted in a tenth of a second


@dataclass(frozen=True, slots=True)
class Board:
    """What an area has. ``counted_at``: of ``social``, ``plastic`` and ``lying``, None for just now;
    ``applications``: by state; ``ages``, ``lying``: by place in :data:`AGES`, :data:`LYING`; ``batches``: by
    state; further numbers are exceptions, each somebody's to settle."""

    counted_at: datetime | None
    social: Mapping[str, int]
    plastic: Mapping[str, int]
    lying: Mapping[int, int]
    applications: Mapping[str, int]
    ages: Mapping[int, int]
    batches: Mapping[str, int]
    batches_in_trouble: int
    long_at_bank: int
    updates: int
    updates_in_trouble: int
    releases_today: int
    stocks: list[Stock]
    stocks_uncounted: int


def board(actor: Actor) -> Board:
    """The board of the actor's area: cards, applications and batches of her bodies and outlets."""
    path, now = actor.organization.path, clock.now()
    counted_at, cards = _cards(path, now)
    social, plastic, lying = Counter[str](), Counter[str](), Counter[int]()
    for each in cards:
        social[each["social"]] += each["count"]
        plastic[each["plastic"]] += each["count"]
        if each["plastic"] == "outlet":
            lying[each["age"]] += each["count"]
    applications, ages = _applications(path, now)
    batches, trouble, at_bank = _batches(path, now)
    waiting = Update.objects.filter(status="waiting").filter(_of_area(path, "card__"))
    updates = waiting.aggregate(all=Count("pk"), bad=Count("pk", filter=~Q(trouble="")))
    ending = Card.objects.filter(lost_until__lt=now + timedelta(days=1)).filter(_of_area(path))
    stocks = list(
        Stock.objects.filter(holder__path__startswith=path)
        .select_related("holder", "product")
        .order_by("holder__path", "product__code")[:60]
    )
    early = (now - UNCOUNTED).date()
    return Board(
        counted_at,
        social,
        plastic,
        lying,
        applications,
        ages,
        batches,
        trouble,
        at_bank,
        updates["all"],
        updates["bad"],
        ending.count(),
        stocks,
        sum(each.stock > 0 and (each.counted_on is None or each.counted_on < early) for each in stocks),
    )


def counted(cards: QuerySet[Card], now: datetime, *by: str) -> QuerySet[Card, dict[str, Any]]:
    """Cards by states and by how long they lie at the outlet, and by further columns."""
    grouped = cards.order_by().annotate(age=_age("made_at", LYING, now, Q(plastic="outlet")))
    return grouped.values(*by, "social", "plastic", "age").annotate(count=Count("pk"))


def _cards(path: str, now: datetime) -> tuple[datetime | None, list[dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('cards_card')")
        small = cursor.fetchone()[0] < _SMALL
    if small:
        return None, list(counted(Card.objects.filter(_of_area(path)), now))
    tallies = Tally.objects.filter(_of_area(path)).values("social", "plastic", "age")
    found = list(tallies.annotate(many=Sum("count"), since=Max("at")).order_by())
    rows = [{**each, "count": each["many"]} for each in found]
    return max((each["since"] for each in found), default=now), rows


def _applications(path: str, now: datetime) -> tuple[Counter[str], Counter[int]]:
    area = Q(agency__path__startswith=path) | _of_area(path)
    found = Application.objects.filter(area, status__in=OPEN).order_by()
    states, ages = Counter[str](), Counter[int]()
    grouped = found.annotate(age=_age("at", AGES, now, Q())).values("status", "age")
    for each in grouped.annotate(count=Count("pk")):
        states[each["status"]] += each["count"]
        ages[each["age"]] += each["count"]
    return states, ages


def _batches(path: str, now: datetime) -> tuple[Counter[str], int, int]:
    found = Batch.objects.filter(_of_area(path)).order_by().values("status")
    late = Q(status="bank-out", formed_at__lt=now - AT_BANK)
    states, trouble, at_bank = Counter[str](), 0, 0
    for each in found.annotate(
        count=Count("pk"),
        bad=Count("pk", filter=~Q(trouble="") | Q(status="paused")),
        late=Coalesce(Count("pk", filter=late), 0),
    ):
        states[each["status"]] += each["count"]
        trouble, at_bank = trouble + each["bad"], at_bank + each["late"]
    return states, trouble, at_bank


def _of_area(path: str, of: str = "") -> Q:
    return Q(**{f"{of}organization__path__startswith": path}) | Q(**{f"{of}outlet__path__startswith": path})


def _age(column: str, days: tuple[int, ...], now: datetime, only: Q) -> Case:
    """The place among ``days``: 0 up to the first, and for what ``only`` leaves out."""
    whens = [
        When(only & Q(**{f"{column}__lt": now - timedelta(days=most)}), then=Value(place))
        for place, most in reversed([*enumerate(days, 1)])
    ]
    return Case(*whens, default=Value(0))
