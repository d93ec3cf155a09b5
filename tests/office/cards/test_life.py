"""Lives of cards: hand-out, two activations, loss, release, replacement, cancellation."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from office.cards.world import CITY, World, card_of
from office.conftest import NOW
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.cards import neighbors, services
from shebaoka.office.cards.choices import ApplicationKind, Proof, Reason
from shebaoka.office.cards.models import Card, Event, ListVersion
from shebaoka.office.cards.services import Destruction, Ground
from shebaoka.office.cards.services.blacklist import blacklist, file_of, public_key
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.people.models import Change
from shebaoka.office.people.national.asking import Answer
from shebaoka.terminal.blacklist_file import verify

ID = Proof.IDENTITY


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == f"cards.{code}")


@pytest.fixture
def card(world: World) -> Card:
    """Active in its holder's hand."""
    world.blanks()
    return world.active()[0]


def states(card: Card) -> tuple[str, str, str]:
    found = card_of(card.pk)
    return found.social, found.bank, found.plastic


def on_list(card: Card) -> bool:
    return ListVersion.objects.exists() and blacklist(card.organization).holds(card.code, card.number)


def test_a_sealed_card_serves_only_after_activation(world: World) -> None:
    world.blanks()
    card = world.made()[0]
    with refused("not-handed-out"):
        services.card_activate(world.clerk, card=card.pk, proof=ID)
    with refused("proof"):
        services.card_hand_out(world.clerk, card=card.pk, proof=Proof.TELEPHONE)
    with refused("agent"):
        services.card_hand_out(world.clerk, card=card.pk, proof=Proof.AGENT)
    world.hand_out(card)
    assert states(card) == ("0", "none", "held")
    services.card_activate(world.clerk, card=card.pk, proof=ID)
    assert states(card) == ("1", "none", "held")
    with refused("not-now"):
        services.card_activate(world.clerk, card=card.pk, proof=ID)
    assert [each.act for each in card.events.order_by("step")][-2:] == ["hand-out", "activate"]


def test_one_person_has_one_card(world: World, card: Card) -> None:
    assert card.person is not None
    with refused("has-card"):
        world.applied(card.person)
    with refused("not-lost"):
        world.applied(card.person, kind=ApplicationKind.REISSUE, reason=Reason.LOST)
    with refused("too-early"):
        world.applied(card.person, kind=ApplicationKind.EXCHANGE, reason=Reason.EXPIRED)
    world.applied(card.person, kind=ApplicationKind.EXCHANGE, reason=Reason.DAMAGED)
    with refused("applied"):
        world.applied(card.person, kind=ApplicationKind.EXCHANGE, reason=Reason.DAMAGED)


def test_renewal_is_applied_for_sixty_days_before_the_end(world: World, card: Card) -> None:
    assert card.person is not None
    wanted = world.wanted(kind=ApplicationKind.EXCHANGE, reason=Reason.EXPIRED)
    end = NOW.replace(year=NOW.year + 10)
    with clock.at(end - timedelta(days=65)), refused("too-early"):
        services.application_take(world.job(), person=card.person.pk, new=wanted)
    with clock.at(end - timedelta(days=60)):
        made = services.application_take(world.job(), person=card.person.pk, new=wanted)
    assert (made.old_card, made.fee) == (card.number, 2000)


def test_a_temporary_loss_stops_the_card_at_once_and_ends_by_itself(world: World, card: Card) -> None:
    phone = world.job(Channel.PORTAL)
    lost = services.loss_temporary(phone, card=card.pk, proof=Proof.TELEPHONE)
    assert lost.lost_until == NOW + timedelta(days=10)
    assert on_list(card)
    signed = verify(file_of(world.city), [Ed25519PublicKey.from_public_bytes(public_key())])
    assert signed.holds(card.code, card.number)
    with refused("not-due"):
        services.loss_expire(world.job(), card=card.pk)
    with clock.at(NOW + timedelta(days=10, seconds=1)):
        services.loss_expire(world.job(), card=card.pk)
    assert states(card) == ("1", "none", "held")
    assert not on_list(card)
    assert blacklist(world.city, 1).holds(card.code, card.number)


def test_a_sealed_card_that_was_lost_comes_back_sealed(world: World) -> None:
    world.blanks()
    card = world.handed()[0]
    services.loss_temporary(world.clerk, card=card.pk, proof=ID)
    services.loss_release(world.clerk, card=card.pk, proof=ID)
    assert states(card)[0] == "0"


def test_a_formal_loss_is_not_released_and_a_new_card_takes_its_place(world: World, card: Card) -> None:
    with refused("proof"):
        services.loss_formal(world.clerk, card=card.pk, proof=Proof.TELEPHONE, why="遗失")
    services.loss_formal(world.clerk, card=card.pk, proof=ID, why="遗失")
    with refused("no-release"):
        services.loss_release(world.clerk, card=card.pk, proof=ID)
    new = world.replaced(card, ApplicationKind.REISSUE, Reason.LOST)
    assert (new.code, new.number) != (card.code, card.number)
    world.hand_out(new)
    assert states(card) == ("9", "none", "gone")
    assert on_list(card)
    assert not on_list(new)
    assert card_of(new.pk).replaces_id == card.pk
    found = services.card_recover(world.clerk, card=card.pk)
    assert (found.plastic, on_list(card)) == ("recovered", False)


