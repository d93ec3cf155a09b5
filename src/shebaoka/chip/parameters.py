"""File control parameters (FCP): what CREATE FILE says about a directory or a file, template ``62``."""

from functools import lru_cache

import msgspec

from shebaoka.chip.access import NEVER, Rule, compile_rule

DIRECTORY = 0x38
TRANSPARENT = 0x01
FIXED = 0x02
VARIABLE = 0x04
CYCLIC = 0x06
INTERNAL = 0x08

RECORD_STRUCTURES = frozenset({FIXED, VARIABLE, CYCLIC})
_MOST_RECORDS = 254


class Parameters(msgspec.Struct, frozen=True):
    """Decoded FCP. ``size`` bytes (transparent, variable); ``record_length``, ``records`` (fixed, cyclic)."""

    structure: int
    fid: int
    name: bytes = b""
    sfi: int = 0
    size: int = 0
    record_length: int = 0
    records: int = 0
    read: Rule = NEVER
    write: Rule = NEVER
    ddf: bool = False
    algorithm_code: int | None = None
    dir_sfi: int | None = None


@lru_cache(maxsize=512)
def parse_parameters(template: bytes) -> Parameters:
    """Decode ``62 len {...}``, once for all chips of a layout. Raises ValueError saying what is wrong."""
    outer = tlv(template)
    if list(outer) != [0x62]:
        raise ValueError("file parameters are one template 62")
    fields = tlv(outer[0x62])
    structure, fid = _number(fields, 0x82, 1), _number(fields, 0x83, 2)
    if fid in (0, 0x3F00, 0xFFFF):
        raise ValueError("reserved file identifier")
    if structure == DIRECTORY:
        return _directory(fields, fid)
    return _file(fields, structure, fid)


def tlv(data: bytes) -> dict[int, bytes]:
    """One-byte tags and lengths, no tag twice. Raises ValueError."""
    found: dict[int, bytes] = {}
    position = 0
    while position < len(data):
        if position + 2 > len(data):
            raise ValueError("a length byte is missing")
        tag, length = data[position], data[position + 1]
        position += 2 + length
        if position > len(data) or tag in found:
            raise ValueError(f"tag {tag:02X}: too long or twice")
        found[tag] = data[position - length : position]
    return found


def _directory(fields: dict[int, bytes], fid: int) -> Parameters:
    name = fields.get(0x84, b"")
    if name and not 5 <= len(name) <= 16:
        raise ValueError("a DF name has 5 to 16 bytes")
    special = tlv(fields.get(0xA5, b""))
    return Parameters(
        structure=DIRECTORY,
        fid=fid,
        name=name,
        ddf=0xA5 in fields,
        algorithm_code=_number(special, 0x87, 1) if 0x87 in special else None,
        dir_sfi=_number(special, 0x88, 1) if 0x88 in special else None,
    )


def _file(fields: dict[int, bytes], structure: int, fid: int) -> Parameters:
    sfi = _number(fields, 0x88, 1) if 0x88 in fields else 0
    if sfi > 30:
        raise ValueError("a short file identifier is 1 to 30")
    size = _number(fields, 0x80) if structure in (TRANSPARENT, VARIABLE) else 0
    length, records = 0, 0
    if structure in (FIXED, CYCLIC):
        length, records = divmod(_number(fields, 0x86, 2), 256)
        if not length or not 1 <= records <= _MOST_RECORDS:
            raise ValueError("record length 1 to 255, 1 to 254 records")
    elif structure not in (TRANSPARENT, VARIABLE, INTERNAL):
        raise ValueError(f"unknown file structure {structure:02X}")
    if size > 0x8000:
        raise ValueError("a file has at most 32768 bytes")
    return Parameters(
        structure=structure,
        fid=fid,
        sfi=sfi,
        size=size,
        record_length=length,
        records=records,
        read=compile_rule(fields.get(0x8C, b"")),
        write=compile_rule(fields.get(0x8D, b"")),
    )


def _number(fields: dict[int, bytes], tag: int, length: int | None = None) -> int:
    value = fields.get(tag)
    if not value or (length is not None and len(value) != length) or len(value) > 4:
        raise ValueError(f"tag {tag:02X} is missing or has a wrong length")
    return int.from_bytes(value)
