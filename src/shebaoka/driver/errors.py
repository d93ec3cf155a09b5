"""Return codes (返回码): their table in three languages, and the code of everything that can go wrong.

A status word of the card is its negative decimal value: 6A82 becomes -27266.
"""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from shebaoka.reader.base import CardMuteError, ReaderBusyError, ReaderError, ReaderNotFoundError
from shebaoka.spec import status_words
from shebaoka.terminal.errors import (
    AccessError,
    KeyMissingError,
    KeySourceError,
    NoCardError,
    PartlyWrittenError,
    StatusWordError,
    TerminalError,
)

OK = 0
WRONG_CARD, NO_CARD, NOT_POWERED, NO_ANSWER = -1, -2, -3, -4
READER, NOT_SUPPORTED, PARAMETER = -11, -13, -14
IDENTIFICATION_CODE, NOT_GENUINE, OTHER_CARD, INPUT, PROOF_DIFFERS = -20, -21, -22, -23, -25
CANCELED, TIMED_OUT, PIN_LENGTH, ENTRIES_DIFFER, INITIAL_PIN, TO_INITIAL_PIN = -31, -32, -33, -34, -35, -36
CHARACTER, LENGTH = -41, -42
NO_PSAM, PSAM_ALGORITHM, PSAM_READ_KEY, NO_HSM_NEEDED, UNKNOWN = -2201, -2202, -2203, -2204, -999
TO_HSM = frozenset({NO_PSAM, PSAM_ALGORITHM, PSAM_READ_KEY, -27272, -24})
"""After these a caller goes on with the steps over the HSM (加密机); any other is shown to the user."""


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One code with its meaning; ``source``: ``table`` (shared by all drivers), ``vendor`` or ``own``."""

    number: int
    source: str
    zh: str
    en: str
    es: str

    def text(self, language: str) -> str:
        """The meaning in ``zh``, ``en`` or ``es``."""
        return {"zh": self.zh, "en": self.en, "es": self.es}[language]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: list[Code]
    messages: dict[str, int]


@cache
def _table() -> _Table:
    raw = (resources.files("shebaoka.driver") / "data" / "codes.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(raw), _Table)


def codes() -> tuple[Code, ...]:
    """The table, without the codes of status words."""
    return tuple(_table().code)


def messages() -> dict[str, int]:
    """Codes by the ids of the terminal's messages."""
    return dict(_table().messages)


def code_of_word(word: int) -> int:
    """The code of a status word.

    >>> code_of_word(0x6A82)
    -27266
    """
    return -word


def meaning(number: int, language: str = "zh") -> str:
    """What a code means, status words included (Spanish: in English with the word)."""
    known = next((code for code in _table().code if code.number == number), None)
    if known is not None:
        return known.text(language)
    if number <= -0x6000:
        text = status_words.describe(-number).meaning
        return f"{text.zh if language == 'zh' else text.en} ({-number:04X})"
    return next(code for code in _table().code if code.number == UNKNOWN).text(language)


class DriverError(Exception):
    """A function did not succeed: ``code``, and ``cause`` or ``detail`` for a more exact text than the
    meaning of the code. Never carries a PIN, a key or what was read."""

    def __init__(self, code: int, detail: str = "", cause: TerminalError | None = None) -> None:
        self.code, self.detail, self.cause = code, detail, cause
        super().__init__(self.text("en"))

    def text(self, language: str = "zh") -> str:
        """One line for a person."""
        if self.cause is not None:
            return self.cause.line(language)
        return " ".join(part for part in (meaning(self.code, language), self.detail) if part)


def from_terminal(error: TerminalError) -> DriverError:
    """What the terminal found, as a return code."""
    return DriverError(_code(error), cause=error)


def from_reader(error: ReaderError) -> DriverError:
    """What a reader said, as a return code."""
    return DriverError(_reader_code(error), detail=f"({error})")


def _reader_code(error: BaseException | None) -> int:
    match error:
        case CardMuteError():
            return NOT_POWERED
        case ReaderNotFoundError() | ReaderBusyError():
            return READER
        case _:
            return NO_CARD


def _code(error: TerminalError) -> int:
    match error:
        case StatusWordError():
            return code_of_word(error.sw)
        case PartlyWrittenError():
            return _code(error.reason)
        case KeyMissingError() if error.details.get("key") == "RKSSSE":
            return PSAM_READ_KEY
        case NoCardError() if error.id == "no-card":
            return _reader_code(error.__cause__)
        case AccessError():
            return _access_code(error)
    told = error.details.get("sw")
    if error.id == "psam-refused" and isinstance(told, str):
        return code_of_word(int(told, 16))
    return _table().messages.get(error.id, UNKNOWN)


def _access_code(error: AccessError) -> int:
    """Of several obstacles the one that another source of keys removes."""
    reasons = error.details.get("reasons", ())
    found = reasons if isinstance(reasons, tuple) else ()
    obstacles = [reason for reason in found if isinstance(reason, TerminalError)]
    keys = next((reason for reason in obstacles if isinstance(reason, KeySourceError)), None)
    first = keys or next(iter(obstacles), None)
    return _code(first) if first is not None else _table().messages[error.id]
