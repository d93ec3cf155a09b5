"""Mutual proof: the card proves the issuer's key to the terminal, the terminal proves keys to the card."""

from hmac import compare_digest

from shebaoka.codec.apdu import Command, Response
from shebaoka.spec import sw
from shebaoka.terminal.errors import CloneError, DataError, KeySourceError, NotMatchingError
from shebaoka.terminal.session import Session, send
from shebaoka.terminal.settings import IRK
from shebaoka.terminal.versions import candidates, offer


def prove_card(session: Session) -> None:
    """INTERNAL AUTHENTICATION with two fresh 8-byte randoms (Part 7 §5.4). Raises CloneError when the answer
    is not that of the issuer's key, KeySourceError when the terminal cannot tell."""
    key = session.key(IRK)
    factor, original = session.settings.random(8), session.settings.random(8)

    def compute(version: int | None) -> bytes:
        return session.source.authentication(key, session.factors, factor, original, version)

    def ask(expected: bytes, version: int | None) -> Response:
        version = version or session.source.key_version(key, session.factors)
        suffix = b"" if version is None else bytes((version,))
        command = Command(0x00, 0x88, 0x00, 0x00, factor + original + suffix, 8)
        accept = (sw.OK, sw.KEY_NOT_FOUND)
        return send(session, command, "INTERNAL AUTHENTICATION", key=key, accept=accept)

    response, expected = offer(session, key, compute, ask)
    served = session.source.key_version(key, session.factors)
    if response.sw == sw.KEY_NOT_FOUND and served is not None:
        raise NotMatchingError(
            "key-versions-not-on-card", key=key.name, versions=str(served), source=session.source.name
        )
    if response.sw != sw.OK or not compare_digest(response.data, expected):
        raise CloneError("card-not-genuine", origin=session.source.origin(key, session.factors))
    session.authentic = True


def challenge(session: Session, length: int = 8) -> bytes:
    """A random of the card (4, 8 or 16 bytes), good for one use in the current directory. Raises DataError
    when the card gives another number of bytes."""
    random = send(session, Command(0x00, 0x84, 0x00, 0x00, le=length), "GET CHALLENGE").data
    if len(random) != length:
        raise DataError("answer-length", command="GET CHALLENGE", length=len(random))
    return random


def authenticate(session: Session, name: str, version: int | None = None) -> None:
    """EXTERNAL AUTHENTICATION with a key of the current directory or a global one (Part 7 §6.2-6.6).

    ``version`` 1-255, or None for the one the key source serves. Raises KeySourceError before the card
    counts anything, StatusWordError with the tries left when the card refuses.
    """
    key = session.key(name)
    if key.identifier is None:
        raise KeySourceError("key-not-for-authentication", key=name, use=key.use)
    identifier = key.identifier
    several = () if version is not None else candidates(session, key)

    def compute(version: int | None) -> bytes:
        random, original = challenge(session), session.settings.random(8)
        return session.source.authentication(key, session.factors, random, original, version) + original

    def ask(proof: bytes, version: int | None) -> Response:
        sent = version or session.source.key_version(key, session.factors)
        data = proof + (b"" if sent is None else bytes((sent,)))
        session.proven.discard(name)
        command = Command(0x00, 0x82, 0x00, identifier, data)
        accept = (sw.OK, sw.KEY_NOT_FOUND) if len(several) > 1 else (sw.OK,)
        return send(session, command, "EXTERNAL AUTHENTICATION", key=key, accept=accept)

    if len(several) > 1:
        offer(session, key, compute, ask)
    else:
        named = version if version is not None else next(iter(several), None)
        ask(compute(named), named)
    remember_proof(session, name)


def remember_proof(session: Session, name: str) -> None:
    """The card accepted the key. One global and one local key state exist at a time: a new proof replaces the
    last of its kind."""
    is_global = session.key(name).directory == "SSSE"
    kept = {other for other in session.proven if (session.key(other).directory == "SSSE") is not is_global}
    session.proven = kept | {name}
