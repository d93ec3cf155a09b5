"""Passphrases that cost a test nothing: files made here ask for little, and say so in their first line."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shebaoka.crypto.sealing import Seal

CHEAP = 4
"""log2 of scrypt's n for every file made in the process of a test; other processes make theirs as always."""
_as_shipped = Seal.__init__


def _cheaply(self: Seal, passphrase: str, work: int, salt: bytes | None = None) -> None:
    _as_shipped(self, passphrase, work if salt is not None else min(work, CHEAP), salt)


@contextmanager
def cheap() -> Iterator[None]:
    """Within, new seals are cheap; old ones are opened as they say."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Seal, "__init__", _cheaply)
        yield


@contextmanager
def as_shipped() -> Iterator[None]:
    """Within, new seals cost what they cost people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Seal, "__init__", _as_shipped)
        yield
