"""File control information that SELECT answers (Part 5 T36-T38).

``6F{84 name}`` for an application; ``6F{84 name, A5{88 SFI of DIR, 9F0C issuer data}}`` for the social
security environment, where the issuer data is ``86 01 algorithm`` on cards after the first generation.
"""

from dataclasses import dataclass

from shebaoka.codec import tlv
from shebaoka.spec.algorithm import Algorithm

_FCI, _NAME, _PROPRIETARY, _DIR_SFI, _ISSUER, _ALGORITHM = 0x6F, 0x84, 0xA5, 0x88, 0x9F0C, 0x86


class FciError(ValueError):
    """Bytes that are no file control information."""


@dataclass(frozen=True, slots=True)
class Fci:
    """What SELECT told: ``name`` 5-16 bytes, ``dir_sfi`` 1-30 or None, ``algorithm_code`` as sent or None."""

    name: bytes
    dir_sfi: int | None = None
    algorithm_code: int | None = None

    @property
    def algorithm(self) -> Algorithm:
        """The algorithm of the card; 3DES when the card names none (decision K2). Raises ValueError for an
        unknown code."""
        return Algorithm.TDES if self.algorithm_code is None else Algorithm.from_fci(self.algorithm_code)


def build_fci(name: bytes, dir_sfi: int | None = None, algorithm: Algorithm | None = None) -> bytes:
    """The FCI of a directory: ``name`` 1-16 bytes, ``dir_sfi`` 1-30 for an environment, ``algorithm`` for the
    issuer data. Raises ValueError for other sizes and for an algorithm without an FCI code.
    """
    if not 1 <= len(name) <= 16:
        raise ValueError(f"a directory name has 1 to 16 bytes, not {len(name)}")
    proprietary = b""
    if dir_sfi is not None:
        if not 1 <= dir_sfi <= 30:
            raise ValueError(f"an SFI is 1 to 30, not {dir_sfi}")
        proprietary += tlv.encode(_DIR_SFI, bytes((dir_sfi,)))
    if algorithm is not None:
        if algorithm.fci is None:
            raise ValueError(f"{algorithm.label} has no code in the FCI")
        issuer = tlv.encode(_ALGORITHM, bytes((algorithm.fci,)))
        proprietary += _ISSUER.to_bytes(2) + bytes((len(issuer),)) + issuer
    content = tlv.encode(_NAME, name)
    if proprietary:
        content += tlv.encode(_PROPRIETARY, proprietary)
    return tlv.encode(_FCI, content)


def parse_fci(data: bytes) -> Fci:
    """The FCI in ``data``; objects it does not know are passed over. Raises FciError."""
    content = _one(_objects(data), _FCI)
    if content is None:
        raise FciError("the answer to SELECT does not begin with tag 6F")
    objects = _objects(content)
    name = _one(objects, _NAME)
    if not name:
        raise FciError("the FCI has no name (tag 84)")
    proprietary = _objects(_one(objects, _PROPRIETARY) or b"")
    sfi = _one(proprietary, _DIR_SFI)
    issuer = _objects(_one(proprietary, _ISSUER) or b"")
    return Fci(name, _byte(sfi, _DIR_SFI), _byte(_one(issuer, _ALGORITHM), _ALGORITHM))


def _objects(data: bytes) -> list[tuple[int, bytes]]:
    """BER objects with one- or two-byte tags; unlike records, an FCI does use 9F0C."""
    objects, offset = [], 0
    while offset < len(data):
        tag = data[offset]
        offset += 1
        if tag & 0x1F == 0x1F and offset < len(data):
            tag = tag << 8 | data[offset]
            offset += 1
        end = offset + 1 + data[offset] if offset < len(data) else len(data) + 1
        if end > len(data):
            raise FciError(f"the FCI ends inside tag {tag:02X}")
        objects.append((tag, data[offset + 1 : end]))
        offset = end
    return objects


def _one(objects: list[tuple[int, bytes]], tag: int) -> bytes | None:
    return next((value for found, value in objects if found == tag), None)


def _byte(value: bytes | None, tag: int) -> int | None:
    if value is None:
        return None
    if len(value) != 1:
        raise FciError(f"tag {tag:02X} of the FCI has {len(value)} bytes instead of 1")
    return value[0]
