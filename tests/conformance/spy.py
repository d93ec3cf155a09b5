"""A reader that remembers what was sent, and terminals of the conformance fixture."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from conformance.harness import Session
from shebaoka.reader.base import Controls, Reader, controls_of
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.terminal.settings import CHINA, Settings
from shebaoka.terminal.terminal import Terminal

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=CHINA)
SETTINGS = Settings(clock=lambda: NOW)
CITY_PSAM = {"environments": {"sx1": {"catalogue": "city"}, "sx2": {"catalogue": "city"}}}


class Spy:
    """Passes everything on; ``sent`` are the commands in order, ``atr`` replaces the answer to reset."""

    def __init__(self, reader: Reader, atr: bytes = b"") -> None:
        self.reader, self.sent, self.atr = reader, list[bytes](), atr

    @property
    def controls(self) -> Controls | None:
        return controls_of(self.reader)

    def reset(self) -> bytes:
        answer = self.reader.reset()
        return self.atr or answer

    def transmit(self, apdu: bytes) -> bytes:
        self.sent.append(apdu)
        return self.reader.transmit(apdu)

    def close(self) -> None:
        self.reader.close()

    def instructions(self) -> set[str]:
        """CLA INS of all commands sent, in hex."""
        return {apdu[:2].hex().upper() for apdu in self.sent}


def psam_keys(s: Session, change: Mapping[str, Any] | None = None) -> PsamKeys:
    """A PSAM with every key of the catalogue as city roots."""
    return PsamKeys(s.spawn("psam", change or CITY_PSAM).reader)


def terminal(s: Session, spy: Reader | None = None, **settings: Any) -> Terminal:
    """A terminal with the card of ``s`` and a PSAM."""
    return Terminal(spy or s.reader, psam_keys(s), replace(SETTINGS, **settings))
