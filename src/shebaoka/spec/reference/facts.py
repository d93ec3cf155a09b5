"""Reference page: what the card records about a person, where, and under which keys."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from shebaoka.spec.layouts import card_layout
from shebaoka.spec.loading import Source, shipped
from shebaoka.spec.model import FileLayout, Text
from shebaoka.spec.reference.markdown import both, page, table

_FILE = "facts.toml"


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fact people expect on the card; ``places`` by generation: ``DF03/EF06`` or ``DF03/EF06/47``."""

    name: Text
    places: dict[str, tuple[str, ...]]
    note: str = ""


class Place(msgspec.Struct, frozen=True):
    """Where a fact stands: generations, directory and file, items (empty: all), and the conditions."""

    generations: str
    directory: str
    file: FileLayout
    items: tuple[str, ...]


@cache
def facts() -> tuple[Fact, ...]:
    """The facts of ``data/facts.toml``. Raises SpecError."""
    source = Source(_FILE)
    found = []
    for raw in source.tables(shipped(_FILE), "facts"):
        plain: dict[str, Any] = {key: raw[key] for key in ("zh", "en", "note") if key in raw}
        places = {key: value for key, value in raw.items() if key not in plain}
        found.append(source.build(Fact, plain, str(raw.get("en")), places=places))
    return tuple(found)


def places_of(fact: Fact) -> list[Place]:
    """The places of a fact in 1.0, 2.0 and 3.0, one for each file; 2.0 and 3.0 together where both agree.

    Raises SpecError when a path names no file or item.
    """
    found: dict[tuple[str, str, int], Place] = {}
    for place in _single_places(fact):
        key = (place.generations, place.directory, place.file.fid)
        earlier = found[key].items if key in found else ()
        found[key] = msgspec.structs.replace(place, items=earlier + place.items)
    return list(found.values())


def facts_page() -> str:
    """A section for each fact: generation, file, items, reading and writing condition."""
    introduction = (
        "Each fact the social security card is said to record, with file, items, generation, and what it "
        "takes to read and to write it. `PIN` is the card PIN of the holder; other names are keys of the "
        "[key catalogue](card-keys.md), proved through a PSAM or a vault."
    )
    blocks = [block for fact in facts() for block in _section(fact)]
    return page("What the card records", introduction, *blocks)


def _section(fact: Fact) -> Iterator[str]:
    yield f"## {both(fact.name)}"
    if fact.note:
        yield fact.note
    rows = [
        (
            place.generations,
            f"`{place.directory} {place.file.id}` {both(place.file.name)}",
            "<br>".join(place.items) or "all",
            str(place.file.read_condition),
            str(place.file.write_condition),
        )
        for place in places_of(fact)
    ]
    yield table(("generation", "file", "items", "read", "write"), rows)


def _single_places(fact: Fact) -> Iterator[Place]:
    for path in fact.places.get("1.0", ()):
        yield _place(fact, "1.0", path)
    for path in fact.places.get("2.0", ()):
        old, new = _place(fact, "2.0", path), _place(fact, "3.0", path)
        if (old.file.read, old.file.write) == (new.file.read, new.file.write):
            yield msgspec.structs.replace(old, generations="2.0, 3.0")
        else:
            yield old
            yield new


def _place(fact: Fact, generation: str, path: str) -> Place:
    directory_id, _, rest = path.partition("/")
    fid, _, tag = rest.partition("/")
    for directory in card_layout(generation).directories:
        for file in directory.files:
            if (directory.id, file.id) == (directory_id, fid):
                items = tuple(f"`{i.tag:02X}` {both(i.name)}" for i in file.items if f"{i.tag:02X}" == tag)
                if items or not tag:
                    return Place(generation, directory_id, file, items)
    raise Source(_FILE).fail(fact.name.en, f"{path} is nothing on a {generation} card")
