"""A card reaches its holder and begins to serve: hand-out, and two activations (R-60; domain practice)."""

from datetime import timedelta
from uuid import UUID

from shebaoka.domain.card_states import machine
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.choices import ApplicationKind, CardKind, Proof
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.services.blacklist import follow
from shebaoka.office.cards.services.common import (
    application_moves,
    card_locked,
    live_card,
    step,
)
from shebaoka.office.cards.words import state_words
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.parameters.selectors import number as parameter

AT_COUNTER = (Proof.IDENTITY, Proof.PIN, Proof.AGENT, Proof.ELECTRONIC)
"""The electronic card stands for the physical one (domain practice), where a card is not handed out."""
_OF_THE_OLD_CARD, _BY_ANOTHER = frozenset({Proof.ELECTRONIC}), frozenset({Proof.AGENT})


@service("cards.card.hand-out")
def card_hand_out(
    act: Act, *, card: UUID, proof: Proof, agent: str = "", old_recovered: bool = False
) -> Card:
    """Into the hands of its holder, or of her agent, who proved who they are. The card it replaces ends in
    the same act: an exchanged one is taken back (``old_recovered``), a lost one is dead everywhere.

    Raises Refusal ``cards.proof``, ``cards.agent``, ``cards.old-card`` (exchange without the old card),
    ``cards.temporary-first``, ``cards.dead``, ``cards.not-now``."""
    found = card_locked(act, card)
    if found.person is None:
        raise Refusal("cards.nobodys")
    if not machine("plastic").may("hand-out", found.plastic) or found.social != "0":
        key, state = ("plastic", found.plastic) if found.social == "0" else ("social", found.social)
        raise Refusal("cards.not-now", number=found.number, state=state_words(key, state))
    if proof in _OF_THE_OLD_CARD:  # it ends with the old card, and is bound to the new one after this
        raise Refusal("cards.proof")
    _proved(proof, agent)
    if found.person.died_on is not None:
        raise Refusal("cards.dead")
    application = found.application
    if found.kind == CardKind.FULL:
        if _temporary_out(found):
            raise Refusal("cards.temporary-first")
        old = live_card(found.person)
        if old is not None:
            _end_old(act, old, found, old_recovered)
    step(act, found, "hand-out", proof=proof, why=agent, handed_at=act.time)
    if application is not None and application.status == "ready":
        application_moves(application, "close")
    act.about(found, kind=found.kind, proof=proof.value)
    return found


@service("cards.card.activate")
def card_activate(act: Act, *, card: UUID, proof: Proof) -> Card:
    """The social security application begins to serve (启用), at a counter of the agency or an authorized
    bank. Raises Refusal ``cards.proof``, ``cards.not-handed-out``, ``cards.activation-late``,
    ``cards.expired``, ``cards.not-now``."""
    found = card_locked(act, card)
    _proved(proof, "-")
    if found.plastic != "held" or found.handed_at is None:
        raise Refusal("cards.not-handed-out", number=found.number)
    days = parameter(found.organization, "cards.activation-days")
    if act.time > found.handed_at + timedelta(days=days):
        raise Refusal("cards.activation-late", days=days)
    if clock.today() > found.valid_until:
        raise Refusal("cards.expired", number=found.number)
    step(act, found, "activate", proof=proof, activated_at=act.time)
    act.about(found, proof=proof.value)
    return found


@service("cards.bank.activate")
def bank_activate(act: Act, *, card: UUID, proof: Proof) -> Card:
    """The bank's application begins to serve: only the bank does it, with the holder present (real name).
    Raises Refusal ``cards.bank-only``, ``cards.proof``, ``cards.not-handed-out``, ``cards.not-now``."""
    found = bank_card_locked(act, card)
    if proof not in (Proof.IDENTITY, Proof.PIN):
        raise Refusal("cards.proof")
    if found.plastic != "held":
        raise Refusal("cards.not-handed-out", number=found.number)
    step(act, found, "activate-bank", proof=proof)
    act.about(found, proof=proof.value)
    return found


def bank_card_locked(act: Act, pk: UUID) -> Card:
    """A card whose bank's own staff act. Raises Refusal ``cards.bank-only``."""
    found = card_locked(act, pk)
    own = act.actor.organization
    bank = found.bank_body
    if bank is None or not (bank.contains(own) or (act.actor.staff is None and own.contains(bank))):
        raise Refusal("cards.bank-only")
    if own.kind != Kind.BANK and act.actor.staff is not None:
        raise Refusal("cards.bank-only")
    return found


def _proved(proof: Proof, agent: str) -> None:
    if proof not in AT_COUNTER:
        raise Refusal("cards.proof")
    if proof in _BY_ANOTHER and not agent.strip():
        raise Refusal("cards.agent")


def _temporary_out(card: Card) -> bool:
    others = Card.objects.filter(person=card.person, kind="temporary", plastic="held")
    return others.exclude(social__in=("6", "9")).exists()


def _end_old(act: Act, old: Card, new: Card, recovered: bool) -> None:
    """The card that the new one replaces: dead for everybody."""
    application = new.application
    lost = application is not None and application.kind == ApplicationKind.REISSUE
    if not lost and not recovered and old.social not in ("2", "4"):
        raise Refusal("cards.old-card", number=old.number)
    if application is None or application.kind == ApplicationKind.NEW:
        raise Refusal("cards.has-card")
    plastic = "recover" if recovered else "give-up" if old.plastic == "held" else ""
    names = ("cancel", *([plastic] if plastic else []))
    step(act, old, *names, why=f"{new.number}", lost_until=None, ended_at=act.time)
    follow(act, old)
    new.replaces = old
    new.save(update_fields=["replaces"])
