"""A server process ends with the one that started it, even when that one was killed."""

import os
import signal
import threading
import time

PARENT = "SHEBAOKA_PARENT"
_SECONDS = 1.0
_GRACE = 10.0


def leave_with_parent() -> None:
    """Watches the process named by the variable SHEBAOKA_PARENT, if this one is its child: when it is gone,
    this one stops as if it had been told to."""
    named = os.environ.get(PARENT, "")
    if named.isdigit() and int(named) == os.getppid():
        threading.Thread(target=_watch, args=(int(named),), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE)
    os._exit(1)
