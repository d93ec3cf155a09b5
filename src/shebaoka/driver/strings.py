"""The strings of the interface: fields that end in ``|``, files that end in ``$``."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shebaoka.driver.errors import CHARACTER, IDENTIFICATION_CODE, INPUT, LENGTH, DriverError
from shebaoka.terminal.factors import CardIdentity
from shebaoka.terminal.transactions import Amounts

FIELD, FILE = "|", "$"
_FILE = re.compile(r"(SSSE|DF[0-9A-F]{2}|3F00)(EF[0-9A-F]{2})")
_ITEM = re.compile(r"[0-9A-F]{2}")
_IDENTIFICATION_CODE = re.compile(r"[0-9A-F]{32}")
_CARD_NUMBER = re.compile(r"[0-9A-Z]{9}")
_AMOUNT = re.compile(r"([0-9]{1,8})(?:\.([0-9]{1,2}))?")
_TIME = re.compile(r"[0-9]{14}")
_MOST = 64  # files, and items of one


@dataclass(frozen=True, slots=True)
class FileItems:
    """A file of ``pFileAddr``: directory (``SSSE``, ``DF01``), file id and items by tag, or none for a
    binary file."""

    directory: str
    fid: int
    items: tuple[int, ...]

    @property
    def name(self) -> str:
        """As in the string: ``DF01EF05``."""
        return f"{self.directory}{self.fid & 0xFFFF:04X}"


def join(values: Iterable[str]) -> str:
    """``a|b|``. Raises DriverError for a value that holds a separator: the reader of the string would take
    one field for two."""
    parts = list(values)
    if any(mark in part for part in parts for mark in (FIELD, FILE)):
        raise DriverError(CHARACTER, "(| $)")
    return "".join(part + FIELD for part in parts)


def split(text: str, *, least: int, most: int, what: str) -> list[str]:
    """The fields of ``a|b|``, with or without the last bar. Raises DriverError for another count."""
    fields = text.removesuffix(FIELD).split(FIELD)
    if not least <= len(fields) <= most:
        raise DriverError(INPUT, f"({what})")
    return fields


def card_info(text: str) -> CardIdentity:
    """``pCardInfo``: ``identification code|card number|``. Raises DriverError -20 or -23."""
    code, number = split(text, least=2, most=2, what="pCardInfo")
    if not _IDENTIFICATION_CODE.fullmatch(code.upper()):
        raise DriverError(IDENTIFICATION_CODE)
    if not _CARD_NUMBER.fullmatch(number):
        raise DriverError(INPUT, "(pCardInfo)")
    return CardIdentity(code.upper(), number)


def files(text: str) -> tuple[FileItems, ...]:
    """``pFileAddr``: ``FILE|item|item|$FILE|...|$``. Raises DriverError -23."""
    found = []
    for name, fields in _segments(text, "pFileAddr"):
        if len(fields) > _MOST or not all(_ITEM.fullmatch(field.upper()) for field in fields):
            raise DriverError(INPUT, "(pFileAddr)")
        directory, fid = _place(name)
        found.append(FileItems(directory, fid, tuple(int(field, 16) for field in fields)))
    return tuple(found)


def written_values(text: str, wanted: Sequence[FileItems]) -> tuple[tuple[str, ...], ...]:
    """``pWriteData``: the values of ``wanted``, in the same skeleton. Raises DriverError -23."""
    segments = list(_segments(text, "pWriteData"))
    if len(segments) != len(wanted):
        raise DriverError(INPUT, "(pWriteData)")
    for (name, fields), file in zip(segments, wanted, strict=True):
        if _place(name) != (file.directory, file.fid) or len(fields) != max(len(file.items), 1):
            raise DriverError(INPUT, "(pWriteData)")
    return tuple(tuple(fields) for _, fields in segments)


def file_values(file: FileItems, values: Iterable[str]) -> str:
    """One file of an answer: ``FILE|value|value|$``."""
    return join((file.name, *values)) + FILE


def payment(text: str) -> tuple[Amounts, str]:
    """``pPayInfo``: two or three amounts in yuan and the time ``YYYYMMDDhhmmss``. Two amounts are what the
    person pays and the pooled fund; three begin with the card's account. Raises DriverError -23 or -42."""
    fields = split(text, least=3, most=4, what="pPayInfo")
    *amounts, time = fields
    if not _TIME.fullmatch(time):
        raise DriverError(INPUT, "(pPayInfo)")
    fen = [_fen(amount) for amount in amounts]
    return Amounts(*([0, *fen] if len(fen) == 2 else fen)), time


def yuan(fen: int) -> str:
    """``12.30``."""
    return f"{fen // 100}.{fen % 100:02d}"


def octets(text: str, length: int, what: str) -> bytes:
    """Hexadecimal digits of ``length`` bytes. Raises DriverError -42 or -41."""
    if len(text) != 2 * length:
        raise DriverError(LENGTH, f"({what})")
    if not re.fullmatch(r"[0-9A-Fa-f]*", text):
        raise DriverError(CHARACTER, f"({what})")
    return bytes.fromhex(text)


def _fen(text: str) -> int:
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise DriverError(INPUT, "(pPayInfo)")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _segments(text: str, what: str) -> Iterable[tuple[str, list[str]]]:
    parts = text.removesuffix(FILE).split(FILE)
    if not text or len(parts) > _MOST:
        raise DriverError(INPUT, f"({what})")
    for part in parts:
        name, *fields = part.removesuffix(FIELD).split(FIELD)
        if not _FILE.fullmatch(name):
            raise DriverError(INPUT, f"({what})")
        yield name, fields


def _place(name: str) -> tuple[str, int]:
    found = _FILE.fullmatch(name)
    assert found is not None  # noqa: S101 - _segments has matched it
    directory = "SSSE" if found[1] == "3F00" else found[1]
    return directory, int(found[2], 16)
