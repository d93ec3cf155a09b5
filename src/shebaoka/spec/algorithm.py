"""Cipher algorithms of the social security card and their codes.

Two enumerations exist side by side (decision K2): FCI issuer data and medical commands use 01, 02, 03;
PSAM key records (Part 9 §6.2) use 00, 01, 02, and 03 by our definition.
"""

from enum import Enum


class Algorithm(Enum):
    """A cipher: name, FCI code or None, PSAM record code, block size and key size in bytes.

    DES holds a single-length key (8 bytes); TDES a double-length key (16 bytes); SSF33 is unpublished and
    only named, so that it can be refused clearly.
    """

    TDES = ("3DES", 0x01, 0x00, 8, 16)
    DES = ("DES", None, 0x01, 8, 8)
    SSF33 = ("SSF33", 0x02, 0x02, 16, 16)
    SM4 = ("SM4", 0x03, 0x03, 16, 16)

    def __init__(self, label: str, fci: int | None, psam: int, block: int, key: int) -> None:
        self.label = label
        self.fci = fci
        self.psam = psam
        self.block_size = block
        self.key_size = key

    @classmethod
    def from_fci(cls, code: int) -> "Algorithm":
        """The algorithm of an FCI code (tag 86). Raises ValueError for an unknown code."""
        for algorithm in cls:
            if algorithm.fci == code:
                return algorithm
        raise ValueError(f"unknown algorithm code {code:02X} in the FCI")

    @classmethod
    def from_psam(cls, code: int) -> "Algorithm":
        """The algorithm of a PSAM key record code (Part 9 §6.2). Raises ValueError for an unknown code."""
        for algorithm in cls:
            if algorithm.psam == code:
                return algorithm
        raise ValueError(f"unknown algorithm code {code:02X} in a PSAM key record")
