"""The dashboard: right numbers of the own area, also when counted in the background; few queries, light."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from office.cards.world import AGENCY, BANK, CITY, World
from office.pages import of
from shebaoka.office.base import clock
from shebaoka.office.cards import services
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.selectors import dashboard
from shebaoka.office.cards.tallying import tally
from shebaoka.office.organizations.models import Staff


@pytest.fixture
def filled(world: World) -> World:
    """Two cards at the outlet, one active, one lost for a time, an open application, 15 blanks left."""
    world.blanks(20)
    cards = world.made(5)
    for card in cards[:3]:
        world.hand_out(card)
        services.card_activate(world.clerk, card=card.pk, proof=Proof.IDENTITY)
    services.loss_temporary(world.clerk, card=cards[0].pk, proof=Proof.TELEPHONE)
    world.applied()
    return world


def test_what_is_shown_is_what_there_is(filled: World) -> None:
    found = dashboard.board(filled.issuing)
    assert dict(found.social) == {"0": 2, "1": 2, "4": 1}
    assert dict(found.plastic) == {"outlet": 2, "held": 3}
    assert dict(found.lying) == {0: 2}
    assert found.applications["accepted"] == 1
    assert dict(found.batches) == {"delivered": 1}
    assert (found.stocks[0].received, found.stocks[0].issued, found.stocks[0].stock) == (20, 5, 15)
    assert found.counted_at is None


def test_tallies_say_the_same_as_the_register(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = dashboard.board(filled.issuing)
    monkeypatch.setattr(dashboard, "_SMALL", 0)
    assert not dashboard.board(filled.issuing).social
    tally()
    tally()
    later = dashboard.board(filled.issuing)
    assert later.counted_at == clock.now()
    assert (later.social, later.plastic, later.lying) == (at_once.social, at_once.plastic, at_once.lying)


def test_old_things_are_told_as_old(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    late = clock.now() + timedelta(days=95)
    monkeypatch.setattr(clock, "now", lambda: late)
    found = dashboard.board(filled.issuing)
    assert dict(found.lying) == {3: 2}
    assert dict(found.ages) == {3: 3}
    assert found.stocks_uncounted == 1


def test_nobody_sees_another_area(filled: World) -> None:
    assert sum(dashboard.board(filled.by(AGENCY, "people.counter-clerk")).social.values()) == 5
    assert not dashboard.board(filled.by(BANK, "people.counter-clerk")).social
    other = filled.by("990100", "organizations.issuing-clerk")
    assert not dashboard.board(other).social
    assert not dashboard.board(other).stocks


@pytest.mark.parametrize("language", ["zh-hans", "en", "es"])
def test_the_page_is_light_and_asks_a_fixed_number_of_times(filled: World, language: str) -> None:
    web = of(Staff.objects.get(number=f"{CITY}-issuing-clerk-1"), language)
    web.get("/desk/cards/dashboard")
    with CaptureQueriesContext(
        connection,
    ) as before:
        page = web.get("/desk/cards/dashboard").content.decode()
    filled.make(filled.prepared(2))
    filled.applied()
    with CaptureQueriesContext(connection) as after:
        web.get("/desk/cards/dashboard")
    assert len(after) == len(before) < 30
    assert len(page.encode()) < 60_000
    assert "style=" not in page
    assert "<style" not in page
    bars = re.findall(r'<svg[^>]*aria-hidden="true"[^>]*>(.*?)</svg>', page, re.S)
    assert len(bars) >= 6
    assert all(
        re.fullmatch(r'(<rect class="[a-z]+" x="\d+" width="\d+" height="24"/>)*', bar) for bar in bars
    )
