"""Reference pages of the files and items of a card and of the PSAM."""

from collections.abc import Iterator

from shebaoka.spec.layouts import card_layout, psam_layout
from shebaoka.spec.model import CardLayout, DirectoryLayout, FileLayout, Item, Structure
from shebaoka.spec.reference.markdown import both, page, table

_ITEM_COLUMNS = ("tag", "item", "type", "length", "records", "codes", "since", "clause")


def card_page(generation: str) -> str:
    """All directories, files and items of a generation."""
    layout = card_layout(generation)
    introduction = (
        f"{both(layout.name)}, version item 03 = `{layout.version}`, ciphers {', '.join(layout.algorithms)} "
        "(the first by default).\n\n"
        "Identifiers, tags and lengths are hexadecimal; a cyclic record and a transparent file have fields "
        "without tag. Read and write conditions name keys of the [key catalogue](card-keys.md), codes the "
        "[code tables](card-codes.md). Class: live (启用), preset (预设, defined but not yet in use), "
        "reserved (预留, space only)."
    )
    return page(f"Files of the {generation} card", introduction, *_directories(layout))


def annex_page() -> str:
    """DF05 and DF06."""
    layout = card_layout("2.0", annex=True)
    annex = [directory for directory in layout.directories if directory.id in {"DF05", "DF06"}]
    introduction = (
        "Applications of V2 appendix B, for orientation; a card that has them is selected by label. "
        "They are part of a layout on request (`annex`)."
    )
    blocks = [block for directory in annex for block in _directory(directory)]
    return page("Files of the annex applications", introduction, *blocks)


def psam_page() -> str:
    """The two environments of a PSAM."""
    layout = psam_layout()
    environments = table(
        ("environment", "identifier", "name for SELECT", "ciphers", "source"),
        [
            (both(e.name), f"`{e.fid:04X}`", f"`{e.aid}`", ", ".join(e.algorithms), e.source)
            for e in layout.environments
        ],
    )
    first = layout.environments[0]
    files = [block for file in first.files for block in _file("DDF", file)]
    introduction = f"{both(layout.name)}: two environments with the same files (Part 9 §5)."
    return page(
        "Files of the PSAM",
        introduction,
        environments,
        "## In each environment",
        _file_table(first.files),
        *files,
        *_directory(first.application),
    )


def _directories(layout: CardLayout) -> Iterator[str]:
    for directory in layout.directories:
        yield from _directory(directory)


def _directory(directory: DirectoryLayout) -> Iterator[str]:
    yield f"## {directory.id} {both(directory.name)}"
    label = f", label {directory.label}" if directory.label else ""
    yield f"Name for SELECT `{directory.aid}`{label}. Source: {directory.source}."
    yield _file_table(directory.files)
    for file in directory.files:
        yield from _file(directory.id, file)
    if directory.internal:
        yield f"### {directory.id}, kept by the chip"
        yield table(_ITEM_COLUMNS, _items(directory.internal))


def _file_table(files: tuple[FileLayout, ...]) -> str:
    columns = ("file", "name", "structure", "class", "bytes", "read", "write", "source")
    return table(columns, [_file_row(file) for file in files])


def _file_row(file: FileLayout) -> tuple[str, ...]:
    structure = str(file.structure)
    if file.structure is Structure.CYCLIC:
        structure += f", {file.records} × {file.record_length:X}"
    elif file.structure is Structure.FIXED:
        structure += f", {file.records} records"
    size = f"{file.capacity:X}" if file.capacity else "–"
    return (
        f"`{file.id}`",
        both(file.name),
        structure,
        str(file.kind),
        size,
        str(file.read_condition),
        str(file.write_condition),
        file.source,
    )


def _file(directory: str, file: FileLayout) -> Iterator[str]:
    if file.items:
        yield f"### {directory} {file.id} {both(file.name)}"
        yield table(_ITEM_COLUMNS, _items(file.items))


def _items(items: tuple[Item, ...], depth: int = 0) -> Iterator[tuple[str, ...]]:
    for item in items:
        parts = "+".join(part.codes for part in item.parts)
        yield (
            "↳ " * depth + (f"`{item.tag:02X}`" if item.tag else "–"),
            both(item.name) + (f". {item.note}" if item.note else ""),
            str(item.type),
            f"{item.length:X}",
            str(item.count),
            item.codes or parts or "–",
            item.since,
            item.clause or "–",
        )
        yield from _items(item.children, depth + 1)
