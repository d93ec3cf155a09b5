"""Signing in, second step: what shows that she is the holder. Nothing tells whether the number is anybody's.

Tries at codes of the telephone and the letter are counted; card and PIN and the counter's code, which nobody
guesses, are not and never wait."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext, override

from shebaoka.domain.guessing import Ladder
from shebaoka.office.access.card_proof import WRONG, new_challenge, weighed
from shebaoka.office.access.choices import IDENTIFYING, STRONG, Proof, Tallied
from shebaoka.office.access.models import ActivationCode, LetterCode, SignInBegun
from shebaoka.office.access.sending import send
from shebaoka.office.access.services.messages import language_of
from shebaoka.office.access.tallies import ACT, Counted, forgive, reserve
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.codes import typed
from shebaoka.office.organizations.sealing import digest, fits
from shebaoka.office.parameters.region_rules import region_rules
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.people.models import Person

_DIGITS = 6
_TRIES = Ladder(5, timedelta(minutes=1), timedelta(minutes=30))
_SENDINGS = Ladder(3, timedelta(minutes=2), timedelta(hours=2))


def code_send(id: UUID) -> None:
    """Sends a code to the registered telephone, if there is one. Raises Refusal ``over``, ``wait``."""
    begun = awaited(id)
    reserve([Counted(Tallied.SENDING, digest(begun.number_digest, "sending"), _SENDINGS)])
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
    person = begun.person if not begun.strong_only else None
    minutes = parameter(person.agency if person else "000000", "enquiry.code-minutes")
    with writing(ACT):
        SignInBegun.objects.filter(pk=begun.pk).update(
            code=digest(code, f"code {begun.pk}"), code_ends_at=clock.now() + timedelta(minutes=minutes)
        )
        with override(language_of(person)):
            text = gettext("Your code for the social security portal is %(code)s. Tell it to nobody.")
        send(person.phone if person else "", text % {"code": code})


def card_challenge(id: UUID) -> bytes:
    """What a card is asked with next, for one answer of this sign-in; the one before is void. Raises Refusal
    ``over``."""
    with writing(ACT):
        begun = awaited(id, lock=True)
        begun.challenge = made = new_challenge()
        begun.save(update_fields=["challenge"])
        return made


def proof_give(id: UUID, *, proof: Proof, answer: str) -> SignInBegun:
    """The sign-in, proven: a new password is awaited. ``answer``: the code as typed, or what the reader
    service gave for the challenge. Raises Refusal ``proof-wrong``, ``card-refused``, ``card-without-pin``,
    ``over``, ``wait``."""
    begun = awaited(id)
    counted = [Counted(Tallied.PROOF, digest(begun.number_digest, "proof"), _TRIES)]
    if proof not in STRONG:
        reserve(counted)
    with writing(ACT):
        begun = awaited(id, lock=True)
        refused = _refused(begun, proof, answer)
        if not refused:
            begun.proven_by = proof
            begun.save(update_fields=["proven_by"])
    if refused:
        raise Refusal(refused)
    if proof not in STRONG:
        forgive(counted)
    return begun


def awaited(id: UUID, *, lock: bool = False) -> SignInBegun:
    """The sign-in that awaits its second proof. Raises Refusal ``over``."""
    found = SignInBegun.objects.select_related("person__agency")
    if lock:
        found = found.select_for_update(of=("self",))
    begun = found.filter(pk=id, finished_at=None, proven_by="", ends_at__gt=clock.now()).first()
    if begun is None:
        raise Refusal("access.over")
    return begun


def _refused(begun: SignInBegun, proof: Proof, answer: str) -> str:
    """Why it proves nothing, empty when it does."""
    if begun.strong_only and proof not in STRONG:
        return WRONG
    if proof is Proof.CARD:
        asked, begun.challenge = bytes(begun.challenge), b""
        begun.save(update_fields=["challenge"])
        return weighed(begun.person, asked, answer)
    return "" if _fits(begun, proof, answer) else WRONG


def _fits(begun: SignInBegun, proof: Proof, answer: str) -> bool:
    match proof:
        case Proof.PHONE:
            return _phone_fits(begun, answer)
        case Proof.LETTER:
            return begun.person is not None and _letter_fits(begun.person, answer)
        case Proof.COUNTER:
            return begun.person is not None and _activation_fits(begun.person, answer)
    return False


def _phone_fits(begun: SignInBegun, answer: str) -> bool:
    """A code that was sent to nobody fits nothing, whatever was typed."""
    alive = begun.code_ends_at is not None and begun.code_ends_at > clock.now()
    right = fits("".join(answer.split()), f"code {begun.pk}", begun.code)
    reachable = begun.person is not None and begun.person.phone != ""
    if right and alive:
        SignInBegun.objects.filter(pk=begun.pk).update(code="", code_ends_at=None)
    return right and alive and reachable


def _letter_fits(person: Person, answer: str) -> bool:
    kept = (
        LetterCode.objects.select_for_update().filter(person=person, used_at=None, withdrawn_at=None).first()
    )
    if kept is None or not fits(typed(answer), f"letter {person.pk}", kept.digest):
        return False
    kept.used_at = clock.now()
    kept.save(update_fields=["used_at"])
    return True


def _activation_fits(person: Person, answer: str) -> bool:
    open_ones = ActivationCode.objects.select_for_update().filter(person=person, used_at=None)
    kept = open_ones.filter(withdrawn_at=None, ends_at__gt=clock.now()).first()
    if kept is None or not fits(typed(answer), f"activation {person.pk}", kept.digest):
        return False
    kept.used_at = clock.now()
    kept.save(update_fields=["used_at"])
    return True


def masked_for(begun: SignInBegun) -> timedelta | None:
    """How long details stay masked after this proof, None for not at all."""
    if begun.person is None or begun.proven_by in IDENTIFYING:
        return None
    return timedelta(hours=region_rules(begun.person.agency).enquiry_masked_hours)
