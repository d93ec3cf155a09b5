"""Card and PIN in a reader: whether a card in the holder's hand answered a challenge with its PIN verified.

What a page says is believed of nothing. The card is found by its identification code; its answers are
checked under keys that the vault of its issuer derives for this one card (:mod:`shebaoka.terminal.holder`).
That a PIN was set is what the register knows: it was set or reset at a counter; a chip without one answers
without one."""

from secrets import token_bytes

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.production.keys import vault_of
from shebaoka.office.people.models import Person
from shebaoka.terminal.errors import TerminalError
from shebaoka.terminal.holder import CHALLENGE, HolderAnswer, proves
from shebaoka.terminal.vault_keys import VaultKeys

WRONG, REFUSED, NO_PIN = "access.proof-wrong", "access.card-refused", "access.card-without-pin"
_IN_USE = "1"
_SET = ("PIN change", "PIN reset")


def new_challenge() -> bytes:
    """For one answer."""
    return token_bytes(CHALLENGE)


def weighed(person: Person | None, challenge: bytes, answer: str) -> str:
    """Why an answer to ``challenge`` does not prove ``person``, as the code of a refusal; empty when it does.
    That a card is refused is told to nobody but who has it and knows its PIN."""
    card = card_that_answered(challenge, answer)
    if card is None or person is None or card.person_id != person.pk:
        return WRONG
    return refused(card)


def card_that_answered(challenge: bytes, answer: str) -> Card | None:
    """The card whose keys, and whose PIN as far as it has one, made the answer."""
    try:
        given = HolderAnswer.of(answer)
    except ValueError:
        return None
    card = Card.objects.select_related("organization", "person__agency").filter(code=given.code).first()
    if len(challenge) != CHALLENGE or card is None or not _answered(card, challenge, given):
        return None
    return card


def refused(card: Card) -> str:
    """Why a card is no key, as the code of a refusal; empty when it is one."""
    if card.social != _IN_USE or card.plastic != "held" or card.valid_until < clock.today():
        return REFUSED
    return "" if card.events.filter(why__in=_SET).exists() else NO_PIN


def _answered(card: Card, challenge: bytes, given: HolderAnswer) -> bool:
    if card.historical != given.historical.hex().upper():
        return False
    try:
        return proves(given, challenge, VaultKeys(vault_of(card.organization)))
    except (Refusal, TerminalError):
        return False
