"""The shape of an extension file: what a region adds to a card (V2 §6)."""

import msgspec

from shebaoka.spec.model import CodeTable, DirectoryLayout, FileLayout, Item, KeyEntry, Text


class AddedFile(msgspec.Struct, frozen=True):
    """A file that an extension adds to a directory."""

    directory: str
    file: FileLayout


class AddedItem(msgspec.Struct, frozen=True):
    """An item that an extension adds to a file (``file`` is its identifier)."""

    directory: str
    file: int
    item: Item


class AddedRecords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A larger number of records that an extension gives a cyclic file."""

    directory: str
    file: int
    records: int


class Extension(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a region adds to a card (V2 §6), as read from one file; ``file`` is its path for messages."""

    id: str
    name: Text
    file: str
    region: str
    generations: tuple[str, ...]
    directories: tuple[DirectoryLayout, ...] = ()
    files: tuple[AddedFile, ...] = ()
    items: tuple[AddedItem, ...] = ()
    records: tuple[AddedRecords, ...] = ()
    keys: tuple[KeyEntry, ...] = ()
    tables: tuple[CodeTable, ...] = ()
