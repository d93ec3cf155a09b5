"""The slow hash of enquiry passwords: argon2id by Django, with its parameters in one place of the settings
(``PASSWORD_HASHERS``). As many at once as there are processors; more are shed with a clear page, so that a
flood of sign-ins slows nobody else down."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import make_password, verify_password

from shebaoka.office.base.errors import Refusal

PATIENCE = 2.0
"""Seconds a sign-in waits for its turn."""
_turns = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))


def hashed(password: str) -> str:
    """The hash to keep. Raises Refusal ``access.busy``."""
    with _turn():
        return make_password(password)


def fits(password: str, kept: str) -> bool:
    """Whether ``kept`` is the hash of the password; for an empty one it costs as much and says no. Raises
    Refusal ``access.busy``."""
    with _turn():
        if not kept:
            make_password(password)
            return False
        right, _ = verify_password(password, kept)
        return right


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Refusal("access.busy")
    try:
        yield
    finally:
        _turns.release()
