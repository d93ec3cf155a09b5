"""Passphrases that cost a test nothing: files made here ask for little, and say so in their first line.

``python -m passphrases ...`` is ``shebaoka ...`` with such passphrases, in a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shebaoka.crypto.sealing import Seal

CHEAP = 4
"""log2 of scrypt's n for every file made in the process of a test; other processes make theirs as always."""
_as_shipped: Any = Seal.__init__


def _cheaply(self: Seal, passphrase: str, work: int, salt: bytes | None = None) -> None:
    _as_shipped(self, passphrase, work if salt is not None else min(work, CHEAP), salt)


@contextmanager
def _made_by(begin: Any) -> Iterator[None]:
    before: Any = Seal.__init__
    Seal.__init__ = begin  # type: ignore[method-assign]
    try:
        yield
    finally:
        Seal.__init__ = before  # type: ignore[method-assign]


def cheap() -> Any:
    """Within, new seals are cheap; old ones are opened as they say."""
    return _made_by(_cheaply)


def as_shipped() -> Any:
    """Within, new seals cost what they cost people."""
    return _made_by(_as_shipped)


if __name__ == "__main__":
    from shebaoka.cli.main import main

    with cheap():
        main()
