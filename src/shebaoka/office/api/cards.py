"""Cards: verified by whoever is shown one, and their status for the bodies they belong to."""

from datetime import date, datetime
from typing import Literal

from ninja import Field, Router
from pydantic import ConfigDict, model_validator

from shebaoka.office.api.callers import TOKEN, Asked
from shebaoka.office.api.shapes import Answer, Question, State, problems
from shebaoka.office.cards.choices import CardKind
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.words import state_words
from shebaoka.office.interfaces.looking_up import cards_asked, verified

router = Router(auth=TOKEN, tags=["Cards"])
_CODE, _NUMBER = r"^[0-9A-Fa-f]{32}$", r"^[A-Za-z0-9]{8}-?[0-9Xx]$"
_PERSON = r"^[0-9A-Za-z]{15,18}$"


class CardShown(Question):
    """A card as it was read: both stand in SSSE/EF05."""

    identification_code: str = Field(pattern=_CODE, description="Identification code, 32 hex digits.")
    number: str = Field(pattern=_NUMBER, description="Card number, nine characters.")


class Verified(Answer):
    """Whether the card may be used today."""

    verdict: Literal["valid", "not-valid", "unknown"]
    reason: str = Field(description="Empty when valid; else a code: lost, locked, expired ...")
    text: str = Field(description="The reason in the language of the question.")


class CardSought(Question):
    """Which card: one of the three."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"minProperties": 1, "maxProperties": 1})

    identification_code: str = Field("", pattern=_CODE)
    number: str = Field("", pattern=_NUMBER)
    person: str = Field("", pattern=_PERSON, description="Social security number: all her cards.")

    @model_validator(mode="after")
    def _one(self) -> "CardSought":
        if len(self.model_fields_set) != 1:
            raise ValueError("one of identification_code, number, person")
        return self


class CardStatus(Answer):
    """A card's status: three things with states of their own."""

    identification_code: str
    number: str
    kind: CardKind
    issuer: str = Field(description="Code of the issuing body.")
    social: State = Field(description="Social security application, AAZ502.")
    bank: State = Field(description="Bank application.")
    plastic: State
    issued_on: date
    valid_until: date
    lost_until: datetime | None = Field(description="End of a temporary loss report.")


class CardsFound(Answer):
    """The cards, the newest first; none when there is none of the token's area."""

    items: list[CardStatus]


@router.post("/verify", response={200: Verified, **problems(403, 413, 429)})
def verify(request: Asked, question: CardShown) -> Verified:
    """Valid, not valid or unknown, with the reason; for cards of every region. Scope `cards.verify`."""
    purpose = request.auth.demand("cards.verify")
    found = verified(
        request.auth.actor, code=question.identification_code, number=question.number, purpose=purpose
    )
    return Verified(verdict=found.verdict, reason=found.reason, text=str(found.text))


@router.post("/status", response={200: CardsFound, **problems(403, 413, 429)})
def status(request: Asked, question: CardSought) -> CardsFound:
    """Status of the social security application and of the bank's, for cards of the token's area. Scope
    `cards.status`."""
    purpose = request.auth.demand("cards.status")
    found = cards_asked(
        request.auth.actor,
        code=question.identification_code,
        number=question.number,
        person=question.person,
        purpose=purpose,
    )
    return CardsFound(items=[_told(card) for card in found])


def _told(card: Card) -> CardStatus:
    states = {
        key: State(code=getattr(card, key), text=str(state_words(key, getattr(card, key))))
        for key in ("social", "bank", "plastic")
    }
    return CardStatus(
        identification_code=card.code,
        number=card.number,
        kind=CardKind(card.kind),
        issuer=card.organization.code,
        issued_on=card.issued_on,
        valid_until=card.valid_until,
        lost_until=card.lost_until,
        **states,
    )
