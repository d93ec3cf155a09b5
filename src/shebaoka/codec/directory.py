"""Records of the directory file (目录文件, DIR): application templates ``61`` (Part 3 §6.3)."""

from dataclasses import dataclass

from shebaoka.codec import tlv
from shebaoka.codec.text import TooLongError, decode_an, encode_gbk

_TEMPLATE, _NAME, _LABEL = 0x61, 0x4F, 0x50
_LABEL_BYTES = 16


class DirectoryError(ValueError):
    """A record or an entry that the directory file cannot hold."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A way into the card: ``name`` 5-16 bytes for SELECT; ``label`` for an application (ADF), empty for a
    directory with a DIR file of its own (DDF)."""

    name: bytes
    label: str = ""


def encode_entry(entry: Entry) -> bytes:
    """``61{4F name, 50 label}``. Raises DirectoryError for the name, TextError for a label over 16 bytes.

    >>> encode_entry(Entry(bytes.fromhex("D15600000500"), "公共应用信息区")).hex()
    '61184f06d15600000500500eb9abb9b2d3a6d3c3d0c5cfa2c7f8'
    """
    if not 5 <= len(entry.name) <= 16:
        raise DirectoryError(f"a directory name has 5 to 16 bytes, not {len(entry.name)}")
    objects = [(_NAME, entry.name)]
    if entry.label:
        label = encode_gbk(entry.label)
        if len(label) > _LABEL_BYTES:
            raise TooLongError(len(label), _LABEL_BYTES)
        objects.append((_LABEL, label))
    return tlv.encode(_TEMPLATE, tlv.encode_all(objects))


def parse_record(data: bytes) -> list[Entry]:
    """The entries of one record; it may hold several. Raises DirectoryError."""
    entries = []
    try:
        for tag, content in tlv.parse(data):
            if tag != _TEMPLATE:
                raise DirectoryError(f"tag {tag:02X} where an application template (61) must stand")
            entries.append(_entry(dict(tlv.parse(content))))
    except tlv.TlvError as error:
        raise DirectoryError(str(error)) from None
    return entries


def _entry(objects: dict[int, bytes]) -> Entry:
    name = objects.get(_NAME, b"")
    if not 5 <= len(name) <= 16:
        raise DirectoryError(f"an entry needs a name of 5 to 16 bytes (tag 4F), not {len(name)}")
    return Entry(name, decode_an(objects.get(_LABEL, b""), lenient=True))
