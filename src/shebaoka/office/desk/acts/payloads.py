"""The content of an act of two persons in words, so that a checker reads what she says yes to.

``payloads.toml`` of a part of the desk names every field of its acts, also of structures inside them::

    ["custody.hsm.add"]
    serial = { zh = "序列号", en = "Serial number", es = "Número de serie" }
    place = { zh = "存放地点", en = "Storage place", es = "Lugar", reads = "storage-place" }

``reads`` names how a value is read, registered by :func:`reads`; without it a value stands as it is."""

from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from django.apps import apps
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shebaoka.office.base.catalogue import Words
from shebaoka.office.base.pieces import Row
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.two_persons import HANDLERS
from shebaoka.spec.loading import read_toml

Reader = Callable[[Actor, Any], object]
READERS: dict[str, Reader] = {}


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name of a field, and how its value is read."""

    zh: str
    en: str
    es: str
    reads: str = ""

    @property
    def name(self) -> Words:
        """In three languages."""
        return Words(self.zh, self.en, self.es)


def reads(name: str, reader: Reader) -> None:
    """Registers how values of a kind are read: a function of who looks and the value, giving a text or a
    piece. Call it in ``AppConfig.ready``."""
    READERS[name] = reader


@cache
def fields() -> dict[str, dict[str, Field]]:
    """The names of all fields by act. Raises ValueError for an act of another part or given twice."""
    found: dict[str, dict[str, Field]] = {}
    for config in apps.get_app_configs():
        path = Path(config.path) / "payloads.toml"
        if not config.name.startswith("shebaoka.office.desk.") or not path.exists():
            continue
        for act, entry in read_toml(path).items():
            if act in found or not act.startswith(f"{config.label.removeprefix('desk_')}."):
                raise ValueError(f"{path}: {act} is given twice or belongs to another part")
            found[act] = msgspec.convert(entry, dict[str, Field])
    return found


def in_words(actor: Actor, waiting: TwoPersonAct) -> list[Row]:
    """The content of an act, a line for each field."""
    payload = msgspec.convert(waiting.payload, HANDLERS[waiting.act].shape)
    return list(_rows(actor, fields().get(waiting.act, {}), payload, ""))


def _rows(actor: Actor, known: dict[str, Field], struct: msgspec.Struct, before: str) -> Iterator[Row]:
    for name in struct.__struct_fields__:
        value, field = getattr(struct, name), known.get(name)
        title = f"{before}{field.name if field else name}"
        if isinstance(value, msgspec.Struct):
            yield from _rows(actor, known, value, f"{title}: ")
        elif isinstance(value, list | tuple) and any(isinstance(each, msgspec.Struct) for each in value):
            for number, each in enumerate(value, 1):
                yield from _rows(actor, known, each, f"{title} {number}: ")
        else:
            yield Row(title, _value(actor, field.reads if field else "", value))


def _value(actor: Actor, how: str, value: object) -> object:
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(_value(actor, how, each)) for each in value) or _("None")
    if value is None or value == "":
        return None
    if how:
        return READERS[how](actor, value)
    if isinstance(value, Enum):
        return getattr(value, "label", value.value)
    if isinstance(value, bytes):
        return value.hex()
    return date_format(value) if isinstance(value, date) else value


def unnamed() -> list[str]:
    """Fields of acts that nobody named, or whose reader is not registered, each as ``act: field``."""
    return [
        f"{act}: {name}"
        for act, handler in HANDLERS.items()
        for name in sorted(_names(handler.shape))
        if not _named(fields().get(act, {}).get(name))
    ]


def _named(field: Field | None) -> bool:
    return field is not None and (not field.reads or field.reads in READERS)


def _names(shape: type[msgspec.Struct]) -> set[str]:
    """Names of the fields of a structure and of those inside it."""
    names: set[str] = set()
    info = msgspec.inspect.type_info(shape)
    pending: list[Any] = [info]
    while pending:
        at = pending.pop()
        if isinstance(at, msgspec.inspect.StructType):
            for field in at.fields:
                names.add(field.name)
                pending.append(field.type)
        else:
            pending += getattr(at, "types", ())
            pending += getattr(at, "item_types", ())
            pending += [
                each for each in (getattr(at, "item_type", None), getattr(at, "value_type", None)) if each
            ]
    return names
