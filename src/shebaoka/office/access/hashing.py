"""The slow hash of enquiry passwords: argon2id by Django, with its parameters in one place of the settings
(``ARGON2``), and how many sign-ins there may be at once.

A flood slows nobody else down: all server processes of a machine together hash as often at once as it has
processors. In each a few sign-ins are under way, a few more stand in line, before they ask the database
anything; the rest are shed at once with a clear page."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import make_password, verify_password

from shebaoka.office.base.errors import Refusal

PATIENCE = 2.0
"""Seconds a sign-in waits for its turn."""
UNDER_WAY = 4
"""Sign-ins of a process that ask the database or hash."""
IN_LINE = 12
"""Sign-ins of a process that wait to begin."""


def hashes_at_once(processors: int, processes: int) -> int:
    """What each of the processes may hash at once, so that all together use each processor once."""
    return max(1, processors // processes)


_turns = threading.BoundedSemaphore(
    hashes_at_once(len(os.sched_getaffinity(0)), int(settings.CONFIGURATION.workers))
)
_under_way = threading.BoundedSemaphore(UNDER_WAY)
_places = threading.BoundedSemaphore(UNDER_WAY + IN_LINE)


@contextmanager
def admitted() -> Iterator[None]:
    """A sign-in, from before its first look at the database to its end. Raises Refusal ``access.busy``: at
    once when the line is full, later when its turn does not come in time."""
    if not _places.acquire(blocking=False):
        raise Refusal("access.busy")
    try:
        with _one_of(_under_way):
            yield
    finally:
        _places.release()


def hashed(password: str) -> str:
    """The hash to keep. Raises Refusal ``access.busy``."""
    with _one_of(_turns):
        return make_password(password)


def fits(password: str, kept: str) -> bool:
    """Whether ``kept`` is the hash of the password; for an empty one it costs as much and says no. Raises
    Refusal ``access.busy``."""
    with _one_of(_turns):
        if not kept:
            make_password(password)
            return False
        right, _ = verify_password(password, kept)
        return right


@contextmanager
def _one_of(turns: threading.Semaphore) -> Iterator[None]:
    if not turns.acquire(timeout=PATIENCE):
        raise Refusal("access.busy")
    try:
        yield
    finally:
        turns.release()
