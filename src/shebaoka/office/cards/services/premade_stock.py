"""Pre-made cards at an outlet are value stock: counted, spoiled, moved by two persons (domain practice)."""

from collections.abc import Iterable

import msgspec
from django.db.models import Q, QuerySet

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.issuers import issuer_of
from shebaoka.office.cards.models import Card, StockTake
from shebaoka.office.cards.services.blacklist import follow
from shebaoka.office.cards.services.common import organization_of, product_of, step, words
from shebaoka.office.cards.services.recording import cards_step
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.organizations.two_persons import two_persons


class PremadeCount(msgspec.Struct, frozen=True):
    """What lies at an outlet of a product of ``organization``; ``missing``: cards that are not there, by
    identification code or account, with the ``explanation``."""

    outlet: str
    organization: str
    product: str
    counted: int
    missing: tuple[str, ...] = ()
    explanation: str = ""


class PremadeSpoil(msgspec.Struct, frozen=True):
    """Cards of an outlet that nobody can get, punched and kept."""

    outlet: str
    cards: tuple[str, ...]
    why: str


class PremadeMove(msgspec.Struct, frozen=True):
    """Cards that go to another outlet, or back to the issuing body, with their ``document``."""

    outlet: str
    to: str
    cards: tuple[str, ...]
    document: str


def lying(outlet: Organization) -> QuerySet[Card]:
    """Pre-made cards at an outlet that are nobody's."""
    return Card.objects.filter(outlet=outlet, person=None, batch__premade=True, plastic="outlet")


@two_persons("cards.premade.count", PremadeCount)
def premade_count(act: Act, count: PremadeCount) -> StockTake:
    """The cards were counted. What is missing ends and stands on the blacklist, so that nobody can use it.
    Raises Refusal ``cards.premade-count-differs``, ``cards.say-why`` for missing cards without explanation,
    ``base.not-found`` for a missing card that does not lie there."""
    outlet = organization_of(count.outlet)
    act.on(outlet)
    product = product_of(organization_of(count.organization), count.product)
    there = lying(outlet).filter(product=product)
    expected = len(there.select_for_update(of=("self",), no_key=True).order_by("pk"))
    gone = _chosen(there, count.missing) if count.missing else []
    if count.counted + len(gone) != expected:
        raise Refusal("cards.premade-count-differs", counted=count.counted, stock=expected)
    why = words(count.explanation) if gone else ""
    for card in gone:
        step(act, card, "cancel", "give-up", why=why, ended_at=act.time)
        follow(act, card)
    made = StockTake.objects.create(
        outlet=outlet,
        product=product,
        expected=expected,
        counted=count.counted,
        missing=len(gone),
        explanation=why,
        at=act.time,
        by=Staff.objects.get(number=act.persons["maker"]),
        checked_by=Staff.objects.get(number=act.actor.number),
    )
    act.about(made, expected=expected, counted=count.counted, missing=len(gone))
    return made


@two_persons("cards.premade.spoil", PremadeSpoil)
def premade_spoil(act: Act, spoil: PremadeSpoil) -> Organization:
    """Cards are spoiled; they are kept until they are destroyed like any others. Raises Refusal
    ``base.not-found``, ``cards.say-why``."""
    outlet = organization_of(spoil.outlet)
    act.on(outlet)
    chosen = [card.pk for card in _chosen(lying(outlet), spoil.cards)]
    columns = {"plastic": "spoiled", "social": "6"}
    count = cards_step(act, Card.objects.filter(pk__in=chosen), columns, "spoil+void", words(spoil.why))
    act.about(outlet, cards=count, why=spoil.why[:80])
    return outlet


@two_persons("cards.premade.move", PremadeMove)
def premade_move(act: Act, move: PremadeMove) -> Organization:
    """Cards are handed back to the issuing body, or go to another outlet of it. Raises Refusal
    ``base.not-found``, ``cards.say-why``."""
    outlet, to = organization_of(move.outlet), organization_of(move.to)
    act.on(outlet)
    if issuer_of(to) != issuer_of(outlet) or to == outlet:
        raise Refusal("base.not-found", what=move.to)
    chosen = [card.pk for card in _chosen(lying(outlet), move.cards)]
    document = words(move.document, 80)
    count = cards_step(act, Card.objects.filter(pk__in=chosen), {"outlet": to}, "move", document)
    act.about(outlet, to=to.code, cards=count, document=document)
    return outlet


def _chosen(there: QuerySet[Card], names: Iterable[str]) -> list[Card]:
    wanted = {each.strip().upper() for each in names} - {""}
    found = list(
        there.select_related("organization", "outlet", "product")
        .select_for_update(of=("self",), no_key=True)
        .filter(Q(code__in=wanted) | Q(bank_card__in=wanted))
        .order_by("pk")
    )
    lacking = wanted - {card.code for card in found} - {card.bank_card for card in found}
    if lacking or not wanted:
        raise Refusal("base.not-found", what=min(lacking, default="card"))
    return found
