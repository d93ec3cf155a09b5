"""Runs a script against a card and a PSAM and stops at the first difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shebaoka.reader.base import Controls, Reader, ReaderError
from shebaoka.reader.exchange import follow
from shebaoka.reader.script.grammar import (
    Comment,
    Expect,
    Random,
    Reset,
    Script,
    ScriptError,
    Send,
    Slot,
    Step,
    Strict,
    Tear,
    Time,
)
from shebaoka.reader.script.pattern import Pattern
from shebaoka.reader.trace import Exchange, Trace
from shebaoka.spec.commands import Kind


@dataclass(frozen=True)
class Difference:
    """Where the chip first did not do what the script says.

    ``command``: hex, empty for a reset (secret bytes ``**``). ``expected``: the line as written, empty when
    any answer was allowed. ``got``: hex, empty when the chip gave no answer (``problem`` says why).
    ``exchanges``: the exchanges of that command, decoded.
    """

    line: int
    slot: Slot
    command: str
    expected: str
    got: str
    problem: str = ""
    exchanges: tuple[Exchange, ...] = ()
    pattern: Pattern | None = None


@dataclass(frozen=True)
class ScriptResult:
    """What a run came to: ``difference`` None = all matched; ``notes`` tell of cuts that did not happen
    and of masked commands that were passed over."""

    name: str
    commands: int
    compared: int
    difference: Difference | None = None
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything matched."""
        return self.difference is None


def run_script(
    script: Script, card: Reader, psam: Reader | None = None, *, extensions: Sequence[Path] = ()
) -> ScriptResult:
    """Run ``script``. A chip is reset before its first command. A reader may be a :class:`Trace`, else one is
    laid over it, which knows the files of ``extensions`` too. The readers stay open.

    Raises ScriptError before anything is sent when the script needs a PSAM that is not there, or ``random``,
    ``time`` or ``tear`` with a chip that is not simulated.
    """
    return _Run(script, card, psam, extensions).run()


@dataclass
class _Asked:
    """The command or reset just sent: its answer (None = silence) and what is known of it."""

    step: Send | Reset
    answer: bytes | None
    problem: str
    exchanges: tuple[Exchange, ...]
    torn: bool


class _Run:
    def __init__(self, script: Script, card: Reader, psam: Reader | None, extensions: Sequence[Path]) -> None:
        self._script = script
        self._readers = {Slot.CARD: _traced(card, "card", extensions)}
        if psam is not None:
            self._readers[Slot.PSAM] = _traced(psam, "psam", extensions)
        self._powered: set[Slot] = set()
        self._strict = False
        self._tear: int | None = None
        self._asked: _Asked | None = None
        self._commands = self._compared = 0
        self._notes: list[str] = []
        self._masked: list[int] = []
        for step in script.steps:
            self._check(step)

    def run(self) -> ScriptResult:
        difference = None
        for index, step in enumerate(self._script.steps):
            difference = self._do(step) or self._unexpected_silence(self._script.steps[index + 1 :])
            if difference is not None:
                break
        if self._masked:
            lines = ", ".join(map(str, self._masked))
            self._notes.append(
                f"passed over, because it was recorded masked: line {lines}; what it did is missing"
            )
        return ScriptResult(self._script.name, self._commands, self._compared, difference, tuple(self._notes))

    def _do(self, step: Step) -> Difference | None:
        match step:
            case Reset():
                self._reset(step)
            case Send():
                self._send(step)
            case Expect():
                return self._compare(step)
            case Random(_, slot, data):
                self._controls(slot).feed_random(data)
            case Time(_, moment):
                for slot in self._readers:
                    self._controls(slot).set_time(moment)
            case Tear(_, write):
                self._tear = write
            case Strict():
                self._strict = True
            case Comment(line, text):
                if text.startswith(("> ", "psam> ")) and "**" in text:
                    self._masked.append(line)
        return None

    def _reset(self, step: Reset) -> None:
        reader = self._readers[step.slot]
        mark = reader.count
        try:
            answer, problem = reader.reset(), ""
        except ReaderError as error:
            answer, problem = None, str(error)
        self._powered.add(step.slot)
        self._asked = _Asked(step, answer, problem, reader.since(mark), torn=False)

    def _send(self, step: Send) -> None:
        if step.slot not in self._powered:
            self._reset(Reset(step.line, step.slot))
        reader = self._readers[step.slot]
        mark = reader.count
        tear, self._tear = self._tear, None
        if tear is not None:
            self._controls(step.slot).tear(tear)
        self._commands += 1
        answer: bytes | None = None
        problem = ""
        try:
            answer = reader.transmit(step.apdu) if self._strict else follow(reader, step.apdu)
        except ReaderError as error:
            problem = str(error)
        if tear is not None and answer is not None:
            self._notes.append(
                f"line {step.line}: power was not cut, the command makes fewer than {tear} writes"
            )
        torn = tear is not None and answer is None
        self._asked = _Asked(step, answer, problem, reader.since(mark), torn)

    def _compare(self, step: Expect) -> Difference | None:
        asked, self._asked = self._asked, None
        assert asked is not None  # noqa: S101 - the parser lets an answer stand only after a command or reset
        self._compared += 1
        silent = asked.answer is None
        if (
            (asked.torn and step.pattern.allows_silence)
            if silent
            else step.pattern.matches(asked.answer or b"")
        ):
            return None
        return _difference(asked, step.line, step.pattern)

    def _unexpected_silence(self, rest: Sequence[Step]) -> Difference | None:
        """A chip that does not answer is a difference even where no answer is written, unless it was torn."""
        asked = self._asked
        if asked is None or asked.answer is not None or asked.torn:
            return None
        following = next((step for step in rest if not isinstance(step, Comment)), None)
        return None if isinstance(following, Expect) else _difference(asked, asked.step.line, None)

    def _controls(self, slot: Slot) -> Controls:
        controls = self._readers[slot].controls
        assert controls is not None  # noqa: S101 - checked before the first command
        return controls

    def _check(self, step: Step) -> None:
        slot = getattr(step, "slot", Slot.CARD)
        if slot not in self._readers:
            raise ScriptError(
                self._script.name, step.line, "this line speaks to a PSAM: give one with --psam"
            )
        if isinstance(step, Random | Time | Tear):
            concerned = [slot] if isinstance(step, Random) else list(self._readers)
            if any(self._readers[s].controls is None for s in concerned):
                word = type(step).__name__.lower()
                problem = (
                    f"`{word}` works on a simulated chip in this process only, not through a card reader"
                )
                raise ScriptError(self._script.name, step.line, problem)


def _traced(reader: Reader, kind: Kind, extensions: Sequence[Path]) -> Trace:
    return reader if isinstance(reader, Trace) else Trace(reader, kind=kind, extensions=extensions)


def _difference(asked: _Asked, line: int, pattern: Pattern | None) -> Difference:
    secret = any(exchange.secret for exchange in asked.exchanges)
    command = asked.exchanges[0].command if asked.exchanges else ""
    got = asked.answer.hex().upper() if asked.answer is not None else ""
    if secret and len(got) > 4:
        got = "**" * (len(got) // 2 - 2) + got[-4:]
    expected = pattern.text if pattern else ""
    return Difference(line, asked.step.slot, command, expected, got, asked.problem, asked.exchanges, pattern)
