"""A card whose commands come from the office behind a page: powered, asked, powered off. The office holds the
keys and this computer the card; what goes between is the card's own protocol, under secure messaging."""

import contextlib
import time

from shebaoka.driver.device import CONTACT_FIRST, Device
from shebaoka.driver.errors import DriverError
from shebaoka.driver.service.problems import RefusedError
from shebaoka.reader.base import Reader, ReaderError

_SHORTEST, _LONGEST = 4, 261 * 2
"""Of a command in bytes (CLA INS P1 P2), in hex (with Lc, 255 bytes, Le)."""


class Channel:
    """One page's channel. ``seconds``: how long a card waits for its next command, powered."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._since = seconds, 0.0
        self._reader: Reader | None = None

    @property
    def waiting(self) -> bool:
        """Whether a card is powered and its next command may come."""
        if self._reader is not None and time.monotonic() - self._since > self._seconds:
            self.end()
        return self._reader is not None

    def power(self, device: Device) -> str:
        """Its answer to reset in hex. Raises RefusedError when there is no card."""
        self.end()
        try:
            self._reader = device.card(CONTACT_FIRST)
            answer = self._reader.reset()
        except (DriverError, ReaderError) as error:
            self.end()
            raise RefusedError("no-card") from error
        self._since = time.monotonic()
        return answer.hex().upper()

    def transmit(self, command: str) -> str:
        """The card's answer in hex. Raises RefusedError when it does not answer any more."""
        if self._reader is None:
            raise RefusedError("not-powered")
        try:
            sent = bytes.fromhex(command if len(command) <= _LONGEST else "")
        except ValueError:
            sent = b""
        if len(sent) < _SHORTEST:
            raise RefusedError("not-understood")
        try:
            answer = self._reader.transmit(sent)
        except ReaderError as error:
            self.end()
            raise RefusedError("no-card") from error
        self._since = time.monotonic()
        return answer.hex().upper()

    def end(self) -> None:
        """Power the card off."""
        reader, self._reader = self._reader, None
        if reader is not None:
            with contextlib.suppress(ReaderError):
                reader.close()
