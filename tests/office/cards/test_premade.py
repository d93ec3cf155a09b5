"""Pre-made cards: all keys, nobody's data; value stock until a counter binds one to a person (domain
practice; R-10, R-16)."""

import pytest

from office.cards.world import AGENCY, BANK, CITY, World
from shebaoka.office.approval.models import Use
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import services
from shebaoka.office.cards.chip.sessions import session_with
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Application, Batch, Card, Stock
from shebaoka.personalization.stripe import luhn_digit
from shebaoka.terminal.reading import read_file


def formed(world: World, quantity: int = 2, **changes: object) -> Batch:
    plain = {"organization": CITY, "product": "SSC-2", "outlet": AGENCY, "site": "01", "quantity": quantity}
    return services.batch_form_premade(world.issuing, **{**plain, **changes})  # type: ignore[arg-type]


def stocked(world: World, quantity: int = 2, **changes: object) -> list[Card]:
    """Pre-made cards at the agency."""
    world.blanks(quantity + 5)
    return world.make(world.prepare(formed(world, quantity, **changes)))


def accounts(count: int) -> list[str]:
    heads = [f"62212345{turn:07d}" for turn in range(count)]
    return [head + luhn_digit(head) for head in heads]


def test_they_are_made_with_all_keys_and_nobodys_data(world: World) -> None:
    cards = stocked(world)
    assert [(each.kind, each.person, each.plastic, each.social) for each in cards] == [
        ("full", None, "outlet", "0")
    ] * 2
    stock = Stock.objects.get()
    assert (stock.received, stock.issued, stock.stock) == (7, 2, 5)
    assert Use.objects.get().quantity == 2  # of what the region may issue
    assert not Application.objects.exists()
    with session_with(cards[0], world.reader(cards[0])) as session:
        holder = read_file(session, "SSSE", 0xEF06)
        issuer = read_file(session, "SSSE", 0xEF05)
    assert holder.records
    assert {bytes(each.raw[2:]).strip(b"\0\xff ") for each in holder.records} == {b""}
    assert cards[0].number.encode() in b"".join(each.raw for each in issuer.records)
    with pytest.raises(Refusal) as refusal:
        services.card_hand_out(world.clerk, card=cards[0].pk, proof=Proof.IDENTITY)
    assert refusal.value.code == "cards.nobodys"


def test_the_bank_gives_an_account_for_each(world: World) -> None:
    given = accounts(2)
    cards = stocked(world, bank=BANK, bank_cards=given)
    assert [each.bank_card for each in cards] == given
    assert {each.bank_body_id for each in cards} == {world.bank.pk}
    with pytest.raises(Refusal) as refusal:
        formed(world, 1, bank=BANK, bank_cards=given[:1])
    assert refusal.value.code == "cards.premade-account-taken"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity": 0}, "cards.premade-quantity"),
        ({"quantity": 5001}, "cards.premade-quantity"),
        ({"bank": BANK}, "cards.premade-accounts"),
        ({"bank_cards": accounts(2)}, "cards.premade-accounts"),
        ({"bank": BANK, "bank_cards": ["6221234567890123", accounts(1)[0]]}, "cards.premade-accounts"),
        ({"bank": BANK, "bank_cards": accounts(1) * 2}, "cards.premade-account-taken"),
        ({"bank": AGENCY, "bank_cards": accounts(2)}, "cards.no-bank"),
        ({"outlet": "980000"}, "base.not-found"),
    ],
)
def test_a_batch_that_does_not_fit_is_refused(world: World, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        formed(world, **changes)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert not Batch.objects.exists()


def test_no_more_than_the_region_may_issue(world: World) -> None:
    batch = formed(world, 1001)
    with pytest.raises(Refusal) as refusal:
        world.prepare(batch)
    assert refusal.value.code == "approval.over-run"
    assert not Use.objects.exists()


def test_no_card_maker_gets_a_file_without_persons(world: World) -> None:
    batch = world.prepare(formed(world))
    with pytest.raises(Refusal) as refusal:
        services.site_export(world.issuing, batch=batch.pk, format=services.Format.P1)
    assert refusal.value.code == "cards.made-here-only"
    batch.refresh_from_db()
    assert batch.status == "approved"
