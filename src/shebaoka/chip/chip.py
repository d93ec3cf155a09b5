"""The card operating system: takes a command, finds it in a table, checks, executes, answers.

It knows no application: the table of commands and the data objects of the issuer come from ``card`` and
``psam``. Only :meth:`Chip.commit` changes persistent state, at most once per command.
"""

import hmac
import os
import time
from collections.abc import Callable

import msgspec

from shebaoka.chip.access import PIN_RIGHT, Rule
from shebaoka.chip.application import Application
from shebaoka.chip.command import Case, Request, take_apart
from shebaoka.chip.errors import CardError, PowerLost
from shebaoka.chip.image import ImageError
from shebaoka.chip.profile import STRICT, Profile
from shebaoka.chip.session import Session
from shebaoka.chip.store import Store
from shebaoka.chip.tree import Tree
from shebaoka.chip.values import CARD_BLOCKED, HISTORICAL, INTERFACE, PROFILE, Address, Changes, State
from shebaoka.spec import sw

_OK = b"\x90\x00"
PHASES = ("before", "during", "after")


class Chip:
    """One chip. ``transmit`` takes any bytes and gives at least two; it raises nothing but PowerLost.

    ``random(n)`` gives n bytes, ``clock()`` seconds since the epoch; both may be replaced. Raises ImageError
    when the store's content makes no sense.
    """

    def __init__(
        self,
        store: Store,
        application: Application,
        *,
        profile: Profile | None = None,
        random: Callable[[int], bytes] = os.urandom,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.store = store
        self.application = application
        self.kind = application.kind
        self.random = random
        self.clock = clock
        self.profile = profile or stored_profile(store.state)
        self._table = application.table
        self._request = Request()
        self._tear: tuple[int, str] | None = None
        self._off = False
        self._start()

    def __repr__(self) -> str:
        return f"<{self.kind} chip{' without power' if self._off else ''}>"

    def reset(self) -> bytes:
        """Power on or reset: volatile state gone, MF selected. The ATR ``3B6D0000`` ‖ historical bytes 13."""
        self._power_on()
        return b"\x3b\x6d\x00\x00" + self.historical

    def ats(self) -> bytes:
        """As :meth:`reset`, over the contactless interface: the ATS with the same historical bytes."""
        self._power_on()
        historical = self.historical
        return bytes((5 + len(historical),)) + b"\x78\x80\xa0\x02" + historical

    def power_off(self) -> None:
        """Take the power away; ``transmit`` raises PowerLost until the next reset. A file is given back."""
        self._off = True
        self.store.close()

    def tear_at(self, n: int, phase: str = "before") -> None:
        """Lose power at the nth persistent write of the next command: before, during or after it.

        ``during`` leaves half a journal record in a file store. ``transmit`` then raises PowerLost.
        """
        if n < 1 or phase not in PHASES:
            raise ValueError(f"tear at write 1, 2, ... in phase {', '.join(PHASES)}; not {n}, {phase!r}")
        self._tear = (n, phase)

    @property
    def interface(self) -> str:
        """How the outside world reaches it: ``contact``, ``contactless`` or ``dual``."""
        value = self.state.get(INTERFACE, b"dual")
        return value.decode("ascii", "replace") if isinstance(value, bytes) else "dual"

    @property
    def historical(self) -> bytes:
        """The historical bytes of ATR and ATS."""
        value = self.state.get(HISTORICAL, b"")
        return value if isinstance(value, bytes) else b""

    @property
    def state(self) -> State:
        """Persistent state, read only."""
        return self._state

    def transmit(self, apdu: bytes) -> bytes:
        """One command. Gives data ‖ SW1 SW2. Raises PowerLost only."""
        if self._off:
            raise PowerLost("the chip has no power; reset it")
        session = self.session
        try:
            if self._blocked:
                raise CardError(sw.NOT_SUPPORTED)
            if len(apdu) < 4:
                raise CardError(sw.LENGTH)
            entry = self._table.find(apdu)
            request = self._request
            take_apart(request, apdu, entry.case, self.profile.lenient_le)
            if len(request.data) not in entry.lengths:
                raise CardError(sw.LENGTH)
            if session.directory.blocked in self._state and not entry.while_blocked:
                raise CardError(sw.APPLICATION_BLOCKED)
            if not entry.keeps:
                session.transaction = None
            if not entry.continues:
                session.pending = b""
            data = entry.handler(self, request)
            if data and entry.case is Case.INOUT:
                return self._answer(request.le, data)
            if session.pending:
                return data + bytes((0x61, len(session.pending) & 0xFF))
            return data + _OK
        except CardError as error:
            if error.sw >> 8 != 0x6C:  # the same command comes again with the right Le
                session.transaction = None
            return error.sw.to_bytes(2)
        finally:
            self._tear = None

    def _answer(self, le: int | None, data: bytes) -> bytes:
        """Answer of a command with data: at once when Le fits, else by GET RESPONSE (Part 2 §9.3.1.4)."""
        if le in (256, len(data)) or (le is None and not self.profile.t0_case4_61xx):
            return data + _OK
        if le is not None and self.profile.lenient_le:
            return data[:le] + _OK
        self.session.pending = data
        return bytes((0x61, len(data) & 0xFF))

    def commit(self, changes: Changes) -> None:
        """Make changes persistent, all or nothing. Raises CardError 6581, PowerLost when torn here."""
        if self._tear is not None:
            self._count_write(self._tear, changes)
        try:
            self.store.commit(changes)
        except OSError:
            self._torn = True
            raise CardError(sw.MEMORY) from None

    def extend(self, changes: Changes) -> None:
        """As :meth:`commit`, for changes that create directories, files or keys."""
        self.commit(changes)
        for address, value in changes.items():
            if value is not None:
                self.tree.add(address, value)

    def rebuild(self, changes: Changes) -> None:
        """As :meth:`commit`, for changes that delete structure: everything compiled anew, as after reset."""
        self.commit(changes)
        self._start()

    def require(self, rule: Rule) -> None:
        """Raises CardError 6982 unless the rights held fulfil the rule; an empty PIN is verified (K22)."""
        rights = self.session.rights
        for term in rule:
            if term <= rights:
                return
        if not self.state.get(self.session.directory.ddf.pin):
            rights = rights | {PIN_RIGHT}
            for term in rule:
                if term <= rights:
                    return
        raise CardError(sw.SECURITY)

    def require_right(self, right: int) -> None:
        """Raises CardError 6982 unless this right is held."""
        if right not in self.session.rights:
            raise CardError(sw.SECURITY)

    def take_challenge(self) -> bytes:
        """The challenge, used up by this. Raises CardError 6984 when there is none (decision K18)."""
        challenge = self.session.challenge
        if challenge is None:
            raise CardError(sw.REFERENCE_DATA)
        self.session.challenge = None
        return challenge

    def draw(self, size: int) -> bytes:
        """Random bytes. Raises CardError 6985 when the generator gives too few."""
        drawn = self.random(size)[:size]
        if len(drawn) != size:
            raise CardError(sw.CONDITIONS)
        return drawn

    def number(self, address: Address, default: int = 0) -> int:
        """A stored number."""
        value = self._state.get(address, default)
        return value if isinstance(value, int) else default

    def octets(self, address: Address) -> bytes:
        """Stored bytes; empty when there are none."""
        value = self._state.get(address, b"")
        return value if isinstance(value, bytes) else b""

    def records(self, address: Address) -> tuple[bytes, ...]:
        """Stored records; none when there is no such file."""
        value = self._state.get(address, ())
        return value if isinstance(value, tuple) else ()

    def _count_write(self, tear: tuple[int, str], changes: Changes) -> None:
        n, phase = tear
        if n > 1:
            self._tear = (n - 1, phase)
            return
        try:
            if phase == "during":
                self.store.commit_torn(changes)
            elif phase == "after":
                self.store.commit(changes)
        except OSError:
            pass  # the power is gone anyway
        self._off = self._torn = True
        raise PowerLost(f"power was cut {phase} a write")

    def _power_on(self) -> None:
        if self._torn:
            self.store.recover()
            self._start()
        self.session = Session(self.tree.mf)
        self._off = False

    def _start(self) -> None:
        self._state = self.store.state
        try:
            self.tree = Tree(self._state)
        except (ValueError, KeyError, IndexError):
            raise ImageError("the content of the image makes no sense") from None
        self.session = Session(self.tree.mf)
        self._blocked = CARD_BLOCKED in self._state
        self._torn = False

    def block(self) -> None:
        """Make every later command answer 6A81, for good."""
        self.commit({CARD_BLOCKED: 1})
        self._blocked = True


def stored_profile(state: State) -> Profile:
    """The profile the chip was built with; strict when none is stored. Raises ImageError."""
    stored = state.get(PROFILE)
    if not isinstance(stored, bytes):
        return STRICT
    try:
        return msgspec.json.decode(stored, type=Profile)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise ImageError("the profile stored in the image does not decode") from None


def same(left: bytes, right: bytes) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(left, right)