def test_a_region_may_release_a_formal_loss(world: World, card: Card) -> None:
    world.rule("cards.formal-loss-released", True)
    services.loss_formal(world.clerk, card=card.pk, proof=ID, why="遗失")
    services.loss_release(world.clerk, card=card.pk, proof=ID)
    assert states(card)[0] == "1"


def test_an_exchange_takes_the_old_card_back(world: World, card: Card) -> None:
    new = world.replaced(card, ApplicationKind.EXCHANGE, Reason.DAMAGED)
    with refused("old-card"):
        world.hand_out(new)
    assert states(card) == ("1", "none", "held")
    world.hand_out(new, old_recovered=True)
    assert states(card) == ("9", "none", "recovered")
    assert not on_list(card)
    world.two("cards.card.destroy", Destruction(CITY, (card.code,), "销毁证明1号"))
    assert states(card) == ("9", "none", "destroyed")


def test_an_exchange_may_keep_the_card_number(world: World, card: Card) -> None:
    card.refresh_from_db()
    with pytest.raises(Refusal):
        world.applied(card.person, kind=ApplicationKind.SAME_NUMBER, reason=Reason.BANK)
    services.loss_temporary(world.clerk, card=card.pk, proof=ID)
    services.loss_release(world.clerk, card=card.pk, proof=ID)
    new = world.replaced(card, ApplicationKind.SAME_NUMBER, Reason.DAMAGED)
    assert new.number == card.number
    assert new.code != card.code


def test_cancelling_is_final(world: World, card: Card) -> None:
    with refused("not-dead"):
        services.card_cancel(world.clerk, card=card.pk, ground=Ground.DEATH, proof=ID, recovered=True)
    services.card_cancel(world.clerk, card=card.pk, ground=Ground.LEFT, proof=ID, recovered=False)
    assert states(card) == ("9", "none", "gone")
    for again in (services.loss_temporary, services.loss_release):
        with refused("not-now"):
            again(world.clerk, card=card.pk, proof=ID)
    assert world.applied(card.person).status == "accepted"


def test_both_states_stand_side_by_side(world: World, card: Card) -> None:
    """All four combinations (R-60), and each loss reported where it belongs (R-61)."""
    with writing("tests.bank"):
        Card.objects.filter(pk=card.pk).update(bank="opened", bank_body=world.bank, step=99)
        Event.objects.create(
            card=card, step=99, act="open", social="1", bank="opened", plastic="held", at=NOW, body=world.bank
        )
    seen = {states(card)[:2]}
    with refused("bank-only"):
        services.bank_activate(world.clerk, card=card.pk, proof=ID)
    services.bank_activate(world.banker, card=card.pk, proof=ID)
    seen.add(states(card)[:2])
    services.bank_lose(world.banker, card=card.pk, formal=False)
    assert states(card)[:2] == ("1", "lost")
    services.bank_release(world.banker, card=card.pk)
    assert states(card)[:2] == ("1", "active")
    services.loss_formal(world.clerk, card=card.pk, proof=ID, why="遗失")
    assert states(card)[:2] == ("2", "active")
    assert seen == {("1", "opened"), ("1", "active")}


def test_the_national_base_is_asked_before_and_told_after(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-01 to D-06 and D-08."""
    for answer, code in (
        (Answer(True, dead=True), "dead"),
        (Answer(True, other_name=True), "duplicate"),
        (Answer(True, live_card_in="980200"), "has-card"),
    ):
        monkeypatch.setattr(neighbors, "ask_before_issuing", lambda person, answer=answer: answer)
        with refused(code):
            world.applied()
    monkeypatch.setattr(neighbors, "ask_before_issuing", lambda person: Answer(True, live_card_in="990100"))
    world.blanks()
    world.applied()
    batch = services.batch_form(
        world.issuing, organization=CITY, product="SSC-2", outlet="980100-A01", site="01"
    )
    card = world.hand_out(world.make(world.prepare(batch))[0])
    told = Change.objects.filter(person=card.person).count()
    services.card_activate(world.clerk, card=card.pk, proof=ID)
    services.loss_formal(world.clerk, card=card.pk, proof=ID, why="遗失")
    assert Change.objects.filter(person=card.person).count() == told + 2
    assert card.person is not None
    assert neighbors.card_states([card.person.pk]) == {card.person.pk: "2"}


def test_a_temporary_card_serves_for_the_regions_days_and_goes_before_the_new_one(
    world: World, card: Card
) -> None:
    services.loss_formal(world.clerk, card=card.pk, proof=ID, why="遗失")
    temporary = world.replaced(card, ApplicationKind.TEMPORARY, Reason.LOST)
    assert (temporary.kind, temporary.bank) == ("temporary", "none")
    assert temporary.valid_until == NOW.date() + timedelta(days=60)
    world.hand_out(temporary)
    services.card_activate(world.clerk, card=temporary.pk, proof=ID)
    assert states(card) == ("2", "none", "held")
    with refused("has-temporary"):
        world.applied(card.person, kind=ApplicationKind.TEMPORARY, reason=Reason.LOST)
    new = world.replaced(card, ApplicationKind.REISSUE, Reason.LOST)
    with refused("temporary-first"):
        world.hand_out(new)
    services.card_cancel(world.clerk, card=temporary.pk, ground=Ground.RETURNED, proof=ID, recovered=True)
    world.hand_out(new)
    assert states(card) == ("9", "none", "gone")
