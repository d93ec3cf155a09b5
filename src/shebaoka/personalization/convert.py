"""From the text of a cell to the value of an item: code translation, dates, amounts, files."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeAlias

from shebaoka.codec.items import ItemError
from shebaoka.codec.text import TooLongError, UnencodableError
from shebaoka.codec.values import Value
from shebaoka.personalization.report import Kind
from shebaoka.spec.codes import code_table
from shebaoka.spec.model import Item, ItemType, Meaning

Converter: TypeAlias = Callable[[str], Value]

DATE_FORMATS = ("%Y%m%d", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
MONTH_FORMATS = ("%Y%m", "%Y-%m", "%Y/%m", "%Y年%m月")
TIME_FORMATS = ("%Y%m%d%H%M%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S")
_STORED = {Meaning.DATE: "%Y%m%d", Meaning.MONTH: "%Y%m", Meaning.TIME: "%Y%m%d%H%M%S"}
_KNOWN = {Meaning.DATE: DATE_FORMATS, Meaning.MONTH: MONTH_FORMATS, Meaning.TIME: TIME_FORMATS}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_PICTURES = (b"\xff\xd8\xff", b"BM")


class CellError(ValueError):
    """A cell that cannot go on the card: kind, what is wrong, what to do."""

    def __init__(self, kind: Kind, what: str, advice: str) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what
        self.advice = advice


def converter(
    item: Item,
    *,
    codes: Mapping[str, str] | None = None,
    formats: Sequence[str] = (),
    yuan: bool = False,
    folder: Path | None = None,
) -> Converter:
    """The conversion for an item. ``codes`` translates cell texts first; ``formats`` are strptime forms of
    dates; ``yuan``: amounts are written in yuan, not fen; ``folder``: where picture files named by cells lie.
    The result raises CellError."""
    if item.meaning is Meaning.IMAGE or (item.type is ItemType.B and item.length > 255):
        return _file_reader(item, folder or Path())
    if item.codes is not None or item.parts:
        return _translated(codes, _coder(item))
    if item.meaning in _STORED:
        return _translated(codes, _calendar(item.meaning, tuple(formats) or _KNOWN[item.meaning]))
    if item.meaning is Meaning.AMOUNT:
        return _translated(codes, _yuan if yuan else _whole)
    if item.meaning is Meaning.NUMBER:
        return _translated(codes, _whole)
    return _translated(codes, plain)


def plain(text: str) -> str:
    """The text itself. Raises CellError for control characters: line breaks, tabs, NUL."""
    if found := _CONTROL.search(text):
        what = f"control character U+{ord(found[0]):04X} at place {found.start() + 1}"
        raise CellError(Kind.CHARACTER, what, "remove it; look for a line break inside the cell")
    return text


def to_fen(text: str, *, yuan: bool) -> int:
    """An amount in fen from a text in yuan (``123.45``) or in fen. Raises CellError."""
    return _yuan(text) if yuan else _whole(text)


def explain(error: ItemError) -> CellError:
    """The codec's refusal as a problem of the cell."""
    return explain_text(error.__cause__, error.item.tag) or CellError(
        Kind.FORMAT, error.reason, f"item {error.item.tag:02X} {error.item.name.zh} needs another form"
    )


def explain_text(cause: object, tag: int) -> CellError | None:
    """A text that GBK or the item's length does not allow; None for another cause."""
    if isinstance(cause, UnencodableError):
        code = f"U+{ord(cause.character):04X}"
        what = f"character {cause.character!r} ({code}) at place {cause.position} is not in GBK"
        return CellError(
            Kind.CHARACTER, what, "write it with a character of GBK; the card has no other place for it"
        )
    if isinstance(cause, TooLongError):
        what = f"needs {cause.size} bytes in GBK, item {tag:02X} holds {cause.length}"
        return CellError(Kind.TOO_LONG, what, "shorten the text")
    return None


def _translated(codes: Mapping[str, str] | None, convert: Converter) -> Converter:
    if not codes:
        return convert
    return lambda text: convert(codes.get(text, text))


