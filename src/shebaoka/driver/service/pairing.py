"""Pairing: a page proves once that a person at this computer wants it, by a code that the service shows.

Only the hash of a token is kept, with the origin it is bound to, in a file 0600.
"""

import hashlib
import hmac
import os
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from shebaoka.driver.service.problems import RefusedError

SECONDS = 120
_TRIES = 3
_DIGITS = 8
_LONGEST_NAME = 40


class Pairing(msgspec.Struct, frozen=True):
    """A paired page: short ``id`` to name it by, ``origin``, SHA-256 of its token, when it was paired."""

    id: str
    origin: str
    token: str
    since: str
    name: str = ""

    def __repr__(self) -> str:
        return f"<pairing {self.id} of {self.origin}>"


class PairingError(ValueError):
    """The file of pairings cannot be read: one line with its path."""


class Pairings:
    """The pairings of this computer's user, in a file that is read anew for every question, so that a
    revocation counts at once; without a file they end with the program."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._kept: list[Pairing] = []

    def all(self) -> list[Pairing]:
        """All pairings. Raises PairingError for a damaged file."""
        if self.path is None:
            return list(self._kept)
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=list[Pairing])
        except FileNotFoundError:
            return []
        except msgspec.DecodeError as error:
            raise PairingError(f"{self.path}: not a file of pairings ({error}); remove it") from error

    def add(self, origin: str, name: str) -> str:
        """Pair an origin; gives the token, which is kept nowhere here."""
        token = secrets.token_urlsafe(32)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        pairing = Pairing(secrets.token_hex(4), origin, _hash(token), since, name)
        with self._lock:
            self._write([*self.all(), pairing])
        return token

    def holds(self, origin: str, token: str) -> bool:
        """Whether ``token`` is that of a pairing of ``origin``."""
        return self._find(origin, token) is not None

    def forget(self, origin: str, token: str) -> None:
        """End the pairing of a token."""
        found = self._find(origin, token)
        if found is not None:
            self.revoke(found.id)

    def revoke(self, pairing_id: str) -> bool:
        """End a pairing by its id; whether there was one."""
        with self._lock:
            before = self.all()
            after = [pairing for pairing in before if pairing.id != pairing_id]
            if len(after) != len(before):
                self._write(after)
        return len(after) != len(before)

    def _find(self, origin: str, token: str) -> Pairing | None:
        given = _hash(token)
        own = [pairing for pairing in self.all() if pairing.origin == origin]
        return next((pairing for pairing in own if hmac.compare_digest(pairing.token, given)), None)

    def _write(self, pairings: list[Pairing]) -> None:
        if self.path is None:
            self._kept = pairings
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        scratch = self.path.with_suffix(".new")
        scratch.unlink(missing_ok=True)
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(pairings)))
        scratch.replace(self.path)


class PairingDesk:
    """The one pairing that may be open at a time. ``show(origin, name, code)`` puts the code before the
    person's eyes, in the service's window and nowhere else."""

    def __init__(
        self,
        pairings: Pairings,
        show: Callable[[str, str, str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pairings, self._show, self._clock = pairings, show, clock
        self._lock = threading.Lock()
        self._origin = self._name = self._code = ""
        self._until, self._tries = 0.0, 0

    def begin(self, origin: str, name: str) -> None:
        """Show a new code for ``origin``. Raises RefusedError while another origin's is open."""
        with self._lock:
            if self._open() and self._origin != origin:
                raise RefusedError("pairing-open")
            shown = "".join(c for c in name if c.isprintable())[:_LONGEST_NAME]
            self._origin, self._name = origin, shown
            self._code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
            self._until, self._tries = self._clock() + SECONDS, _TRIES
            self._show(origin, shown, f"{self._code[:4]}-{self._code[4:]}")

    def finish(self, origin: str, code: str) -> str:
        """The token, for the right code. Raises RefusedError; after three wrong ones the code is void."""
        typed = "".join(c for c in code if c.isascii() and c.isdigit())
        with self._lock:
            if not self._open() or self._origin != origin:
                raise RefusedError("pairing-none")
            if not hmac.compare_digest(typed, self._code):
                self._tries -= 1
                raise RefusedError("pairing-wrong")
            self._tries = 0
            return self._pairings.add(origin, self._name)

    def _open(self) -> bool:
        return self._tries > 0 and self._clock() < self._until


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
