"""A population loaded at once leaves everything as a list taken the usual way, and nothing when it fails."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection

from office.cards.test_intake import HEAD, line
from office.cards.world import World, made, workshop
from office.conftest import NOW
from office.country import found
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Card, Event
from shebaoka.office.people.choices import Source
from shebaoka.office.people.importing import chunks as portions
from shebaoka.office.people.importing.filling import population
from shebaoka.office.people.models import Load, Person
from shebaoka.office.people.services import importing, people_import

pytestmark = pytest.mark.django_db(transaction=True)
_SCHEMA = """
SELECT indexdef FROM pg_indexes WHERE tablename = ANY(%s) UNION ALL
SELECT conrelid::regclass::text || conname || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid::regclass::text = ANY(%s) UNION ALL
SELECT tgrelid::regclass::text || tgname || tgenabled::text FROM pg_trigger
    WHERE tgrelid::regclass::text = ANY(%s) AND NOT tgisinternal ORDER BY 1
"""
_CASTS = re.compile(r"::[a-z ]+(\[\])?|[()]")  # PostgreSQL writes them anew each time
TABLES = ["people_person", "people_guardian", "people_fact", "cards_card", "cards_event"]


def schema() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_SCHEMA, [TABLES] * 3)
        return [_CASTS.sub("", row) for (row,) in cursor.fetchall()]


def test_a_population_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "chunks_beside", portions.chunks)  # the process beside has its own test
    country = found(NOW.date().replace(month=1, day=1), NOW, NOW + timedelta(days=30))
    with workshop(tmp_path):
        world = made(country, NOW, NOW + timedelta(days=30))
        before = schema()
        path = tmp_path / "cards.csv"
        same = line(17, code="980100D15600000500000011FFFFFFFF")  # a card of row 2
        path.write_text("\n".join([HEAD, *map(line, range(11, 15)), same, line(11)]), "utf-8")
        load = _loaded(world, path)[0]
        assert (load.taken, load.known) == (5, 1)
        assert Person.objects.count() == 5
        assert Card.objects.count() == Event.objects.count() == 4
        assert schema() == before
        with pytest.raises(DatabaseError, match="history"), connection.cursor() as cursor:
            cursor.execute("UPDATE cards_card SET step = 2")
        _nothing_when_refused(world, tmp_path)
        assert schema() == before


def _loaded(world: World, *paths: Path) -> list[Load]:
    with population():
        return [
            people_import(world.job(), agency=world.agency, path=path, source=Source.REPLACED, closed=True)
            for path in paths
        ]


def _nothing_when_refused(world: World, folder: Path) -> None:
    wrong = folder / "wrong.csv"
    wrong.write_text("姓名\n测试\n", "utf-8")
    good = folder / "good.csv"
    good.write_text("\n".join([HEAD, line(30)]), "utf-8")
    with pytest.raises(Refusal):
        _loaded(world, good, wrong)
    assert Person.objects.count() == 5
    assert Load.objects.count() == 1
