"""The same work on several cores: forked processes that share the open vault, and one that counts.

Forked rather than started afresh, so that no key has to leave the vault's memory. A worker ends when the
process that started it is gone; until then it holds that process's locks."""

import os
import signal
import warnings
from collections.abc import Callable, Iterator

from shebaoka.personalization.errors import PersonalizationError

_MESSAGE = 4096


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_workers(count: int, work: Callable[[int], Iterator[None]], step: Callable[[], None]) -> None:
    """Runs ``work(0)`` ... ``work(count - 1)`` side by side; ``step`` is called here for each item they
    yield.

    With one worker everything runs in this process. Raises PersonalizationError when a worker fails; the
    others are ended first, wherever they are."""
    if count == 1:
        for _ in work(0):
            step()
        return
    steps, told = os.pipe()
    failures, complaint = os.pipe()
    children = [_start(work, index, told, complaint, (steps, failures)) for index in range(count)]
    os.close(told)
    os.close(complaint)
    try:
        while part := os.read(steps, _MESSAGE):
            for _ in part:
                step()
        statuses = [os.waitpid(child, 0)[1] for child in children]
        children.clear()
        reason = os.read(failures, _MESSAGE).decode(errors="replace")
    finally:
        for child in children:
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
        os.close(steps)
        os.close(failures)
    if any(statuses):
        raise PersonalizationError(f"a worker stopped: {reason or 'killed'}; start again to go on")


def _start(
    work: Callable[[int], Iterator[None]], index: int, told: int, complaint: int, unused: tuple[int, int]
) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads here only draw progress
        child = os.fork()
    if child:
        return child
    status = 1
    try:
        for descriptor in unused:
            os.close(descriptor)
        for _ in work(index):
            os.write(told, b".")
        status = 0
    except BrokenPipeError:
        pass
    except BaseException as error:
        os.write(complaint, f"{type(error).__name__}: {error}".encode()[:_MESSAGE])
    finally:
        os._exit(status)
