"""The page as a PIN pad: in the middle of a call the service asks, the page's own dialog answers."""

import time
from collections.abc import Callable
from typing import Protocol

from shebaoka.driver.errors import CANCELED, CHARACTER, TIMED_OUT, DriverError
from shebaoka.driver.pin_pad import Entry
from shebaoka.driver.service.messages import AskPin, Cancel, Digits, parse, refused, written
from shebaoka.driver.service.problems import Language, RefusedError
from shebaoka.terminal.settings import PinRule

_LONGEST = 16  # digits


class Line(Protocol):
    """The two ends of a conversation that a pad needs."""

    def send(self, text: str) -> None:
        """Send a message."""

    def receive(self, seconds: float) -> str:
        """The next message. Raises TimeoutError, EOFError when the page is gone."""
        ...


class PagePad:
    """Asks the page at the other end of ``line``; its conversation is sequential, so that the next message is
    the answer."""

    def __init__(
        self,
        line: Line,
        rule: PinRule,
        language: Callable[[], Language],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line, self._rule, self._language, self._clock = line, rule, language, clock

    def ask(self, entry: Entry, seconds: float) -> str:
        """See PinPad."""
        self._line.send(written(AskPin(entry.value, seconds, self._rule.shortest, self._rule.longest)))
        until = self._clock() + seconds
        while (left := until - self._clock()) > 0:
            try:
                answer = parse(self._line.receive(left))
            except TimeoutError:
                break
            except EOFError:
                raise DriverError(CANCELED) from None
            except RefusedError as error:
                self._line.send(written(refused(error, self._language())))
                continue
            match answer:
                case Digits(digits):
                    if len(digits) > _LONGEST or not (digits.isascii() and digits.isdigit()):
                        raise DriverError(CHARACTER, "(PIN)")
                    return digits
                case Cancel():
                    raise DriverError(CANCELED)
                case _:
                    self._line.send(written(refused(RefusedError("pin-awaited"), self._language())))
        raise DriverError(TIMED_OUT)
