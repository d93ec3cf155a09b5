"""What a status word means: name, meaning (zh, en), clause, and whether a command may answer it."""

import re
from functools import cache

import msgspec

from shebaoka.spec.commands import Kind, command_of
from shebaoka.spec.loading import Source, shipped
from shebaoka.spec.model import StatusWord, Text


class _Special(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A meaning of a word that is more exact for some instructions."""

    code: str
    ins: tuple[int, ...]
    zh: str
    en: str


class _Table(msgspec.Struct, frozen=True):
    words: dict[str, StatusWord]
    special: tuple[_Special, ...]


def status_words() -> tuple[StatusWord, ...]:
    """All words of the standard, codes as printed (``63Cx``)."""
    return tuple(_table().words.values())


def describe(sw: int, ins: int | None = None) -> StatusWord:
    """The status word ``sw`` (0 to FFFFh) with its meaning, more exact when the instruction is known.

    Variable digits are filled in (63C2: 2 tries left). An unlisted word gets the name ``UNKNOWN``.
    """
    exact = f"{sw & 0xFFFF:04X}"
    pattern = _pattern(exact)
    if pattern is None:
        text = Text(f"未定义的状态码 {exact}", f"Status word {exact} is not defined by the standard")
        return StatusWord(exact, "UNKNOWN", text, "")
    word = _table().words[pattern]
    meaning = _meaning(pattern, ins) or word.meaning
    if "x" in pattern:
        value = _variable(exact, pattern)
        meaning = Text(re.sub("x+", value, meaning.zh), re.sub(r"\bx+\b", value, meaning.en))
    return StatusWord(exact, word.name, meaning, word.source)


def is_expected(sw: int, cla: int, ins: int, p1: int = 0, kind: Kind = "card") -> bool:
    """Whether the tables of the standard let this command answer ``sw`` (9000 always; no table: anything)."""
    command = command_of(cla, ins, p1, kind)
    if sw == 0x9000 or command is None or not command.words:
        return True
    return _pattern(f"{sw & 0xFFFF:04X}") in command.words


def _pattern(exact: str) -> str | None:
    """The listed code that ``exact`` is a case of: ``63C2`` -> ``63Cx``."""
    for code in (exact, f"{exact[:3]}x", f"{exact[:2]}xx"):
        if code in _table().words:
            return code
    return None


def _variable(exact: str, pattern: str) -> str:
    digits = exact[pattern.index("x") :]
    length = int(digits, 16)
    if len(digits) == 1:
        return str(length)
    return str(length or 256)


def _meaning(code: str, ins: int | None) -> Text | None:
    for special in _table().special:
        if special.code == code and ins in special.ins:
            return Text(special.zh, special.en)
    return None


@cache
def _table() -> _Table:
    name = "status-words.toml"
    source, raw = Source(name), shipped(name)
    words = {}
    for entry in source.tables(raw, "words"):
        place = f"word {entry.get('code')}"
        fields = {key: value for key, value in entry.items() if key not in {"zh", "en"}}
        words[entry["code"]] = source.build(StatusWord, fields, place, meaning=source.text(entry, place))
    special = tuple(msgspec.convert(dict(entry), _Special) for entry in source.tables(raw, "special"))
    return _Table(words, special)
