"""What cards ask of the registry of people, and what follows here when a person changes (D-01 to D-07)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Application, Card, Product
from shebaoka.office.cards.models.applications import OPEN
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.card_items import card_items
from shebaoka.office.people.hooks import TELL
from shebaoka.office.people.models import Change, Person
from shebaoka.office.people.national.asking import ask_before_issuing
from shebaoka.office.people.readiness import Lack, shortcomings
from shebaoka.office.people.services.noting import send_soon

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


def demand_known(person: Person, issuer: Organization, *, new: bool) -> None:
    """What the national base says before a card is issued (D-01): another name under the number (D-04) and a
    death (D-06) are refused; a live card in the same province too when a first one is applied for (D-02),
    where this office has no word of its own. A base that does not answer sends nobody away. Raises
    Refusal."""
    answer = ask_before_issuing(person)
    if answer.dead:
        raise Refusal("cards.dead")
    if answer.other_name:
        raise Refusal("cards.duplicate")
    if new and answer.live_card_in != issuer.region and answer.in_same_province(issuer.region):
        raise Refusal("cards.has-card")


def card_states(people: Sequence[UUID]) -> Mapping[UUID, str]:
    """States (AAZ502) of the live cards of persons, as the national base is told (D-08)."""
    found = Card.objects.filter(person__in=people, kind="full", plastic__in=("held", "gone"))
    return dict(found.exclude(social__in=("6", "9")).values_list("person_id", "social"))


def tell_base(act: Act, card: Card) -> None:
    """The national base hears of another state of a card at once (D-08)."""
    if card.person is None:
        return
    Change.objects.create(
        person=card.person, region=card.person.region, act=act.name, at=act.time, next_at=act.time
    )
    send_soon()


def tell_holder(card: Card, acts: Sequence[str]) -> None:
    """The holder hears of a step of her card's life."""
    if card.person is not None:
        for act in acts:
            for tell in TELL:
                tell(card.person, f"card-{act}", {"card": card.number[-4:]})


def live_cards_stand_against(stays: Person, goes: Person) -> None:
    """Raises Refusal ``cards.has-card`` when the entry that goes has a card that is not over: it ends, or is
    exchanged, first."""
    if Card.objects.filter(person=goes).exclude(social__in=("6", "9")).exists():
        raise Refusal("cards.has-card")


def cards_under_way_stand_against(person: Person, to: Organization) -> None:
    """Raises Refusal ``cards.applied`` while a card of hers is applied for or made at the place she leaves:
    it is handed out, or withdrawn, first."""
    del to
    made = Card.objects.filter(person=person, plastic__in=("ordered", "made", "outlet"))
    if (
        Application.objects.filter(person=person, status__in=OPEN).exists()
        or made.exclude(social__in=("6", "9")).exists()
    ):
        raise Refusal("cards.applied")


def follow_person(act: Act, person: Person, places: Sequence[str]) -> None:
    """Changed places of a person wait for the chips of her cards; what is printed too is noted as a matter
    of an exchange. A death is acted on by the daily job.

    A card whose contents are listed but that is not in the register yet gets the change when it comes there:
    until then it is kept with the application, whose lock keeps the two apart."""
    from shebaoka.office.cards.services.updating import note_exchange, queue

    wanted = [place for place in places if "." in place]
    if not wanted:
        return
    _keep_for_coming(person, wanted)
    cards = Card.objects.filter(person=person, plastic__in=_TO_UPDATE).exclude(social__in=("6", "9"))
    if not cards:
        return
    values = card_items(person)
    face = [place for place in wanted if place in FACE]
    for card in cards:
        queue(act, card, {place: values.get(place, "") for place in wanted if place not in FACE}, "people")
        note_exchange(act, card, face)


def _keep_for_coming(person: Person, places: Sequence[str]) -> None:
    """Waits for a batch that is just taking the application in, or its card into the register."""
    open_ = Application.objects.select_for_update(no_key=True).filter(person=person, status__in=OPEN).first()
    if open_ is not None and open_.status == "batched":
        open_.changed = sorted({*open_.changed, *places})
        open_.save(update_fields=["changed"])
