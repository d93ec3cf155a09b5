"""The catalogue of card keys and of the PSAM's own keys, read from ``data/keys.toml``."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from shebaoka.spec.conditions import key_names
from shebaoka.spec.layouts import GENERATIONS, card_layout
from shebaoka.spec.loading import Raw, Source, shipped
from shebaoka.spec.model import CardLayout, KeyEntry, KeyRole, PsamKeyEntry, Text

_FILE = "keys.toml"


def key_catalogue(
    generation: str = "2.0", extensions: Sequence[Path] = (), annex: bool = False
) -> tuple[KeyEntry, ...]:
    """All keys of a card of the generation: 55 of a 2.0 or 3.0 card, 38 of a 1.0 card, plus annex and local.

    ``controls`` names the files found in the layout (``DF01/EF05``) beside the functions.
    Raises ValueError for an unknown generation, SpecError or ExtensionError for a bad extension file.
    """
    if not extensions:
        return _catalogue(generation, annex)
    from shebaoka.spec.extensions import extension_keys  # it needs the plain catalogue of this module

    layout = card_layout(generation, extensions, annex)
    local = extension_keys(card_layout(generation, annex=annex), extensions)
    return tuple(complete(key, layout) for key in (*_raw_keys(generation, annex), *local))


def key_entry(
    name: str, generation: str = "2.0", extensions: Sequence[Path] = (), annex: bool = False
) -> KeyEntry:
    """The key of that name (``UKMF`` is ``UKSSSE``). Raises KeyError when the generation has none."""
    wanted = "UKSSSE" if name == "UKMF" else name
    for key in key_catalogue(generation, extensions, annex):
        if key.name == wanted:
            return key
    raise KeyError(f"{name} is no key of a {generation} card")


@cache
def psam_master_keys() -> tuple[PsamKeyEntry, ...]:
    """MF-MK, DDF-MK, ADF-MK and the loading keys KID-01 to KID-03 of a PSAM (Part 9 §5)."""
    source, raw = Source(_FILE), _raw()
    return tuple(
        source.build(PsamKeyEntry, _with_use(source, entry), str(entry.get("name")))
        for entry in source.tables(raw, "psam_keys")
    )


def keys_from(source: Source, tables: Iterable[Raw]) -> tuple[KeyEntry, ...]:
    """Keys of a data or extension file; ``use`` stays empty when the files that need the key tell it."""
    return tuple(
        source.build(KeyEntry, {"identifier": None} | _with_use(source, raw), f"key {raw.get('name')}")
        for raw in tables
    )


def complete(key: KeyEntry, layout: CardLayout) -> KeyEntry:
    """The key with the files it controls in ``layout``, and its use told from them where it has none."""
    reads, writes = files_of(key.name, layout, "read"), files_of(key.name, layout, "write")
    controls = tuple(dict.fromkeys([*reads, *writes, *key.controls]))
    use = key.use
    if not use.zh:
        files = {**reads, **writes} if key.role is not KeyRole.READ else reads
        verb_zh, verb_en = ("读取", "Read") if key.role is KeyRole.READ else ("更新", "Update")
        use = Text(
            f"{verb_zh}：{'、'.join(name.zh for name in files.values())}",
            f"{verb_en}: {', '.join(name.en[0].lower() + name.en[1:] for name in files.values())}",
        )
    return msgspec.structs.replace(key, controls=controls, use=use)


def files_of(key: str, layout: CardLayout, access: str) -> dict[str, Text]:
    """Path (``DF01/EF05``) and name of the files whose ``read`` or ``write`` condition mentions the key."""
    found = {}
    for directory in layout.directories:
        for file in directory.files:
            condition = file.read_condition if access == "read" else file.write_condition
            if key in key_names(condition):
                found[f"{directory.id}/{file.id}"] = file.name
    return found


@cache
def _catalogue(generation: str, annex: bool) -> tuple[KeyEntry, ...]:
    layout = card_layout(generation, annex=annex)
    return tuple(complete(key, layout) for key in _raw_keys(generation, annex))


@cache
def _raw_keys(generation: str, annex: bool) -> tuple[KeyEntry, ...]:
    if generation not in GENERATIONS:
        raise ValueError(f"unknown card generation {generation!r}: one of {', '.join(GENERATIONS)}")
    source, raw = Source(_FILE), _raw()
    tables = [*source.tables(raw, "keys"), *(source.tables(raw, "annex_keys") if annex else [])]
    return tuple(key for key in keys_from(source, tables) if generation in key.generations)


@cache
def _raw() -> dict[str, Any]:
    return shipped(_FILE)


def _with_use(source: Source, raw: Raw) -> dict[str, Any]:
    """The table with ``zh`` and ``en`` as its ``use``: a key's name is its identifier in the texts."""
    use = source.text(raw, f"key {raw.get('name')}") if "zh" in raw or "en" in raw else Text("", "")
    return {key: value for key, value in raw.items() if key not in {"zh", "en"}} | {"use": use}
