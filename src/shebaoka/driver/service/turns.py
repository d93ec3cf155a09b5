"""One card session at a time: whoever uses the reader, or keeps a card powered between HSM steps, has it."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Protocol

from shebaoka.driver.service.problems import RefusedError


class Owner(Protocol):
    """Who may keep a card powered between two requests."""

    @property
    def waiting(self) -> bool:
        """Whether it does so now."""
        ...

    def end(self) -> None:
        """Power the card off."""


class Turns:
    """Who has the reader. ``patience``: seconds another page waits for it before it is refused."""

    def __init__(self, patience: float = 2.0) -> None:
        self._patience = patience
        self._free = threading.Condition()
        self._owner: Owner | None = None
        self._working = False

    @contextlib.contextmanager
    def turn(self, owner: Owner) -> Iterator[None]:
        """The reader for one call. Raises RefusedError when another page does not let it go in time."""
        with self._free:
            if not self._free.wait_for(lambda: self._may(owner), self._patience):
                raise RefusedError("busy")
            self._owner, self._working = owner, True
        try:
            yield
        finally:
            with self._free:
                self._working = False
                self._settle()

    def leave(self, owner: Owner) -> None:
        """The conversation is over or the card is no longer needed: power it off."""
        with self._free:
            if self._owner is owner and not self._working:
                owner.end()
                self._settle()

    def tick(self, owner: Owner) -> None:
        """Power the card off when its next step did not come in time."""
        with self._free:
            if self._owner is owner and not self._working:
                self._settle()

    def _may(self, owner: Owner) -> bool:
        if self._working:
            return False
        if self._owner is not None and self._owner is not owner:
            self._settle()
        return self._owner is None or self._owner is owner

    def _settle(self) -> None:
        if self._owner is not None and not self._owner.waiting:
            self._owner = None
            self._free.notify_all()
