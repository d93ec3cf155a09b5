"""How cards end: cancellation, recovery and destruction of the plastic (注销; domain practice)."""

from enum import StrEnum
from uuid import UUID

import msgspec

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.services.blacklist import follow
from shebaoka.office.cards.services.common import card_locked, organization_of, step, words
from shebaoka.office.cards.services.handing import AT_COUNTER
from shebaoka.office.cards.services.recording import cards_step
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons


class Ground(StrEnum):
    """Why a card is cancelled."""

    DEATH = "death"
    LEFT = "left"
    SECOND = "second"
    TRANSFER = "transfer"
    COURT = "court"
    RETURNED = "returned"


class Destruction(msgspec.Struct, frozen=True):
    """Recovered and spoiled cards of a body, by identification code, destroyed before two persons."""

    organization: str
    codes: tuple[str, ...]
    certificate: str


@service("cards.card.cancel")
def card_cancel(
    act: Act, *, card: UUID, ground: Ground, proof: Proof, recovered: bool, document: str = ""
) -> Card:
    """The card ends for ever. Death needs the registry's word (people), a transfer or a court its
    ``document``. Not recovered plastic stays on the blacklist.

    Raises Refusal ``cards.not-dead``, ``cards.say-why``, ``cards.proof``, ``cards.not-now``."""
    found = card_locked(act, card)
    person = found.person
    if ground == Ground.DEATH and (person is None or person.died_on is None):
        raise Refusal("cards.not-dead")
    if ground in (Ground.TRANSFER, Ground.COURT):
        words(document)
    if ground not in (Ground.DEATH, Ground.COURT) and proof not in AT_COUNTER:
        raise Refusal("cards.proof")
    ended(act, found, recovered=recovered, why=f"{ground} {document}".strip(), proof=proof)
    act.about(found, ground=ground.value, recovered=recovered, document=document[:80])
    return found


@service("cards.card.cancel-dead")
def card_cancel_dead(act: Act, *, card: UUID) -> Card:
    """The registry says that the holder died: her card ends without anybody asking (SIAR art. 8)."""
    found = card_locked(act, card)
    if found.person is None or found.person.died_on is None:
        raise Refusal("cards.not-dead")
    ended(act, found, recovered=False, why=Ground.DEATH.value)
    act.about(found, ground=Ground.DEATH.value)
    return found


@service("cards.card.recover")
def card_recover(act: Act, *, card: UUID) -> Card:
    """The plastic of an ended card came back after all. Raises Refusal ``cards.not-ended``,
    ``cards.not-now``."""
    found = card_locked(act, card)
    if found.social not in ("6", "9"):
        raise Refusal("cards.not-ended", number=found.number)
    step(act, found, "recover")
    follow(act, found)
    act.about(found)
    return found


@two_persons("cards.card.destroy", Destruction)
def cards_destroy(act: Act, destruction: Destruction) -> Organization:
    """Recovered and spoiled plastic is destroyed. Raises Refusal ``base.not-found`` for a code that is not
    there to be destroyed, ``cards.say-why`` without certificate."""
    body = organization_of(destruction.organization)
    act.on(body)
    certificate = words(destruction.certificate, 80)
    codes = {code.strip().upper() for code in destruction.codes}
    cards = Card.objects.filter(organization=body, code__in=codes, plastic__in=("recovered", "spoiled"))
    lacking = codes - set(cards.values_list("code", flat=True))
    if lacking or not codes:
        raise Refusal("base.not-found", what=min(lacking, default="card"))
    count = cards_step(act, cards, {"plastic": "destroyed"}, "destroy", certificate)
    act.about(body, cards=count, certificate=certificate)
    return body


def ended(act: Act, card: Card, *, recovered: bool, why: str, proof: str = "") -> Card:
    """Cancelled, with the plastic as it is, within another act."""
    names = ["cancel"]
    if recovered and card.plastic in ("held", "made", "outlet", "gone"):
        names.append("recover")
    elif not recovered and card.plastic == "held":
        names.append("give-up")
    step(act, card, *names, proof=proof, why=why, lost_until=None, ended_at=act.time)
    follow(act, card)
    return card
