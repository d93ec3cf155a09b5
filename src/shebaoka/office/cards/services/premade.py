"""Pre-made cards (预制卡): all keys and the bank's account on them, nobody's name (domain practice).

They are made like any batch, approved by two persons, and count in the region's approved quantity (R-10).
Until a counter binds one to a person they are value stock of their outlet."""

from collections.abc import Iterator, Sequence

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Batch, Card
from shebaoka.office.cards.services.batches import batch_create
from shebaoka.office.cards.services.common import (
    batch_moves,
    next_number,
    organization_of,
    product_of,
)
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.mapping import PAN
from shebaoka.personalization.stripe import check_pan

MOST = 5000
"""Cards of one batch: an outlet's stock of weeks, and what two persons count in a day."""
FIRST_ROW = 2


@service("cards.batch.form-premade")
def batch_form_premade(
    act: Act,
    *,
    organization: str,
    product: str,
    outlet: str,
    site: str,
    quantity: int,
    bank: str = "",
    bank_cards: Sequence[str] = (),
) -> Batch:
    """A batch of ``quantity`` pre-made cards for the stock of ``outlet``. With a ``bank``: the number of the
    account that it opened for each of them, in their order. Raises Refusal ``cards.premade-quantity``,
    ``cards.premade-accounts``, ``cards.no-product``, ``cards.no-bank``, ``cards.no-site``."""
    body = organization_of(organization)
    act.on(body)
    if not 1 <= quantity <= MOST:
        raise Refusal("cards.premade-quantity", most=MOST)
    made_of, place = product_of(body, product), organization_of(outlet)
    if not (body.contains(place) or place.kind == Kind.BANK):
        raise Refusal("base.not-found", what=outlet)
    partner = _bank(bank) if bank else None
    accounts = [each.strip() for each in bank_cards]
    if len(accounts) != (quantity if partner is not None else 0):
        raise _unfit(f"{len(accounts)} / {quantity if partner is not None else 0}")
    made = batch_create(
        act, body, made_of, place, partner, site, [], premade=True, size=quantity, bank_cards=accounts
    )
    if partner is not None:
        _check(made, accounts)
        batch_moves(made, "export-bank")
        batch_moves(made, "import-bank")
    act.about(made, number=made.number, cards=quantity)
    return made


def nobodys(batch: Batch) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of the list of a batch of pre-made cards: their accounts."""
    for turn in range(batch.size):
        account = {PAN: batch.bank_cards[turn]} if batch.bank_cards else {}
        yield turn + FIRST_ROW, {"card": str(turn + 1), **account}


def _bank(code: str) -> Organization:
    found = organization_of(code)
    if found.kind != Kind.BANK:
        raise Refusal("cards.no-bank")
    return found


def _check(batch: Batch, accounts: Sequence[str]) -> None:
    """Every account is a right one, and no other card's. Batches of the bank that are not in the register
    yet are looked through, one former after the other."""
    for turn, each in enumerate(accounts, 1):
        try:
            check_pan(each)
        except PersonalizationError as error:
            raise _unfit(f"{turn}: {error}") from error
    next_number(f"premade {batch.bank_id}")
    wanted = set(accounts)
    taken = len(wanted) < len(accounts) or Card.objects.filter(bank_card__in=wanted).exists()
    under_way = Batch.objects.filter(premade=True, bank=batch.bank, prepared_at=None)
    others = under_way.exclude(pk=batch.pk).exclude(status="called-off").values_list("bank_cards", flat=True)
    if taken or any(wanted.intersection(each) for each in others):
        raise Refusal("cards.premade-account-taken")


def _unfit(why: str) -> Refusal:
    return Refusal("cards.premade-accounts", why=why)
