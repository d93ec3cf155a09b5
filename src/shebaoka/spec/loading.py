"""Reading specification data: TOML into the structures of the model, with errors that name file and place."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from shebaoka.spec.errors import SpecError
from shebaoka.spec.model import FileLayout, Item, ItemType, Meaning, Text

T = TypeVar("T")
Raw = Mapping[str, Any]

DATA = Path(__file__).parent / "data"
_LARGEST = 1 << 20  # bytes

_DEFAULT_MEANING = {
    ItemType.AN: Meaning.TEXT,
    ItemType.CN: Meaning.DIGITS,
    ItemType.B: Meaning.BYTES,
    ItemType.BTLV: Meaning.TEXT,
}


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file of at most 1 MiB. Raises SpecError: missing, too large, not UTF-8, or
    malformed (line and column)."""
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
        if len(raw) > _LARGEST:
            raise SpecError(str(path), "", "is larger than 1 MiB: not a file of this kind")
        return tomllib.loads(raw.decode("utf-8"))
    except OSError as error:
        raise SpecError(str(path), "", f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SpecError(str(path), f"byte {error.start}", "is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SpecError(str(path), "", f"malformed TOML: {error}") from error
    except RecursionError:
        raise SpecError(str(path), "", "malformed TOML: nested too deeply") from None


def shipped(name: str) -> dict[str, Any]:
    """A data file of the package by its name."""
    return read_toml(DATA / name)


class Source:
    """The file being read: builds structures and turns schema errors into SpecError."""

    def __init__(self, file: str) -> None:
        self.file = file

    def fail(self, place: str, message: str) -> SpecError:
        """A SpecError about this file, to be raised by the caller."""
        return SpecError(self.file, place, message)

    def tables(self, raw: Raw, field: str, place: str = "") -> list[Raw]:
        """The array of tables ``field``, empty when absent. Raises SpecError when it is something else."""
        value = raw.get(field, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self.fail(place, f"{field} must be a list of tables")
        return value

    def build(self, cls: type[T], raw: Raw, place: str, **given: object) -> T:
        """A structure from a table, ``zh`` and ``en`` becoming its name; ``given`` fields win."""
        fields = {key: value for key, value in raw.items() if key not in {"zh", "en"}}
        if "zh" in raw or "en" in raw:
            fields["name"] = self.text(raw, place)
        try:
            return msgspec.convert(fields | given, cls)
        except msgspec.ValidationError as error:
            if "name" not in fields and cls.__annotations__.get("name") is Text:
                raise self.fail(place, "zh and en are missing") from error
            raise self.fail(place, _plain(error)) from error

    def text(self, raw: Raw, place: str) -> Text:
        """``zh`` and ``en`` of a table."""
        try:
            text = msgspec.convert({key: raw[key] for key in ("zh", "en") if key in raw}, Text)
        except msgspec.ValidationError as error:
            raise self.fail(place, _plain(error)) from error
        if not text.zh or not text.en:
            raise self.fail(place, "zh and en must not be empty")
        return text

    def item(self, raw: Raw, place: str) -> Item:
        """A data item with its children; the meaning defaults by type."""
        here = f"{place} {_item_place(raw)}"
        children = tuple(self.item(child, here) for child in self.tables(raw, "children", here))
        item = self.build(Item, {"tag": 0} | dict(raw), here, children=children)
        if "meaning" in raw:
            return item
        return msgspec.structs.replace(item, meaning=_DEFAULT_MEANING[item.type])

    def items(self, raw: Raw, place: str, field: str = "items") -> tuple[Item, ...]:
        """The items of a table, in order."""
        return tuple(self.item(entry, place) for entry in self.tables(raw, field, place))

    def layout_file(self, raw: Raw, directory: str) -> FileLayout:
        """An elementary file of ``directory``."""
        fid = raw.get("fid")
        place = f"{directory} {fid:04X}" if isinstance(fid, int) else f"{directory} file without fid"
        file = self.build(FileLayout, raw, place, items=self.items(raw, place))
        for condition in ("read_condition", "write_condition"):
            try:
                getattr(file, condition)
            except ValueError as error:
                raise self.fail(place, str(error)) from error
        return file

    def known(self, raw: Raw, names: Iterable[str], place: str = "") -> None:
        """Refuse fields that no one reads. Raises SpecError naming the first."""
        unknown = sorted(set(raw) - set(names))
        if unknown:
            raise self.fail(place, f"unknown field {unknown[0]!r}")


def _item_place(raw: Raw) -> str:
    tag = raw.get("tag", 0)
    return f"tag {tag:02X}" if isinstance(tag, int) and tag else f"field {raw.get('zh', '?')}"


def _plain(error: msgspec.ValidationError) -> str:
    """msgspec's words without its back quotes: ``Expected int, got str at length``."""
    return str(error).replace("`", "").replace(" - at $.", " at ").replace("$.", "")
