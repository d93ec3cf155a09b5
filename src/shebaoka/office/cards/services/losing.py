"""Loss and release (挂失, 解挂): temporary for the region's days, formal until the card is replaced; the
bank's application is reported at the bank and apart (L-01 to L-06, R-61)."""

from datetime import timedelta
from uuid import UUID

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Application, Card
from shebaoka.office.cards.models.applications import OPEN
from shebaoka.office.cards.services.blacklist import follow
from shebaoka.office.cards.services.common import card_locked, step, words
from shebaoka.office.cards.services.handing import AT_COUNTER, bank_card_locked
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.parameters.selectors import switch

_REMOTE = frozenset({Proof.FACE})
"""Proofs that release a report from the portal."""


@service("cards.loss.temporary")
def loss_temporary(act: Act, *, card: UUID, proof: Proof, why: str = "") -> Card:
    """By telephone, online or at a counter; from this second nobody pays with the card. Ends by itself after
    the region's days where the region says so. Raises Refusal ``cards.not-handed-out``, ``cards.not-now``."""
    found = card_locked(act, card)
    _with_holder(found)
    days = parameter(found.organization, "cards.temporary-loss-days")
    before = found.social
    step(
        act,
        found,
        "lose-temporarily",
        proof=proof,
        why=why,
        social_before=before,
        lost_at=act.time,
        lost_until=act.time + timedelta(days=days),
    )
    follow(act, found)
    act.about(found, days=days, proof=proof.value)
    return found


@service("cards.loss.formal")
def loss_formal(act: Act, *, card: UUID, proof: Proof, why: str) -> Card:
    """In writing at a counter, by the holder or her agent. A replacement follows. Raises Refusal
    ``cards.proof``, ``cards.not-now``, ``cards.say-why``."""
    found = card_locked(act, card)
    if proof not in AT_COUNTER:
        raise Refusal("cards.proof")
    _with_holder(found)
    before = found.social_before if found.social == "4" else found.social
    step(
        act,
        found,
        "lose-formally",
        proof=proof,
        why=words(why),
        social_before=before,
        lost_at=act.time,
        lost_until=None,
    )
    follow(act, found)
    act.about(found, proof=proof.value)
    return found


@service("cards.loss.release")
def loss_release(act: Act, *, card: UUID, proof: Proof) -> Card:
    """The card was found: as it was before the report. A formal report only where the region allows it, and
    nothing while a replacement is under way.

    Raises Refusal ``cards.proof``, ``cards.no-release``, ``cards.replacement-begun``, ``cards.not-now``."""
    found = card_locked(act, card)
    remote = found.social == "4" and proof in _REMOTE and act.actor.channel == Channel.PORTAL
    if proof not in AT_COUNTER and not remote:
        raise Refusal("cards.proof")
    formal = found.social == "2"
    if formal and not switch(found.organization, "cards.formal-loss-released"):
        raise Refusal("cards.no-release")
    if Application.objects.filter(person=found.person, status__in=OPEN).exists():
        raise Refusal("cards.replacement-begun")
    _released(act, found, "release-formal" if formal else "release", proof)
    act.about(found, proof=proof.value)
    return found


@service("cards.loss.expire")
def loss_expire(act: Act, *, card: UUID) -> Card:
    """The days of a temporary report are over (自动解挂). Raises Refusal ``cards.not-now`` before."""
    found = card_locked(act, card)
    if found.lost_until is None or found.lost_until > act.time:
        raise Refusal("cards.not-due", number=found.number)
    _released(act, found, "release", "")
    act.about(found)
    return found


@service("cards.card.lock")
def card_lock(act: Act, *, card: UUID, why: str) -> Card:
    """The administration stops the card (应用锁定)."""
    found = card_locked(act, card)
    step(act, found, "lock", why=words(why))
    follow(act, found)
    act.about(found, why=words(why))
    return found


@service("cards.card.unlock")
def card_unlock(act: Act, *, card: UUID, why: str) -> Card:
    """And lets it go on."""
    found = card_locked(act, card)
    step(act, found, "unlock", why=words(why))
    follow(act, found)
    act.about(found, why=words(why))
    return found


@service("cards.bank.lose")
def bank_lose(act: Act, *, card: UUID, formal: bool) -> Card:
    """What was reported at the bank; the social security application stays as it is. Raises Refusal
    ``cards.bank-only``, ``cards.not-now``."""
    found = bank_card_locked(act, card)
    before = found.bank_before if found.bank == "lost" else found.bank
    step(act, found, "lose-bank-formally" if formal else "lose-bank", bank_before=before)
    act.about(found, formal=formal)
    return found


@service("cards.bank.release")
def bank_release(act: Act, *, card: UUID) -> Card:
    """The bank releases its report."""
    found = bank_card_locked(act, card)
    step(act, found, "release-bank", back_to=found.bank_before, bank_before="")
    act.about(found)
    return found


@service("cards.bank.close")
def bank_close(act: Act, *, card: UUID) -> Card:
    """The bank closed the account of the card."""
    found = bank_card_locked(act, card)
    step(act, found, "close-bank")
    act.about(found)
    return found


def _with_holder(found: Card) -> None:
    """Only what was handed out can be lost. Raises Refusal ``cards.not-handed-out``."""
    if found.plastic not in ("held", "gone"):
        raise Refusal("cards.not-handed-out", number=found.number)


def _released(act: Act, found: Card, name: str, proof: str) -> None:
    step(
        act,
        found,
        name,
        proof=proof,
        back_to=found.social_before,
        social_before="",
        lost_at=None,
        lost_until=None,
    )
    follow(act, found)
