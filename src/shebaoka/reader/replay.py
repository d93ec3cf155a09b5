"""A recorded chip: answers the recorded commands in their order, and nothing else."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from shebaoka.reader.base import ReaderError
from shebaoka.reader.script.grammar import Comment, Expect, Reset, Script, ScriptError, Send, Slot, Step

_MASKED = re.compile(r"(?P<psam>psam)?(?P<mark>[<>])\s*(?P<hex>(?:[0-9A-F]{2}|\*\*)*)", re.IGNORECASE)


class ReplayReader:
    """Plays the chip of a recorded script. ``transmit`` wants the recorded commands in order and gives their
    answers; masked bytes of a command fit any byte, masked bytes of an answer come back as zeros.

    Raises ScriptError when the record is unusable (an answer with wildcards, a command without answer), and
    ReaderError naming the line when a command differs from the recorded one or the record has ended.
    """

    def __init__(self, script: Script, slot: Slot = Slot.CARD) -> None:
        self._name = script.name
        self._events = list(_events(script, slot))
        self._position = 0

    def reset(self) -> bytes:
        """Go on to the next recorded reset, passing over recorded commands; gives its ATR."""
        for position in range(self._position, len(self._events)):
            event = self._events[position]
            if event.command is None:
                self._position = position + 1
                return event.answer
        raise ReaderError(f"{self._name}: the record has no further reset")

    def transmit(self, apdu: bytes) -> bytes:
        """The recorded answer to the recorded command."""
        if self._position == len(self._events):
            raise ReaderError(f"{self._name}: the record has ended")
        event = self._events[self._position]
        if event.command is None:
            raise ReaderError(f"{self._name}, line {event.line}: the record has a reset here, not a command")
        if not event.command.fullmatch(apdu):
            header = apdu[:4].hex().upper()
            raise ReaderError(
                f"{self._name}, line {event.line}: the record has another command here than {header}"
            )
        self._position += 1
        return event.answer

    def close(self) -> None:
        """Nothing to release."""


class _Event(NamedTuple):
    """A recorded exchange, or a reset (``command`` None)."""

    line: int
    command: re.Pattern[bytes] | None
    answer: bytes


def _events(script: Script, slot: Slot) -> Iterator[_Event]:
    asked: tuple[int, re.Pattern[bytes] | None] | None = None
    for step in script.steps:
        match _seen(step, slot):
            case ("answer", text) if asked is not None:
                yield _Event(*asked, _answer(script.name, step.line, text))
                asked = None
            case ("answer", _):
                raise ScriptError(script.name, step.line, "an answer without a command cannot be replayed")
            case (_, _) if asked is not None:
                raise ScriptError(script.name, asked[0], "without its answer this line cannot be replayed")
            case ("command", text):
                asked = (step.line, _command(text))
            case ("reset", _):
                asked = (step.line, None)
    if asked is not None:
        raise ScriptError(script.name, asked[0], "without its answer this line cannot be replayed")


def _seen(step: Step, slot: Slot) -> tuple[str, str] | None:
    """What a line means for the replay, with its hex; None for a line of the other chip and for notes."""
    match step:
        case Reset(_, at) if at is slot:
            return "reset", ""
        case Send(_, at, apdu) if at is slot:
            return "command", apdu.hex()
        case Expect(_, at, pattern) if at is slot:
            return "answer", "".join(pattern.text.split())
        case Comment(_, text):
            masked = _MASKED.fullmatch(text)
            if masked and (masked["psam"] is not None) == (slot is Slot.PSAM):
                return ("command" if masked["mark"] == ">" else "answer"), masked["hex"]
    return None


def _command(text: str) -> re.Pattern[bytes]:
    pieces = (text[i : i + 2] for i in range(0, len(text), 2))
    return re.compile(b"".join(b"." if p == "**" else re.escape(bytes.fromhex(p)) for p in pieces), re.DOTALL)


def _answer(name: str, line: int, text: str) -> bytes:
    try:
        return bytes.fromhex(text.replace("**", "00"))
    except ValueError:
        raise ScriptError(
            name, line, "only answers without wildcards and alternatives can be replayed"
        ) from None
