"""The header of a key block: 16 characters and optional blocks, all of it covered by the block's MAC."""

import re
from dataclasses import dataclass, field

from shebaoka.crypto.tr31.errors import KeyBlockError
from shebaoka.crypto.tr31.fields import VERSIONS, Version, modes_of
from shebaoka.crypto.tr31.optional import format_optional, parse_optional

SIZE = 16
MAX_LENGTH = 9999

_FIELDS = {
    "key usage": "[A-Z0-9]{2}",
    "algorithm": "[A-Z0-9]",
    "mode of use": "[A-Z0-9]",
    "key version number": "[A-Z0-9]{2}|c[A-Z0-9]",
    "exportability": "[ENS0-9]",
    "number of optional blocks": "[0-9]{2}",
    "reserved field": "00",
}
"""Fields after version and length, in order, and what each may hold."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a block says of its key.

    ``version``: B (TDES), D (AES) or 4 (SM4, private). ``usage``: two characters, ``algorithm``, ``mode``:
    one, of the tables of X9.143 or numeric, proprietary. ``key_version``: ``00`` not used, ``c`` and a
    character for a component. ``exportability``: E under a trusted key, N not, S sensitive.
    ``optional``: optional blocks by their two-character name, in order; numeric names are proprietary.
    Raises KeyBlockError naming the field."""

    version: str
    usage: str
    algorithm: str
    mode: str
    key_version: str = "00"
    exportability: str = "E"
    optional: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _ = self.protection
        _check_fields(self.usage, self.algorithm, self.mode, self.key_version, self.exportability)
        if not self.mode.isdigit() and self.mode not in modes_of(self.usage):
            raise KeyBlockError("mode of use", f"{self.mode} does not fit key usage {self.usage}")
        format_optional(self.optional, self.protection.block_size)

    @property
    def protection(self) -> Version:
        """Cipher and sizes of the version. Raises KeyBlockError for an unknown one."""
        version = VERSIONS.get(self.version)
        if version is None:
            known = "B (TDES), D (AES) and 4 (SM4, private)"
            raise KeyBlockError("version", f"{self.version!r} is not known here; {known} are")
        return version

    def format(self, body: int) -> str:
        """The header in front of ``body`` further characters."""
        count, blocks = format_optional(self.optional, self.protection.block_size)
        length = SIZE + len(blocks) + body
        if length > MAX_LENGTH:
            raise KeyBlockError("block length", f"{length} characters are more than {MAX_LENGTH}")
        return f"{self.version}{length:04}{self._mandatory}{count:02}00{blocks}"

    @property
    def _mandatory(self) -> str:
        return f"{self.usage}{self.algorithm}{self.mode}{self.key_version}{self.exportability}"


def parse_header(block: str) -> tuple[Header, int]:
    """Header of a whole key block and the number of its characters. Raises KeyBlockError naming the field."""
    strange = re.search(r"[^\x20-\x7e]", block)
    if strange:
        raise KeyBlockError("block", f"character {strange.start() + 1} is not printable ASCII")
    if len(block) < SIZE:
        raise KeyBlockError("block", f"{len(block)} characters; the header alone has {SIZE}")
    version = VERSIONS.get(block[0])
    if version is None:
        raise KeyBlockError("version", f"{block[0]!r} is not known here; B, D and 4 are")
    _check_length(block, version)
    said = (block[5:7], block[7], block[8], block[9:11], block[11])
    _check_fields(*said, block[12:14], block[14:16])
    optional, used = parse_optional(block[SIZE:], int(block[12:14]), version.block_size)
    header = Header(version.letter, *said, optional)
    return header, SIZE + used


def _check_length(block: str, version: Version) -> None:
    said = block[1:5]
    if not re.fullmatch("[0-9]{4}", said):
        raise KeyBlockError("block length", f"{said!r} is not four digits")
    if int(said) != len(block):
        raise KeyBlockError("block length", f"the header says {int(said)} characters, there are {len(block)}")
    if len(block) % version.block_size:
        raise KeyBlockError("block length", f"{len(block)} is no multiple of {version.block_size}")


def _check_fields(*values: str) -> None:
    """Raises KeyBlockError for the first field that is not as the tables want it."""
    for (name, pattern), value in zip(_FIELDS.items(), values, strict=False):
        if not re.fullmatch(pattern, value):
            raise KeyBlockError(name, f"{value!r} is not valid")
