"""One card in one sitting, in a reader or simulated; what the daily jobs do."""

from datetime import timedelta

import pytest

from office.cards.world import World, card_of
from office.conftest import NOW
from shebaoka.card.card import blank_card
from shebaoka.chip.store import MemoryStore
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import jobs, services
from shebaoka.office.cards.chip.sessions import card_in
from shebaoka.office.cards.choices import Making, Proof
from shebaoka.office.cards.models import Application, Batch, Card, ListVersion, Stock
from shebaoka.office.cards.production.instant import issue_instantly
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm


def blank() -> InProcessReader:
    chip = blank_card(
        MemoryStore(),
        historical=bytes(13),
        algorithm=Algorithm.TDES,
        transport_key=TEST_TRANSPORT_KEY,
    )
    reader = InProcessReader(chip)
    reader.reset()
    return reader


def asked(world: World) -> Application:
    return world.applied(making=Making.INSTANT)


def test_a_card_is_made_while_its_holder_waits(world: World) -> None:
    world.blanks()
    reader = blank()
    card = issue_instantly(world.clerk, asked(world), reader)
    assert card_in(reader).pk == card.pk
    world.hand_out(card)
    services.card_activate(world.clerk, card=card.pk, proof=Proof.IDENTITY)
    assert card_of(card.pk).social == "1"
    stock = Stock.objects.get()
    assert (stock.issued, stock.stock) == (1, 19)
    assert Batch.objects.get().instant


def test_without_a_blank_nothing_begins(world: World) -> None:
    application = asked(world)
    with pytest.raises(Refusal) as refusal:
        issue_instantly(world.clerk, application, blank())
    assert refusal.value.code == "cards.too-few-blanks"
    assert not Batch.objects.exists()
    with pytest.raises(Refusal) as refusal:
        issue_instantly(world.clerk, world.applied(), blank())
    assert refusal.value.code == "cards.not-instant"


def test_a_blank_that_fails_is_spoiled_and_the_application_goes_on(world: World) -> None:
    world.blanks()
    application = asked(world)
    dead = blank()
    dead.chip.transmit = lambda apdu: b"\x6f\x00"  # type: ignore[method-assign]
    with pytest.raises(Refusal) as refusal:
        issue_instantly(world.clerk, application, dead)
    assert refusal.value.code == "cards.making-failed"
    stock = Stock.objects.get()
    assert (stock.issued, stock.spoiled, stock.stock) == (0, 1, 19)
    services.application_retry(world.clerk, application=application.pk)
    application.refresh_from_db()
    card = issue_instantly(world.clerk, application, blank())
    assert card.plastic == "made"
    assert Card.objects.filter(plastic="spoiled", social="6").count() == 1


def test_jobs_release_cancel_and_keep_the_list_fresh(world: World) -> None:
    world.blanks()
    lost, dead = world.active(2)
    services.loss_temporary(world.clerk, card=lost.pk, proof=Proof.TELEPHONE)
    assert dead.person is not None
    from shebaoka.office.base.records import writing
    from shebaoka.office.people.models import Person

    with writing("tests.death"):
        Person.objects.filter(pk=dead.person.pk).update(died_on=NOW.date())
    jobs.cancel_dead()
    assert card_of(dead.pk).social == "9"
    before = ListVersion.objects.count()
    with clock.at(NOW + timedelta(days=9)):
        jobs.expire()
        assert card_of(lost.pk).social == "4"
        jobs.publish()
    assert ListVersion.objects.count() == before + 1
    with clock.at(NOW + timedelta(days=11)):
        jobs.expire()
    assert card_of(lost.pk).social == "1"


def test_a_region_without_automatic_release_leaves_the_report(world: World) -> None:
    world.blanks()
    world.rule("cards.temporary-loss-released", False)
    lost = world.active()[0]
    services.loss_temporary(world.clerk, card=lost.pk, proof=Proof.TELEPHONE)
    with clock.at(NOW + timedelta(days=30)):
        jobs.expire()
    assert card_of(lost.pk).social == "4"


def test_a_paused_batch_goes_on_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from shebaoka.office.cards.production import run

    world.blanks()
    batch = world.prepared(3)
    services.batch_start(world.issuing, batch=batch.pk)
    monkeypatch.setattr(run, "LOOKED_EVERY", 0.0)
    monkeypatch.setattr(run, "RECORDED_AT_ONCE", 1)
    real = run.record

    def pausing(*args: object) -> None:
        real(*args)  # type: ignore[arg-type]
        if batch.cards.filter(plastic="made").count() == 1:
            services.batch_pause(world.issuing, batch=batch.pk)
            monkeypatch.setattr(run, "record", real)

    monkeypatch.setattr(run, "record", pausing)
    run.make(batch.pk)
    batch.refresh_from_db()
    assert batch.status == "paused"
    made = set(batch.cards.filter(plastic="made").values_list("serial", flat=True))
    assert 1 <= len(made) < 3
    run.make(batch.pk)
    assert batch.cards.filter(plastic="made").count() == len(made)
    services.batch_resume(world.issuing, batch=batch.pk)
    run.make(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.cards.filter(plastic="made").count()) == ("made", 3)


def test_no_batch_outside_of_what_was_approved(world: World) -> None:
    """R-10: state, population and quantity; nothing is reserved by what is refused."""
    from shebaoka.office.approval.models import Use
    from shebaoka.office.cards.services import Approval

    world.applied(population="外籍人员")
    batch = services.batch_form(
        world.issuing, organization="980100", product="SSC-2", outlet="980100-A01", site="01"
    )
    with pytest.raises(Refusal) as refusal:
        world.two("cards.batch.approve", Approval(batch.pk, True))
    assert refusal.value.code == "approval.not-as-approved"
    batch.refresh_from_db()
    assert (batch.status, Use.objects.count()) == ("formed", 0)
    with pytest.raises(Refusal) as refusal:
        world.two("cards.batch.approve", Approval(batch.pk, False))
    assert refusal.value.code == "cards.face-not-seen"
