"""Pages take turns.

A process draws pages with one processor: twenty drawn side by side are all ready late, and the dear ones make
the cheap ones wait; a few at a time, in the order they were asked for, they are ready evenly. Who reads waits
for her turn; a form that was sent does not, for it may wait for others in the database."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2
"""Pages that are drawn at a time in a process: one computes while the database answers another."""
PATIENCE = 1.0
"""Seconds after which a page is begun all the same: those before it wait for something else."""

_turns = threading.Semaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Within, it is this page's turn."""
    came = _turns.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if came:
            _turns.release()
