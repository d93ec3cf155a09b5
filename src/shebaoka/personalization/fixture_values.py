"""File contents of a fixture: records from item values, blank records for the rest."""

from collections.abc import Mapping
from typing import Any

from shebaoka.codec.items import encode_cyclic, encode_record, encode_value
from shebaoka.personalization.fixture_schema import FileValues, FixtureError
from shebaoka.spec.model import FileLayout, Item, Structure

_RECORDS = (Structure.VARIABLE, Structure.FIXED)


def file_records(
    file: FileLayout, values: FileValues, place: str, source: str, *, blank: bool
) -> list[bytes]:
    """Raw records in item order (or one transparent content); items without value blank when ``blank``.

    Raises FixtureError naming the item.
    """
    if file.structure is Structure.TRANSPARENT:
        return _transparent(file, values, place, source)
    if file.structure is Structure.CYCLIC:
        return [_cyclic(file, record, place, source) for record in _list(values, "records", place, source)]
    if file.structure not in _RECORDS:
        _only(values, (), place, source)
        return []
    tags = {f"{item.tag:02X}": item for item in file.items}
    _only({tag.upper(): value for tag, value in values.items()}, tags, place, source)
    given = {tag.upper(): value for tag, value in values.items()}
    records = []
    for tag, item in tags.items():
        if tag in given or blank:
            records += _item_records(item, given.get(tag), f"{place}.{tag}", source)
    return records


def _item_records(item: Item, value: Any, place: str, source: str) -> list[bytes]:
    values = value if isinstance(value, list) else [value]
    if len(values) > item.count:
        raise FixtureError(source, place, f"{len(values)} values, the file holds {item.count}")
    values = values + [None] * (item.count - len(values))
    return [_record(item, one, place, source) for one in values]


def _record(item: Item, value: Any, place: str, source: str) -> bytes:
    raw = _raw(value, place, source)
    if raw is not None:
        if len(raw) != item.length:
            raise FixtureError(source, place, f"needs {item.length} bytes, not {len(raw)}")
        return bytes((item.tag, item.length)) + raw
    try:
        return encode_record(item, value)
    except ValueError as error:
        raise FixtureError(source, place, str(error)) from error


def _cyclic(file: FileLayout, value: Any, place: str, source: str) -> bytes:
    raw = _raw(value, place, source)
    if raw is not None:
        if len(raw) != file.record_length:
            raise FixtureError(source, place, f"a record has {file.record_length} bytes, not {len(raw)}")
        return raw
    if not isinstance(value, Mapping):
        raise FixtureError(source, place, "a record is a table of field names")
    try:
        return encode_cyclic(file, value)
    except ValueError as error:
        raise FixtureError(source, place, str(error)) from error


def _transparent(file: FileLayout, values: FileValues, place: str, source: str) -> list[bytes]:
    if file.items and "fields" in values:
        _only(values, ("fields",), place, source)
        return [_fields(file, values["fields"], place, source)]
    _only(values, ("content",), place, source)
    if "content" not in values:
        return []
    content = _raw({"hex": values["content"]}, place, source) or b""
    if len(content) > file.size:
        raise FixtureError(source, place, f"{len(content)} bytes do not fit in {file.size}")
    return [content] if content else []


def _fields(file: FileLayout, fields: Any, place: str, source: str) -> bytes:
    """A transparent file with a fixed division (PSAM): fields by English name; left out means blank."""
    names = {item.name.en: item for item in file.items}
    if not isinstance(fields, Mapping):
        raise FixtureError(source, f"{place}.fields", "is a table of field names")
    _only(fields, names, f"{place}.fields", source)
    parts = []
    for name, item in names.items():
        try:
            parts.append(encode_value(item, fields.get(name)))
        except ValueError as error:
            raise FixtureError(source, f"{place}.fields.{name}", str(error)) from error
    return b"".join(parts)


def _raw(value: Any, place: str, source: str) -> bytes | None:
    """``{hex = "..."}`` as bytes; None for another value."""
    if not (isinstance(value, Mapping) and set(value) == {"hex"}):
        return None
    try:
        return bytes.fromhex(value["hex"])
    except (ValueError, TypeError):
        raise FixtureError(source, place, "hex must be an even number of hexadecimal digits") from None


def _list(values: FileValues, key: str, place: str, source: str) -> list[Any]:
    _only(values, (key,), place, source)
    found = values.get(key, [])
    if not isinstance(found, list):
        raise FixtureError(source, f"{place}.{key}", "is a list")
    return found


def _only(values: Mapping[str, Any], known: Any, place: str, source: str) -> None:
    for name in values:
        if name not in known:
            names = ", ".join(known) or "nothing"
            raise FixtureError(source, f"{place}.{name}", f"is not known here; the file takes {names}")
