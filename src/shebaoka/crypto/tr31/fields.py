"""The values a header may carry, from the tables of X9.143, and ours from its proprietary (numeric) ranges.

Strength in bits decides which key may protect which (X9.143 asks for a protection key at least as strong as
what it protects)."""

from dataclasses import dataclass

SM4 = "4"
"""SM4 in the proprietary range, both as version of a block and as algorithm of a key."""


@dataclass(frozen=True, slots=True)
class Version:
    """How a block of this version is protected: cipher, block and MAC size in bytes."""

    letter: str
    cipher: str
    block_size: int


VERSIONS = {
    version.letter: version
    for version in (Version("B", "TDES", 8), Version("D", "AES", 16), Version(SM4, "SM4", 16))
}

KEY_SIZES = {"A": (16, 24, 32), "D": (8,), "T": (16, 24), SM4: (16,)}
"""Bytes of a key by algorithm: AES, DES, TDES, SM4. Other algorithms carry keys of any size."""

HIDDEN_SIZE = {"A": 32, "D": 24, "T": 24, SM4: 16}
"""Blocks are padded as if the key had this size, so that their length does not tell the key's."""

STRENGTH = {("D", 8): 56, ("T", 16): 80, ("T", 24): 112, (SM4, 16): 128} | {
    ("A", size): size * 8 for size in KEY_SIZES["A"]
}

_BOTH, _MAC, _SIGN = "BDE", "CGV", "SV"
_MODES = {
    "B0": "X",
    "B1": "X",
    "B2": "X",
    "C0": _MAC,
    "D0": _BOTH,
    "D1": _BOTH,
    "D2": _BOTH,
    **{f"E{number}": "X" for number in range(7)},
    "I0": "",
    "K0": _BOTH,
    "K1": _BOTH,
    "K2": _BOTH,
    "K3": _BOTH + "X",
    **{f"M{number}": _MAC for number in range(9)},
    "P0": _BOTH,
    "S0": _SIGN,
    "S1": _SIGN,
    "S2": _SIGN + "TBDE",
    **{f"V{number}": _MAC for number in range(5)},
}
_ANY_MODE = "BCDEGNSTVXY"


def modes_of(usage: str) -> str:
    """Modes of use that fit a key usage, ``N`` (no special restriction) among them; all for a usage the
    tables do not hold."""
    modes = _MODES.get(usage)
    return _ANY_MODE if modes is None else modes + "N"
