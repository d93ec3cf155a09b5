"""The reader of a deed whose page is at the other end, and which deed has one."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from uuid import UUID

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.relay.meeting import CrowdedError, Meeting
from shebaoka.office.cards.relay.wire import Order
from shebaoka.office.organizations.actor import Actor
from shebaoka.reader.base import CardAbsentError, Reader

_deed: ContextVar["_Deed | None"] = ContextVar("card-channel", default=None)


class _Deed:
    """A request that came with a channel; its meeting begins when a reader is asked for."""

    def __init__(self, channel: UUID, owner: str) -> None:
        self._channel, self._owner = channel, owner
        self._meeting: Meeting | None = None

    def meeting(self) -> Meeting:
        """Where its page comes to. Raises CrowdedError, OSError."""
        self._meeting = self._meeting or Meeting(self._channel, self._owner)
        return self._meeting

    def end(self) -> None:
        """Its page is sent away."""
        if self._meeting is not None:
            self._meeting.end()


class RelayReader:
    """A card in a clerk's reader."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting

    def reset(self) -> bytes:
        """The card's answer to reset."""
        return _bytes(self._meeting.ask(Order("power")))

    def transmit(self, apdu: bytes) -> bytes:
        """One command."""
        return _bytes(self._meeting.ask(Order("transmit", command=apdu.hex().upper())))

    def close(self) -> None:
        """Powers it off; nobody minds when that is not heard."""
        with contextlib.suppress(CardAbsentError):
            self._meeting.ask(Order("release"))


@contextlib.contextmanager
def within(channel: UUID, owner: str) -> Iterator[None]:
    """While a request with a channel is answered."""
    deed = _Deed(channel, owner)
    mark = _deed.set(deed)
    try:
        yield
    finally:
        _deed.reset(mark)
        deed.end()


def slot(actor: Actor) -> Reader | None:
    """The reader of the page whose form this is. Raises Refusal ``cards.readers-busy``."""
    deed = _deed.get()
    if deed is None:
        return None
    try:
        return RelayReader(deed.meeting())
    except (CrowdedError, OSError) as error:
        raise Refusal("cards.readers-busy") from error


def _bytes(told: str) -> bytes:
    try:
        return bytes.fromhex(told)
    except ValueError:
        raise CardAbsentError("the page with the reader brought no answer of a card") from None
