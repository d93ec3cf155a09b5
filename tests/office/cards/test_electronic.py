"""The electronic card: a password of its own, a code for a minute and one use, the physical card's state."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from office.cards.world import World
from office.conftest import NOW
from shebaoka.office.audit.models import Row
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import services
from shebaoka.office.cards.choices import ApplicationKind, Proof, Reason
from shebaoka.office.cards.models import Card, ElectronicCard, TokenUse
from shebaoka.office.cards.services.electronic import Answer, public_key
from shebaoka.office.people.models import Person
from shebaoka.terminal.electronic import QrToken, Seen, checked, signed
from shebaoka.terminal.errors import CardRefusedError

PASSWORD = "835207"
ID = Proof.IDENTITY


@pytest.fixture
def card(world: World) -> Card:
    world.blanks()
    return world.active()[0]


def holder(card: Card) -> Person:
    assert card.person is not None
    return card.person


def opened(world: World, card: Card) -> ElectronicCard:
    return services.electronic_open(world.clerk, person=holder(card).pk, password=PASSWORD, proof=ID)


def shown(world: World, card: Card, password: str = PASSWORD) -> str:
    return services.electronic_qr(world.job(), person=holder(card).pk, password=password)


def asked(world: World, token: str, *, identified: bool = False) -> Answer:
    return services.electronic_verify(
        world.clerk, organization=world.agency, token=token, identified=identified
    )


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == f"cards.{code}")


def test_a_code_is_checked_by_a_terminal_and_used_once(world: World, card: Card) -> None:
    opened(world, card)
    token = shown(world, card)
    assert len(token) < 170
    offline = checked(token, [public_key()], NOW)
    assert offline.level == 1
    seen = Seen()
    seen.take(offline, NOW)
    with pytest.raises(CardRefusedError, match="used already"):
        seen.take(offline, NOW)
    found = asked(world, token)
    assert (found.social, found.usable, found.number) == ("1", True, "")
    assert holder(card).number not in repr(found)
    with refused("electronic-used"):
        asked(world, token)
    assert TokenUse.objects.count() == 1
    known = asked(world, shown(world, card), identified=True)
    assert known.number == holder(card).number
    assert known.reference == found.reference


def test_a_code_is_over_after_a_minute_and_cannot_be_changed(world: World, card: Card) -> None:
    opened(world, card)
    token = shown(world, card)
    with clock.at(NOW + timedelta(seconds=70)), refused("electronic-refused"):
        asked(world, token)
    for at in range(5, len(token) - 2, 9):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(CardRefusedError):
            checked(changed, [public_key()], NOW)
    own = Ed25519PrivateKey.generate()
    long = signed(QrToken("00" * 16, "11" * 16, 1, NOW + timedelta(hours=1)), own)
    with pytest.raises(CardRefusedError):
        checked(long, [own.public_key()], NOW)
    with pytest.raises(CardRefusedError, match="trusts"):
        checked(long, [public_key()], NOW)


@given(st.text(max_size=200))
def test_nothing_else_is_a_code(text: str) -> None:
    for each in (text, f"SBK1.{text}"):
        with pytest.raises(CardRefusedError):
            checked(each, [], NOW)


def test_wrong_passwords_are_counted_and_then_it_waits(world: World, card: Card) -> None:
    opened(world, card)
    for _ in range(5):
        with refused("electronic-wrong"):
            shown(world, card, "111222")
    with refused("electronic-waits"):
        shown(world, card)
    with clock.at(NOW + timedelta(minutes=31)):
        assert shown(world, card).startswith("SBK1.")
    services.electronic_reset(world.clerk, person=holder(card).pk, password="640193", proof=ID)
    with refused("electronic-wrong"):
        shown(world, card)
    assert shown(world, card, "640193")


@pytest.mark.parametrize(
    "password", ["111111", "123456", "654321", "900101", "12345", "1234567", "abcdef", "１２３４５６"]
)
def test_a_password_is_no_run_and_no_birth_date(world: World, card: Card, password: str) -> None:
    with refused("electronic-password"):
        services.electronic_open(world.clerk, person=holder(card).pk, password=password, proof=ID)
    assert not ElectronicCard.objects.exists()


def test_its_state_is_the_cards(world: World, card: Card) -> None:
    opened(world, card)
    before = shown(world, card)
    services.loss_formal(world.clerk, card=card.pk, proof=Proof.ELECTRONIC, why="遗失")
    assert not asked(world, before, identified=True).usable
    with refused("no-usable-card"):
        shown(world, card)
    new = world.replaced(card, ApplicationKind.REISSUE, Reason.LOST)
    with refused("proof"):
        services.card_hand_out(world.clerk, card=new.pk, proof=Proof.ELECTRONIC)
    world.hand_out(new)
    services.card_activate(world.clerk, card=new.pk, proof=ID)
    assert asked(world, shown(world, card)).usable
    services.electronic_close(world.clerk, person=holder(card).pk, proof=ID)
    with refused("no-electronic"):
        shown(world, card)


def test_no_secret_stands_in_records(world: World, card: Card) -> None:
    found = opened(world, card)
    token = shown(world, card)
    assert found.password.startswith("argon2$")
    said = " ".join(
        str(row.content) if hasattr(row, "content") else str(vars(row)) for row in Row.objects.all()
    )
    assert PASSWORD not in said
    assert token not in said
    assert found.reference not in repr(found)
