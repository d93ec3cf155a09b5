"""What a backup says about itself, read last and compared with what came before it."""

import msgspec

FORMAT = 1


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the backup: its size in bytes and SHA-256."""

    size: int
    sha256: str


class ChainEnd(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The end of an audit chain: number and hash of its last record."""

    sequence: int
    hash: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``files`` by name in the backup; ``chains`` by code; ``migrations`` done, as ``part.name``; ``dump``:
    pieces of the database's dump."""

    format: int
    made_at: str
    mode: str
    shebaoka: str
    postgresql: str
    migrations: list[str]
    chains: dict[str, ChainEnd]
    files: dict[str, Kept]
    dump: int
