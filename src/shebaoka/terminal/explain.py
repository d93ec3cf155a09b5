"""Why a card answered an error: which file, which condition, what was missing, what to do next."""

from typing import TYPE_CHECKING

from shebaoka.codec.apdu import Command
from shebaoka.spec import status_words, sw
from shebaoka.spec.conditions import AllOf, AnyOf, Condition, Free, KeyProof, Never, Pin
from shebaoka.spec.model import DirectoryLayout, FileLayout, KeyEntry, Text
from shebaoka.terminal import messages
from shebaoka.terminal.errors import PinLockedError, StatusWordError, TerminalError, WrongPinError

if TYPE_CHECKING:
    from shebaoka.terminal.session import Session

_PIN_COMMANDS = frozenset({"VERIFY", "CHANGE PIN"})
_WRITING = frozenset({"UPDATE RECORD", "UPDATE BINARY"})


def missing_parts(condition: Condition, proven: set[str], pin_fulfilled: bool) -> tuple[str, ...]:
    """Names of what a condition still needs; for alternatives all of them; empty when it is fulfilled.

    >>> from shebaoka.spec.conditions import parse_condition
    >>> missing_parts(parse_condition("PIN and RK1DF04"), {"RK1DF04"}, False)
    ('PIN',)
    """
    match condition:
        case Free():
            return ()
        case Never():
            return ("-",)
        case Pin():
            return () if pin_fulfilled else ("PIN",)
        case KeyProof(name):
            return () if name in proven else (name,)
        case AllOf(parts):
            return tuple(name for part in parts for name in missing_parts(part, proven, pin_fulfilled))
        case AnyOf(parts):
            lacking = [missing_parts(part, proven, pin_fulfilled) for part in parts]
            return () if () in lacking else tuple(name for names in lacking for name in names)


def status_word_error(
    session: "Session",
    word: int,
    command: Command,
    name: str,
    file: FileLayout | None = None,
    key: KeyEntry | None = None,
    directory: DirectoryLayout | None = None,
) -> TerminalError:
    """The error for an unexpected status word, with everything known about the command's aim."""
    tries = word & 0x0F if word & 0xFFF0 == 0x63C0 else None
    if name in _PIN_COMMANDS and (tries is not None or word == sw.BLOCKED):
        locked = word == sw.BLOCKED or tries == 0
        return PinLockedError("pin-locked") if locked else WrongPinError("pin-wrong", tries or 0)
    condition = ""
    lacking: tuple[str, ...] = ()
    if file is not None:
        rule = file.write_condition if name in _WRITING else file.read_condition
        condition = str(rule)
        lacking = missing_parts(rule, session.proven, session.pin.fulfilled)
    place = directory.id if directory else session.directory
    title: Text = directory.name if directory else Text("", "")
    if file is not None:
        place, title = f"{place} {file.id}", file.name
    return StatusWordError(
        _message(word, name, tries, lacking),
        sw=word,
        command=name,
        place=place,
        condition=condition,
        missing=lacking,
        tries_left=tries,
        name=title,
        meaning=status_words.describe(word, command.ins).meaning,
        key=key.name if key else "",
        use=key.use if key else "",
        origin=session.keys.origin(key, session.factors) if key and session.keys else "",
    )


def _message(word: int, name: str, tries: int | None, lacking: tuple[str, ...]) -> str:
    family = "63Cx" if tries is not None else f"{word:04X}"
    kind = name.lower().replace(" ", "-")
    for candidate in (f"sw-{family}-{kind}", f"sw-{family}"):
        if candidate == "sw-6982" and not lacking:
            return "sw-6982-unexpected"
        if messages.has(candidate):
            return candidate
    return "sw-other"
