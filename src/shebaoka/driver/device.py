"""The device: slots for the holder's card and the PSAM, opened for one piece of work and closed again."""

from collections.abc import Callable
from dataclasses import dataclass

from shebaoka.driver.errors import NO_PSAM, READER, DriverError, from_reader
from shebaoka.reader.base import Controls, Reader, ReaderError, ReaderNotFoundError, controls_of
from shebaoka.terminal.keys import KeySource
from shebaoka.terminal.psam_keys import PsamKeys

Opener = Callable[[], Reader]
"""Opens a slot. Raises ReaderError: no reader, no card."""

CONTACT, CONTACTLESS, CONTACT_FIRST, CONTACTLESS_FIRST = 1, 2, 3, 4
"""``iType``: how to reach the card."""


@dataclass(frozen=True)
class Device:
    """``contact``, ``contactless``, ``psam``: what opens each slot, None where there is none; ``number``: the
    device's number (终端设备号), at most 32 characters."""

    contact: Opener | None = None
    contactless: Opener | None = None
    psam: Opener | None = None
    number: str = ""

    def card(self, card_type: int) -> Reader:
        """The powered card by ``iType`` 1-4: for 3 and 4 the second way is tried when the first has no card.
        Raises DriverError."""
        ways = (self.contact, self.contactless)
        order = {
            CONTACT: ways[:1],
            CONTACTLESS: ways[1:],
            CONTACT_FIRST: ways,
            CONTACTLESS_FIRST: ways[::-1],
        }[card_type]
        failure: ReaderError | None = None
        for opener in order:
            if opener is None:
                continue
            try:
                return _powered(opener)
            except ReaderError as error:
                more = failure is None or isinstance(failure, ReaderNotFoundError)
                failure = error if more else failure
        if failure is None:
            raise DriverError(READER)
        raise from_reader(failure) from failure

    def keys(self) -> tuple[KeySource, Reader]:
        """The PSAM as a source of keys, and its slot to be closed. Raises DriverError -2201."""
        if self.psam is None:
            raise DriverError(NO_PSAM)
        try:
            slot = _powered(self.psam)
        except ReaderError as error:
            raise DriverError(NO_PSAM, f"({error})") from error
        return PsamKeys(slot), slot


class Powered:
    """A reader whose chip was reset already: the first reset tells the answer that came."""

    def __init__(self, reader: Reader, answer: bytes) -> None:
        self._reader = reader
        self._answer: bytes | None = answer

    @property
    def controls(self) -> Controls | None:
        """Controls of a simulated chip behind."""
        return controls_of(self._reader)

    def reset(self) -> bytes:
        """The answer to reset."""
        answer, self._answer = self._answer, None
        return self._reader.reset() if answer is None else answer

    def transmit(self, apdu: bytes) -> bytes:
        """One command."""
        self._answer = None
        return self._reader.transmit(apdu)

    def close(self) -> None:
        """Power off."""
        self._reader.close()


def _powered(opener: Opener) -> Reader:
    reader = opener()
    try:
        return Powered(reader, reader.reset())
    except ReaderError:
        reader.close()
        raise
