"""The electronic card (电子社会保障卡): opened with a consent, shown as a QR code, checked by a terminal.

Its state is the physical card's: lost, locked or cancelled, it serves nobody (R-63)."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card, ElectronicCard, TokenUse
from shebaoka.office.cards.services.common import person_locked
from shebaoka.office.cards.services.showing import pin_was_shown
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.people.models import Person
from shebaoka.terminal.electronic import QrToken, checked, signed
from shebaoka.terminal.errors import CardRefusedError

_PURPOSE = b"shebaoka electronic card"
_PROVED = (Proof.IDENTITY, Proof.FACE)
_BY_CARD = frozenset({Proof.PIN})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a verified token says (R-63): whose it is by a reference, the card's state, the level; the number
    only for who may know it."""

    reference: str
    social: str
    bank: str
    level: int
    usable: bool
    number: str = ""


@service("cards.electronic.open")
def electronic_open(act: Act, *, person: UUID, password: str, proof: Proof) -> ElectronicCard:
    """The holder consents and chooses six digits. Raises Refusal ``cards.proof``, ``cards.no-usable-card``,
    ``cards.electronic-open``, ``cards.electronic-password``."""
    found = _hers(act, person, proof)
    card = _usable(found)
    if ElectronicCard.objects.filter(person=found, closed_at=None).exists():
        raise Refusal("cards.electronic-open")
    made = ElectronicCard.objects.create(
        person=found,
        card=card,
        reference=secrets.token_hex(16),
        password=_hashed(password, found),
        opened_at=act.time,
    )
    act.about(made)
    return made


@service("cards.electronic.reset")
def electronic_reset(act: Act, *, person: UUID, password: str, proof: Proof) -> ElectronicCard:
    """Another password for who proved who she is; no other secret opens this."""
    found = _hers(act, person, proof)
    electronic = _locked(found)
    electronic.password = _hashed(password, found)
    electronic.failures, electronic.wait_until = 0, None
    electronic.save(update_fields=["password", "failures", "wait_until"])
    act.about(electronic)
    return electronic


@service("cards.electronic.close")
def electronic_close(act: Act, *, person: UUID, proof: Proof) -> ElectronicCard:
    """The holder does not want it any more (解除关联)."""
    electronic = _locked(_hers(act, person, proof))
    electronic.closed_at = act.time
    electronic.save(update_fields=["closed_at"])
    act.about(electronic)
    return electronic


@service("cards.electronic.enter")
def _entered(act: Act, *, person: UUID, password: str) -> ElectronicCard | None:
    """One try; None when it was wrong, which is counted whatever the caller says then."""
    found = person_locked(act, person)
    act.on(found.agency)
    electronic = _locked(found)
    act.about(electronic)
    if electronic.wait_until is not None and electronic.wait_until > act.time:
        raise Refusal("cards.electronic-waits", until=f"{electronic.wait_until:%H:%M}")
    right = check_password(password, electronic.password)
    electronic.failures = 0 if right else electronic.failures + 1
    electronic.wait_until = None
    if electronic.failures >= parameter(found.agency, "cards.electronic-failures"):
        minutes = parameter(found.agency, "cards.electronic-wait-minutes")
        electronic.failures, electronic.wait_until = 0, act.time + timedelta(minutes=minutes)
    electronic.save(update_fields=["failures", "wait_until"])
    return electronic if right else None


def electronic_qr(actor: Actor, *, person: UUID, password: str) -> str:
    """The text of a QR code, signed, good for the region's seconds and one use. Raises Refusal
    ``cards.electronic-wrong``, ``cards.electronic-waits``, ``cards.no-usable-card``."""
    electronic = _entered(actor, person=person, password=password)
    if electronic is None:
        raise Refusal("cards.electronic-wrong")
    card = _usable(electronic.person)
    seconds = parameter(electronic.person.agency, "cards.electronic-seconds")
    token = QrToken(
        electronic.reference,
        secrets.token_hex(16),
        2 if card.bank == "active" else 1,
        clock.now() + timedelta(seconds=seconds),
    )
    return signed(token, _key())


@service("cards.electronic.verify")
def electronic_verify(
    act: Act, *, organization: Organization, token: str, identified: bool = False
) -> Answer:
    """What a terminal asks after a QR code was shown: taken once everywhere. ``identified``: the terminal's
    staff may know the number. Raises Refusal ``cards.electronic-refused`` with the reason."""
    act.on(organization)
    try:
        found = checked(token, [public_key()], act.time)
    except CardRefusedError as error:
        raise Refusal("cards.electronic-refused", why=error.text()) from error
    electronic = ElectronicCard.objects.select_related("person").filter(reference=found.reference).first()
    if electronic is None or electronic.closed_at is not None:
        raise Refusal("cards.electronic-refused", why="")
    try:
        with transaction.atomic():
            TokenUse.objects.create(electronic=electronic, serial=found.serial, at=act.time, by=organization)
    except IntegrityError:
        raise Refusal("cards.electronic-used") from None
    card = _current(electronic.person)
    act.about(electronic, identified=identified)
    social, bank = (card.social, card.bank) if card is not None else ("9", "none")
    return Answer(
        found.reference,
        social,
        bank,
        found.level,
        usable=social == "1",
        number=electronic.person.number if identified and social == "1" else "",
    )


def public_key() -> Ed25519PublicKey:
    """What terminals check QR codes with."""
    return _key().public_key()


def _hers(act: Act, pk: UUID, proof: Proof) -> Person:
    """The holder, who proved herself: by her document or face, or by her card, which took its PIN just now
    (:func:`~shebaoka.office.cards.services.showing.pin_verified`); the portal checks card and PIN itself."""
    if proof not in _PROVED and proof not in _BY_CARD:
        raise Refusal("cards.proof")
    found = person_locked(act, pk)
    act.on(found.agency)
    here = act.actor.channel != Channel.PORTAL
    if proof in _BY_CARD and here and not pin_was_shown(act, found):
        raise Refusal("cards.pin-not-shown")
    return found


def _current(person: Person) -> Card | None:
    held = Card.objects.filter(person=person, kind="full", plastic__in=("held", "gone"))
    return held.exclude(social__in=("6", "9")).first()


def _usable(person: Person) -> Card:
    """The electronic card follows the card in the holder's hands, also after a replacement."""
    card = _current(person)
    if card is None or card.social != "1":
        raise Refusal("cards.no-usable-card")
    return card


def _locked(person: Person) -> ElectronicCard:
    found = ElectronicCard.objects.select_for_update(of=("self",), no_key=True).select_related(
        "person__agency"
    )
    electronic = found.filter(person=person, closed_at=None).first()
    if electronic is None:
        raise Refusal("cards.no-electronic")
    return electronic


def _hashed(password: str, person: Person) -> str:
    """Six digits that are not all the same, no run, and not of the birth date or number."""
    runs = "01234567890 09876543210"
    birth = f"{person.birth:%Y%m%d}"
    if (
        len(password) != 6
        or not (password.isascii() and password.isdigit())
        or len(set(password)) == 1
        or password in runs
        or password in (birth[2:], birth[:6], person.number[-6:])
    ):
        raise Refusal("cards.electronic-password")
    return make_password(password)


def _key() -> Ed25519PrivateKey:
    secret = HKDF(hashes.SHA256(), 32, salt=None, info=_PURPOSE).derive(settings.SECRET_KEY.encode())
    return Ed25519PrivateKey.from_private_bytes(secret)
