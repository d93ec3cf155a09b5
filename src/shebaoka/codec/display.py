"""Values as people read them: dates, amounts, codes with their labels, regions, pictures."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from shebaoka.codec.values import Value
from shebaoka.spec.codes import labels
from shebaoka.spec.model import Item, Meaning

Language: TypeAlias = Literal["zh", "en"]

_LONG = 32  # bytes shown in full
_SIGNATURES = {b"\xff\xd8\xff": "JPEG", b"BM": "BMP", b"\x89PNG": "PNG"}
_CALENDAR = {
    Meaning.DATE: (8, "{0}-{1}-{2}"),
    Meaning.MONTH: (6, "{0}-{1}"),
    Meaning.TIME: (14, "{0}-{1}-{2} {3}:{4}:{5}"),
}


def show(item: Item, value: Value, language: Language | None = None) -> str:
    """``value`` of ``item`` in one line; empty when the item is empty. ``language`` picks the labels of codes
    and inner items, both when None.

    Dates as 2020-01-01, amounts in yuan as 123.45, codes and regions as ``1 男性 Male``, composite codes with
    one label for each part; bytes in hex, long ones by size and picture format. A value without the form of
    its meaning is shown as it is.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, Mapping):
        return _show_template(item, value, language)
    if isinstance(value, bytes):
        return show_bytes(value)
    if isinstance(value, int):
        return f"{value // 100}.{value % 100:02d}" if item.meaning is Meaning.AMOUNT else str(value)
    if item.meaning in _CALENDAR:
        return _show_calendar(value, *_CALENDAR[item.meaning])
    return _show_code(item, value, language)


def _show_template(item: Item, value: Mapping[str, Value], language: Language | None) -> str:
    shown = [(child.name, show(child, value.get(f"{child.tag:02X}"), language)) for child in item.children]
    return "; ".join(f"{_pick(name.zh, name.en, language)}: {text}" for name, text in shown if text)


def _show_code(item: Item, code: str, language: Language | None) -> str:
    found = [_pick(text.zh, text.en, language) for text in labels(item, code)]
    return f"{code} {' / '.join(found)}" if found else code


def _show_calendar(digits: str, size: int, form: str) -> str:
    if len(digits) != size:
        return digits
    return form.format(digits[:4], *(digits[i : i + 2] for i in range(4, size, 2)))


def show_bytes(data: bytes) -> str:
    """Bytes in hex; long ones by size and picture format (``4096 bytes, JPEG``)."""
    if len(data) <= _LONG:
        return data.hex().upper()
    if not data.strip(b"\x00"):
        return f"{len(data)} bytes, empty"
    kind = next((name for start, name in _SIGNATURES.items() if data.startswith(start)), "")
    return f"{len(data)} bytes{', ' if kind else ''}{kind}"


def _pick(zh: str, en: str, language: Language | None) -> str:
    return zh if language == "zh" else en if language == "en" else f"{zh} {en}"
