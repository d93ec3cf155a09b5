"""What cards ask of the registry of people, and what follows here when a person changes (D-01 to D-07)."""

from collections.abc import Sequence

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Card, Product
from shebaoka.office.organizations.acts import Act
from shebaoka.office.people.card_items import card_items
from shebaoka.office.people.models import Person
from shebaoka.office.people.readiness import Lack, shortcomings

_REFUSED = {
    Lack.DEAD: "cards.dead",
    Lack.DUPLICATE: "cards.duplicate",
    Lack.GUARDIAN: "cards.guardian-lacking",
}

FACE = frozenset({"SSSE.EF06.08", "SSSE.EF06.09", "SSSE.EF06.0A", "SSSE.EF06.0D", "SSSE.EF08"})
"""What is printed on the card as well: number, name, sex, birth, photo."""
_TO_UPDATE = ("ordered", "made", "outlet", "held")
"""A card whose contents were prepared already lacks the change as much as one in use."""


def demand_ready(person: Person, product: Product) -> None:
    """Raises Refusal while something stands between the person and a card: an open duplicate, a death, a
    guardian, a name that chip or face cannot show, a photo where the product has one."""
    for each in shortcomings(person, photo=product.photo):
        if each.waits:
            code = _REFUSED.get(each.lack, "cards.person-not-ready")
            raise Refusal(code, lack=f"{each.lack.value} {each.detail}".strip())


def live_cards_stand_against(stays: Person, goes: Person) -> None:
    """Raises Refusal ``cards.has-card`` when the entry that goes has a card that is not over: it ends, or is
    exchanged, first."""
    if Card.objects.filter(person=goes).exclude(social__in=("6", "9")).exists():
        raise Refusal("cards.has-card")


def follow_person(act: Act, person: Person, places: Sequence[str]) -> None:
    """Changed places of a person wait for the chips of her cards; what is printed too is noted as a matter
    of an exchange. A death is acted on by the daily job."""
    from shebaoka.office.cards.services.updating import note_exchange, queue

    wanted = [place for place in places if "." in place]
    cards = Card.objects.filter(person=person, plastic__in=_TO_UPDATE).exclude(social__in=("6", "9"))
    if not wanted or not cards:
        return
    values = card_items(person)
    face = [place for place in wanted if place in FACE]
    for card in cards:
        queue(act, card, {place: values.get(place, "") for place in wanted if place not in FACE}, "people")
        note_exchange(act, card, face)
