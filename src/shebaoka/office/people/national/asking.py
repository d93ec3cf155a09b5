"""What is asked before a card is issued (D-01 to D-06): own registry and national base."""

from dataclasses import dataclass

from shebaoka.office.people.models import Person
from shebaoka.office.people.national.base import BaseUnreachableError, Known, NationalBase
from shebaoka.office.people.national.client import base as national_base

LIVE = frozenset("01234")
"""States of AAZ502 of a card that is not over."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``reached``: whether the base answered; ``other_name``: the number is another name's there (D-04);
    ``dead``: it knows of her death (D-06); ``live_card_in``: six digits of the region of a live card."""

    reached: bool
    other_name: bool = False
    dead: bool = False
    live_card_in: str = ""

    def in_same_province(self, region: str) -> bool:
        """Whether the live card is of the same province, so that a new one is refused (D-02); of another one
        it is told to the holder, and the new one issued (D-03)."""
        return self.live_card_in != "" and self.live_card_in[:2] == region[:2]


def ask_before_issuing(person: Person, base: NationalBase | None = None) -> Answer:
    """By number and name. A base that does not answer is no reason to send a person away: the caller decides
    by its region's rule."""
    try:
        known: Known | None = (base or national_base()).find(person.number, person.name)
    except BaseUnreachableError:
        return Answer(reached=False)
    if known is None:
        return Answer(reached=True)
    live = known.region if known.card_state in LIVE and known.card_state else ""
    return Answer(True, not known.same_name, known.dead, live)
