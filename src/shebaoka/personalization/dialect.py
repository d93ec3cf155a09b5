"""The issuer dialect, host side: commands that create files and load keys on a chip.

The card standard leaves these commands to the maker of the chip (Part 10 §5.2, Part 4 §5): one maker's set is
a dialect. :class:`OpenDialect` speaks to our own chip; another card operating system is another class with
the methods of :class:`IssuerDialect`. Nothing here needs key bytes: a master key is a
:class:`~shebaoka.crypto.ciphers.BlockCipher`, keys to load come as blocks already wrapped under it.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from shebaoka.codec.tlv import encode as tlv
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.formulas import authentication_data, session_key
from shebaoka.crypto.loading import loading_mac
from shebaoka.personalization.key_entries import (
    KeyFunction,
    KeyHeader,
    card_key_header,
    key_block,
    pin_block,
)
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.conditions import AllOf, AnyOf, Condition, Free, KeyProof, Never, Pin
from shebaoka.spec.model import DirectoryLayout, FileLayout, Structure

__all__ = [
    "CONTENT",
    "HISTORICAL",
    "MAX_ENTRIES",
    "MEDICAL",
    "OPEN",
    "ORIGINAL",
    "SEQUENCE",
    "FileSize",
    "IssuerDialect",
    "KeyFunction",
    "KeyHeader",
    "OpenDialect",
    "access_rule",
    "card_key_header",
    "key_block",
    "pin_block",
]

ORIGINAL = bytes(8)
"""Original information of AUTHENTICATE MASTER: any eight bytes, the challenge makes the proof fresh."""

MAX_ENTRIES = 10
"""Key entries one WRITE KEY command can carry."""

HISTORICAL, MEDICAL, SEQUENCE, CONTENT = 0x9F01, 0x9F02, 0x9F03, 0x9F7F
"""Objects of PUT DATA: historical bytes, medical parameters, terminal sequence, raw file content."""


_DESCRIPTOR: Mapping[Structure, int] = {
    Structure.TRANSPARENT: 0x01,
    Structure.FIXED: 0x02,
    Structure.VARIABLE: 0x04,
    Structure.CYCLIC: 0x06,
    Structure.INTERNAL: 0x08,
}
_DIRECTORY = 0x38


def access_rule(condition: Condition, identifiers: Mapping[str, int]) -> bytes:
    """The condition in the chip's postfix form: 00 free, FF never, 01 PIN, 02 id key,
    03 master key of the directory (names ending ``-MK``), 10 and, 11 or.

    ``identifiers``: EXTERNAL AUTHENTICATION identifier by key name. Raises KeyError with the unknown name.
    """
    match condition:
        case Free():
            return b"\x00"
        case Never():
            return b"\xff"
        case Pin():
            return b"\x01"
        case KeyProof(name):
            return b"\x03" if name.endswith("-MK") else bytes((0x02, identifiers[name]))
        case AllOf(parts) | AnyOf(parts):
            operator = b"\x10" if isinstance(condition, AllOf) else b"\x11"
            first, *rest = (access_rule(part, identifiers) for part in parts)
            return first + b"".join(part + operator for part in rest)


class FileSize(NamedTuple):
    """Room of a file: ``capacity`` bytes (transparent, variable) or ``record`` bytes times ``records``."""

    capacity: int = 0
    record: int = 0
    records: int = 0


class IssuerDialect(Protocol):
    """Commands of one chip maker, as raw APDUs."""

    def authenticate(self, master: BlockCipher, challenge: bytes) -> bytes:
        """Prove the master key of the current directory by its 8-byte challenge."""

    def create_directory(
        self, directory: DirectoryLayout, *, algorithm: Algorithm | None, dir_sfi: int | None
    ) -> bytes:
        """Create DDF or DF inside the current directory and select it, its master key proven.

        ``algorithm``: what the FCI says (None: nothing); ``dir_sfi``: its DIR file, for a DDF only."""

    def create_file(self, file: FileLayout, size: FileSize, identifiers: Mapping[str, int]) -> bytes:
        """Create an EF in the current directory and select it."""

    def write_keys(
        self, master: BlockCipher, challenge: bytes, entries: Sequence[bytes], *, replace: bool = False
    ) -> bytes:
        """Load application keys: each entry is header (8) ‖ block wrapped under ``master`` (16).
        ``replace``: the keys are there already."""

    def replace_master(self, master: BlockCipher, challenge: bytes, entry: bytes) -> bytes:
        """Replace the master key of the current directory."""

    def put_data(self, tag: int, data: bytes) -> bytes:
        """Set a data object (:data:`HISTORICAL`, :data:`MEDICAL`, :data:`SEQUENCE`, :data:`CONTENT`)."""

    def activate(self) -> bytes:
        """End of initialization: raw content is refused from here."""

    def delete_structure(self) -> bytes:
        """Erase everything below the MF; the transport key is valid again (Part 10 §5.1.1)."""


class OpenDialect:
    """The dialect of our chip (docs/reference/issuer-dialect.md)."""

    def authenticate(self, master: BlockCipher, challenge: bytes) -> bytes:
        """``80 82 00 00 10 authentication data ‖ original information`` (Part 4 §9)."""
        proof = authentication_data(session_key(master, challenge), ORIGINAL)
        return b"\x80\x82\x00\x00\x10" + proof + ORIGINAL

    def create_directory(
        self, directory: DirectoryLayout, *, algorithm: Algorithm | None, dir_sfi: int | None
    ) -> bytes:
        """``80 E0 00 00 Lc 62{82 38, 83 FID, 84 name [, A5{87, 88}]}``."""
        parts = [
            tlv(0x82, bytes((_DIRECTORY,))),
            tlv(0x83, directory.fid.to_bytes(2)),
            tlv(0x84, bytes.fromhex(directory.aid)),
        ]
        if dir_sfi is not None:
            code = b"" if algorithm is None or algorithm.fci is None else tlv(0x87, bytes((algorithm.fci,)))
            parts.append(tlv(0xA5, code + tlv(0x88, bytes((dir_sfi,)))))
        return _create(b"".join(parts))

    def create_file(self, file: FileLayout, size: FileSize, identifiers: Mapping[str, int]) -> bytes:
        """``80 E0 00 00 Lc 62{82, 83, 88, 80 | 86, 8C read, 8D write}``."""
        parts = [
            tlv(0x82, bytes((_DESCRIPTOR[file.structure],))),
            tlv(0x83, file.fid.to_bytes(2)),
            tlv(0x88, bytes((file.sfi,))),
        ]
        if size.records:
            parts.append(tlv(0x86, bytes((size.record, size.records))))
        elif file.structure is not Structure.INTERNAL:
            parts.append(tlv(0x80, size.capacity.to_bytes(2)))
        parts.append(tlv(0x8C, access_rule(file.read_condition, identifiers)))
        parts.append(tlv(0x8D, access_rule(file.write_condition, identifiers)))
        return _create(b"".join(parts))

    def write_keys(
        self, master: BlockCipher, challenge: bytes, entries: Sequence[bytes], *, replace: bool = False
    ) -> bytes:
        """``84 D8 00|01 00 Lc entries ‖ MAC``. Raises ValueError for more than ten entries."""
        if not 1 <= len(entries) <= MAX_ENTRIES:
            raise ValueError(f"one command loads 1 to {MAX_ENTRIES} keys, not {len(entries)}")
        return _write(master, challenge, bytes((0x84, 0xD8, replace, 0x00)), b"".join(entries))

    def replace_master(self, master: BlockCipher, challenge: bytes, entry: bytes) -> bytes:
        """``84 D8 01 01 Lc entry ‖ MAC``."""
        return _write(master, challenge, b"\x84\xd8\x01\x01", entry)

    def put_data(self, tag: int, data: bytes) -> bytes:
        """``80 DA tag Lc data``, data up to 255 bytes."""
        return b"\x80\xda" + tag.to_bytes(2) + bytes((len(data),)) + data

    def activate(self) -> bytes:
        """``80 44 00 00 00``."""
        return bytes.fromhex("8044000000")

    def delete_structure(self) -> bytes:
        """``80 E4 00 00 00``."""
        return bytes.fromhex("80E4000000")


def _create(parameters: bytes) -> bytes:
    template = tlv(0x62, parameters)
    return b"\x80\xe0\x00\x00" + bytes((len(template),)) + template


def _write(master: BlockCipher, challenge: bytes, header: bytes, data: bytes) -> bytes:
    message = header + bytes((len(data) + 4,)) + data
    return message + loading_mac(master, challenge, message)


OPEN = OpenDialect()
