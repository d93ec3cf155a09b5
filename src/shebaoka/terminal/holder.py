"""Card and PIN as a key: a card answers a challenge that only this card, with its PIN verified, can answer.

Two commands prove it, each under a key that a vault derives for this one card. INTERNAL AUTHENTICATION over
16 bytes of the challenge proves the card (Part 7 §5.4). INITIALIZE FOR LOAD proves the PIN: the chip answers
it with a MAC only after the PIN was verified in this very session, else 6982 (Part 7 §11.2); other bytes of
the challenge stand where a terminal's number does, so that the MAC is of this challenge. It is asked twice,
for a MAC has four bytes only. The amount is zero, nothing follows and the card stays as it is: no host gives
money for what was signed here.

A card whose PIN was never set answers without one (decision K22): who checks must know that it was set."""

import re
from dataclasses import dataclass, field
from hmac import compare_digest

from shebaoka.codec.apdu import Command
from shebaoka.crypto.medical import load_mac1, load_session
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_entry
from shebaoka.terminal import pin
from shebaoka.terminal.errors import KeyMissingError, PaymentRefusedError, PinRuleError
from shebaoka.terminal.factors import CardFactors
from shebaoka.terminal.medical import DIRECTORY
from shebaoka.terminal.session import Session, select, send
from shebaoka.terminal.settings import IRK
from shebaoka.terminal.vault_keys import VaultKeys

CHALLENGE = 28
"""Bytes of a challenge: factor 8, original 8, and twice 6 in the place of a terminal's number."""
_NUMBERS = slice(16, 22), slice(22, 28)
_KEY_INDEX, _LOAD, _LOAD_CHARACTER, _INITIALIZED = b"\x01", 0x01, 0x31, 16
_ANSWER = re.compile(
    r"([0-9A-F]{32})\|([0-9A-F]{26})\|0([123])\|([123]\.0)\|([0-9A-F]{16})\|([0-9A-F]{64})\|"
)


@dataclass(frozen=True, slots=True)
class HolderAnswer:
    """What the card gave: identification ``code`` (32 hex digits), 13 ``historical`` bytes, ``generation``
    (``1.0``, ``2.0``, ``3.0``), ``card``: 8 bytes of INTERNAL AUTHENTICATION, ``holder``: twice 16
    bytes of INITIALIZE FOR LOAD."""

    code: str
    historical: bytes
    algorithm: Algorithm
    generation: str
    card: bytes = field(repr=False)
    holder: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """As it travels: ``code|historical|algorithm of the FCI|generation|card|holder|``, capital hex."""
        parts = (self.historical, bytes((self.algorithm.fci or 0,)), self.card, self.holder)
        historical, algorithm, card, holder = (part.hex().upper() for part in parts)
        return f"{self.code}|{historical}|{algorithm}|{self.generation}|{card}|{holder}|"

    @classmethod
    def of(cls, text: str) -> "HolderAnswer":
        """Of a text. Raises ValueError for anything else."""
        found = _ANSWER.fullmatch(text)
        if found is None:
            raise ValueError("this is no answer of a card")
        code, historical, algorithm, generation, card, holder = found.groups()
        return cls(
            code,
            bytes.fromhex(historical),
            Algorithm.from_fci(int(algorithm)),
            generation,
            bytes.fromhex(card),
            bytes.fromhex(holder),
        )


def answer(session: Session, challenge: bytes, code: str) -> HolderAnswer:
    """The card's answer; ``code`` is its PIN. Raises PinRuleError when none is set, PinError,
    StatusWordError, PaymentRefusedError for a card without a medical account."""
    if len(challenge) != CHALLENGE:
        raise ValueError(f"a challenge has {CHALLENGE} bytes, not {len(challenge)}")
    if not session.pin.set:
        raise PinRuleError("pin-not-set")
    proof = send(session, Command(0x00, 0x88, 0x00, 0x00, challenge[:16], 8), "INTERNAL AUTHENTICATION")
    pin.verify(session, code)
    select(session, DIRECTORY)
    loads = b"".join(_initialize(session, challenge[number]) for number in _NUMBERS)
    return HolderAnswer(
        session.identity.identification_code,
        session.historical,
        session.algorithm,
        session.layout.id[:3],
        proof.data,
        loads,
    )


def _initialize(session: Session, terminal: bytes) -> bytes:
    data = _KEY_INDEX + bytes(4) + terminal
    given = send(session, Command(0xB0, 0x28, 0x00, 0x01, data, _INITIALIZED), "INITIALIZE FOR LOAD").data
    if len(given) != _INITIALIZED:
        raise PaymentRefusedError("answer-length", command="INITIALIZE FOR LOAD", length=len(given))
    return given


def proves(given: HolderAnswer, challenge: bytes, keys: VaultKeys, *, ascii_types: bool = True) -> bool:
    """Whether the card with the code of ``given`` answered ``challenge`` after its PIN was verified.
    ``keys``: of the issuer of that card. Raises KeySourceError when the vault cannot tell."""
    factors = CardFactors(given.algorithm, given.code[:6], given.historical, given.generation)
    return _card(given, challenge, keys, factors) and _holder(
        given, challenge, keys, factors, _LOAD_CHARACTER if ascii_types else _LOAD
    )


def _card(given: HolderAnswer, challenge: bytes, keys: VaultKeys, factors: CardFactors) -> bool:
    key, right = key_entry(IRK, factors.generation), False
    for version in keys.key_versions(key, factors):
        try:
            expected = keys.authentication(key, factors, challenge[:8], challenge[8:16], version)
        except KeyMissingError:
            continue
        right |= compare_digest(expected, given.card)
    return right


def _holder(given: HolderAnswer, challenge: bytes, keys: VaultKeys, factors: CardFactors, kind: int) -> bool:
    right = True
    for start, number in zip((0, _INITIALIZED), _NUMBERS, strict=True):
        raw = given.holder[start : start + _INITIALIZED]
        dlk = keys.card_key(key_entry("DLK", factors.generation), factors, raw[6])
        session = load_session(dlk, raw[8:12], int.from_bytes(raw[4:6]))
        expected = load_mac1(session, int.from_bytes(raw[:4]), 0, kind, challenge[number])
        right &= compare_digest(expected, raw[12:16])
    return right