def _coder(item: Item) -> Converter:
    if item.parts:
        parts = [(part.length, _lookup(part.codes), part.codes, part.none) for part in item.parts]
        total = sum(length for length, _, _, _ in parts)

        def composite(text: str) -> Value:
            if len(text) != total:
                raise CellError(
                    Kind.CODE, f"{text!r} is not a code of {total} characters", "see the code tables"
                )
            start = 0
            for length, known, table, none in parts:
                part = text[start : start + length]
                if part not in known and part != none:
                    raise CellError(
                        Kind.CODE, f"{part!r} is not in table {table}", f"use a code of table {table}"
                    )
                start += length
            return text

        return composite
    table = item.codes or ""
    known = _lookup(table)
    digits = 2 * item.length if item.type is ItemType.CN else item.length

    def single(text: str) -> Value:
        code = known.get(text)
        if code is None and text.isdecimal():
            code = known.get(text.lstrip("0") or "0") or known.get(text.zfill(digits))
        if code is None:
            some = list(dict.fromkeys(known.values()))
            shown = ", ".join(some[:8]) + (" ..." if len(some) > 8 else "")
            raise CellError(
                Kind.CODE, f"{text!r} is not in table {table}", f"use a code of table {table}: {shown}"
            )
        return code.zfill(digits) if item.type is ItemType.CN else code

    return single


def _lookup(table: str) -> dict[str, str]:
    """Code or label (Chinese, English) to code; a label that stands for two codes is left out."""
    known: dict[str, str] = {}
    twice: set[str] = set()
    entries = code_table(table).codes
    for code, label in entries.items():
        for name in (label.zh, label.en):
            if known.setdefault(name, code) != code:
                twice.add(name)
    for name in twice:
        del known[name]
    return known | {code: code for code in entries}


def _calendar(meaning: Meaning, formats: Sequence[str]) -> Converter:
    stored = _STORED[meaning]

    def convert(text: str) -> Value:
        for form in formats:
            try:
                moment = datetime.strptime(text, form)
            except ValueError:
                continue
            if len(moment.strftime("%Y")) == 4 and moment.year >= 1800:
                return moment.strftime(stored)
        shown = ", ".join(_readable(form) for form in formats)
        raise CellError(Kind.DATE, f"{text!r} is not a {meaning}", f"write a real {meaning} as {shown}")

    return convert


def _readable(form: str) -> str:
    return re.sub("%([YmdHMS])", lambda m: {"Y": "YYYY", "m": "MM", "d": "DD"}.get(m[1], m[1] * 2), form)


def _whole(text: str) -> int:
    if not re.fullmatch("[0-9]+", text):
        raise CellError(Kind.FORMAT, f"{text!r} is not a whole number", "write digits only")
    return int(text)


def _yuan(text: str) -> int:
    try:
        fen = Decimal(text.replace(",", "")) * 100
    except InvalidOperation:
        raise CellError(Kind.FORMAT, f"{text!r} is not an amount", "write yuan like 123.45") from None
    if not fen.is_finite() or fen != fen.to_integral_value() or fen < 0:
        raise CellError(Kind.FORMAT, f"{text!r} is not an amount in yuan and fen", "write yuan like 123.45")
    return int(fen)


def _file_reader(item: Item, folder: Path) -> Converter:
    def read(text: str) -> Value:
        try:
            path = (folder / text).resolve()
            if not path.is_relative_to(folder.resolve()) or not path.is_file():
                raise FileNotFoundError(path)  # no devices, no files of the rest of the disk
            size = path.stat().st_size
            content = path.read_bytes() if size <= item.length else b""
        except (OSError, ValueError, RuntimeError):
            raise CellError(Kind.MISSING, f"file {text!r} cannot be read", f"put it into {folder}") from None
        if size > item.length:
            what = f"file {text!r} has {size} bytes, {item.length} fit"
            raise CellError(Kind.TOO_LONG, what, "compress it further")
        if item.meaning is Meaning.IMAGE and not content.startswith(_PICTURES):
            raise CellError(Kind.FORMAT, f"file {text!r} is neither JPEG nor BMP", "save it as JPEG")
        return content

    return read
