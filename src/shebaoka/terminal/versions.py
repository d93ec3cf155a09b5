"""Which version of a key a card holds, when the terminal serves several (after a rotation).

A card answers 6A88 to a version it does not hold and counts no try (Part 5 T16), so the versions are offered
one after the other, newest first. What it accepted tells the version of the keys whose MACs cannot be tried
without risk: those of one level are rotated together."""

from collections.abc import Callable
from typing import TypeVar

from shebaoka.codec.apdu import Response
from shebaoka.spec import sw
from shebaoka.spec.model import KeyEntry
from shebaoka.terminal.errors import KeyMissingError, NotMatchingError
from shebaoka.terminal.keys import UNNAMED
from shebaoka.terminal.session import Session

_Proof = TypeVar("_Proof")


def offer(
    session: Session,
    key: KeyEntry,
    compute: Callable[[int | None], _Proof],
    ask: Callable[[_Proof, int | None], Response],
) -> tuple[Response, _Proof]:
    """The card's answer to the first version it holds, and what was computed for it.

    ``compute`` asks the key source for a version, ``ask`` the card. Raises NotMatchingError when the card
    holds none of several, KeyMissingError when the source has none."""
    versions = candidates(session, key)
    missing: KeyMissingError | None = None
    for version in versions:
        try:
            proof = compute(version)
        except KeyMissingError as error:
            missing = error
            continue
        response = ask(proof, version)
        if version is None or response.sw != sw.KEY_NOT_FOUND:
            if version is not None:
                session.versions[key.scope] = version
            return response, proof
        missing = None
    if missing is not None:
        raise missing
    told = ", ".join(str(version) for version in versions)
    raise NotMatchingError(
        "key-versions-not-on-card", key=key.name, versions=told, source=session.source.name
    )


def candidates(session: Session, key: KeyEntry) -> tuple[int | None, ...]:
    """The versions to offer, the one the card accepted for a key of the same level first."""
    versions = session.source.key_versions(key, session.factors)
    known = session.versions.get(key.scope)
    return tuple(sorted(versions, key=lambda version: version != known)) if known in versions else versions


def for_mac(session: Session, key: KeyEntry) -> int | None:
    """The version for a MAC: the newest that is not newer than what the card accepted for its level. When the
    card was not asked yet, the lowest, which a card takes when it holds several (decision K14)."""
    versions = session.source.key_versions(key, session.factors)
    numbers = [version for version in versions if version is not None]
    if versions == UNNAMED or not numbers:
        return None
    known = session.versions.get(key.scope)
    return max((version for version in numbers if known and version <= known), default=min(numbers))
