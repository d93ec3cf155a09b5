"""APDU scripts: the grammar of docs/reference/apdu-scripts.md, one item a line."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from shebaoka.reader.script.pattern import Pattern, parse_hex, parse_pattern


class ScriptError(ValueError):
    """A script that cannot be read or run: file, line, what is wrong."""

    def __init__(self, name: str, line: int, problem: str) -> None:
        super().__init__(f"{name}, line {line}: {problem}" if line else f"{name}: {problem}")
        self.name, self.line, self.problem = name, line, problem


class Slot(Enum):
    """Which chip a line speaks to."""

    CARD = "card"
    PSAM = "psam"


@dataclass(frozen=True)
class Comment:
    """``# text``."""

    line: int
    text: str


@dataclass(frozen=True)
class Reset:
    """``reset`` or ``psam reset``."""

    line: int
    slot: Slot


@dataclass(frozen=True)
class Send:
    """``> HEX`` or ``psam> HEX``."""

    line: int
    slot: Slot
    apdu: bytes


@dataclass(frozen=True)
class Expect:
    """``< HEX`` or ``psam< HEX``: the answer of the line before (after a reset the ATR)."""

    line: int
    slot: Slot
    pattern: Pattern


@dataclass(frozen=True)
class Random:
    """``random HEX`` or ``psam random HEX``: the chip's next random bytes."""

    line: int
    slot: Slot
    data: bytes


@dataclass(frozen=True)
class Time:
    """``time YYYYMMDDhhmmss``: both chips' clocks stand at this moment."""

    line: int
    moment: datetime


@dataclass(frozen=True)
class Tear:
    """``tear N``: the next command loses power at its Nth persistent write."""

    line: int
    write: int


@dataclass(frozen=True)
class Strict:
    """``strict``: from here 61xx and 6Cxx are compared as they come."""

    line: int


Step = Comment | Reset | Send | Expect | Random | Time | Tear | Strict


@dataclass(frozen=True)
class Script:
    """A parsed script and the name of its file."""

    name: str
    steps: tuple[Step, ...]

    def uses_psam(self) -> Step | None:
        """The first line that needs a PSAM, or None."""
        return next((s for s in self.steps if getattr(s, "slot", None) is Slot.PSAM), None)


def load_script(path: Path) -> Script:
    """Read and parse a script file (UTF-8). Raises ScriptError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScriptError(
            str(path), 0, f"not UTF-8 text (byte {error.start + 1}): save it as UTF-8"
        ) from error
    except OSError as error:
        raise ScriptError(str(path), 0, f"cannot be read: {error.strerror}") from error
    return parse_script(text, str(path))


def parse_script(text: str, name: str = "script") -> Script:
    """Parse a script. Raises ScriptError for the first line that is wrong."""
    steps: list[Step] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line:
            continue
        try:
            step = _parse_line(number, line)
            if isinstance(step, Expect):
                _check_order(steps, step)
        except ValueError as error:
            raise ScriptError(name, number, str(error)) from None
        steps.append(step)
    return Script(name, tuple(steps))


_SHAPE = re.compile(r"(?P<psam>psam\b)?\s*(?P<word>[<>]|[a-z]+)\s*(?P<rest>[^#]*)(#.*)?", re.IGNORECASE)


def _parse_line(number: int, line: str) -> Step:
    if line.startswith("#"):
        return Comment(number, line[1:].strip())
    shape = _SHAPE.fullmatch(line)
    word = shape["word"].lower() if shape else ""
    build = _BUILDERS.get(word)
    if shape is None or build is None:
        raise ValueError(f"{line.split()[0]!r} begins no line of a script ({', '.join(_BUILDERS)}, psam, #)")
    slot = Slot.PSAM if shape["psam"] else Slot.CARD
    if slot is Slot.PSAM and word in ("time", "tear", "strict"):
        raise ValueError(f"`{word}` is written without `psam`: it holds for both chips")
    return build(number, slot, shape["rest"].strip())


def _check_order(steps: list[Step], step: Expect) -> None:
    before = next((s for s in reversed(steps) if not isinstance(s, Comment)), None)
    if before.__class__ is Expect:
        raise ValueError("a second answer to one command: write alternatives on one line, separated by `|`")
    if isinstance(before, Send | Reset) and before.slot is step.slot:
        return
    mark = "psam>" if step.slot is Slot.PSAM else ">"
    raise ValueError(f"an answer without a `{mark}` line or reset before it")


def _reset(number: int, slot: Slot, rest: str) -> Step:
    _nothing_after("reset", rest)
    return Reset(number, slot)


def _strict(number: int, _slot: Slot, rest: str) -> Step:
    _nothing_after("strict", rest)
    return Strict(number)


def _time(number: int, _slot: Slot, rest: str) -> Step:
    try:
        if not re.fullmatch("[0-9]{14}", rest):
            raise ValueError
        return Time(number, datetime.strptime(rest, "%Y%m%d%H%M%S"))
    except ValueError:
        raise ValueError(f"{rest!r} is no time: write YYYYMMDDhhmmss") from None


def _tear(number: int, _slot: Slot, rest: str) -> Step:
    if not re.fullmatch("[0-9]{1,9}", rest) or int(rest) == 0:
        raise ValueError(f"`tear` needs the number of a write, 1 or more, not {rest!r}")
    return Tear(number, int(rest))


def _nothing_after(word: str, rest: str) -> None:
    if rest:
        raise ValueError(f"`{word}` stands alone on its line, not before {rest!r}")


_BUILDERS: dict[str, Callable[[int, Slot, str], Step]] = {
    ">": lambda number, slot, rest: Send(number, slot, parse_hex(rest)),
    "<": lambda number, slot, rest: Expect(number, slot, parse_pattern(rest)),
    "reset": _reset,
    "random": lambda number, slot, rest: Random(number, slot, parse_hex(rest)),
    "time": _time,
    "tear": _tear,
    "strict": _strict,
}
