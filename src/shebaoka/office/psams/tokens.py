"""What is kept of the token of a host."""

from hashlib import sha256


def digest_of(token: str) -> str:
    """Its SHA-256, 64 hex digits; a token has 256 random bits, so that the digest says nothing of it."""
    return sha256(token.encode()).hexdigest()
