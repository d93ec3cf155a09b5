"""Code tables of the 2.0 text and of extension files, and the labels of coded values."""

from collections.abc import Iterable
from functools import cache

import msgspec

from shebaoka.spec.loading import Raw, Source, shipped
from shebaoka.spec.model import CodeTable, Item, Meaning, Text

# Tables of the extension files loaded by this process; their ids start with the region (spec.extensions).
_local: dict[str, CodeTable] = {}


def code_tables() -> tuple[CodeTable, ...]:
    """The tables of V2 (``11`` to ``57``, ``B9`` to ``B27``) and ``region``, in the order of the text."""
    return tuple(_standard().values())


def code_table(id: str) -> CodeTable:  # noqa: A002
    """The table of that id: of the standard, or of an extension file loaded before. Raises KeyError."""
    table = _standard().get(id) or _local.get(id)
    if table is None:
        raise KeyError(f"no code table {id!r}")
    return table


def label(id: str, code: str) -> Text | None:  # noqa: A002
    """The label of ``code`` in the table, None when table or code is unknown.

    A region code of six digits gets the name of its province.
    """
    try:
        table = code_table(id)
    except KeyError:
        return None
    return table.codes.get(code[:2] if id == "region" else code)


def labels(item: Item, value: str) -> tuple[Text, ...]:
    """Labels of a decoded value of ``item``, one for each part of a composite code; unknown ones left out."""
    if item.meaning is Meaning.REGION:
        found = [label("region", value)]
    elif item.codes is not None:
        found = [label(item.codes, value) or label(item.codes, value.removeprefix("0"))]  # decision K88
    else:
        found, start = [], 0
        for part in item.parts:
            code = value[start : start + part.length]
            found.append(None if code == part.none else label(part.codes, code))
            start += part.length
    return tuple(text for text in found if text is not None)


def tables_of(item: Item) -> tuple[str, ...]:
    """Ids of all code tables that the item and its children refer to."""
    own = (item.codes,) if item.codes else tuple(part.codes for part in item.parts)
    return own + tuple(table for child in item.children for table in tables_of(child))


def register(tables: Iterable[CodeTable]) -> None:
    """Make the tables of an extension file known to :func:`code_table`; the latest of an id wins."""
    _local.update({table.id: table for table in tables})


def tables_from(source: Source, raw: Raw) -> dict[str, CodeTable]:
    """The code tables of a data or extension file. Raises SpecError."""
    entries = raw.get("tables", {})
    if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
        raise source.fail("tables", "must be tables by id")
    found: dict[str, CodeTable] = {}
    for id_, entry in entries.items():
        place = f"table {id_}"
        source.known(entry, ("zh", "en", "source", "same", "codes"), place)
        if "same" in entry:
            if entry["same"] not in found:
                raise source.fail(place, f"same {entry['same']!r} names no table before it")
            codes = found[entry["same"]].codes
        else:
            codes = _codes(source, entry.get("codes"), place)
        fields = {key: entry[key] for key in ("zh", "en", "source") if key in entry}
        found[id_] = source.build(CodeTable, fields, place, id=id_, codes=codes)
    return found


def _codes(source: Source, raw: object, place: str) -> dict[str, Text]:
    try:
        pairs = msgspec.convert(raw, dict[str, tuple[str, str]])
    except msgspec.ValidationError as error:
        raise source.fail(place, "codes must be a table of code = [Chinese, English]") from error
    if not pairs:
        raise source.fail(place, "has no codes")
    return {code: Text(zh, en) for code, (zh, en) in pairs.items()}


@cache
def _standard() -> dict[str, CodeTable]:
    return tables_from(Source("codes.toml"), shipped("codes.toml"))
