"""Status words (SW1 SW2) as numbers, by the names used in code.

Meanings in Chinese and English, clauses and the commands that answer each word are data:
see :mod:`shebaoka.spec.status_words`. Sources: Part 5 (card), Part 9 §8 (PSAM).
"""

from typing import Final

OK: Final = 0x9000
MEMORY: Final = 0x6581
LENGTH: Final = 0x6700
INVALID_STATE: Final = 0x6901
FILE_TYPE: Final = 0x6981
SECURITY: Final = 0x6982
BLOCKED: Final = 0x6983
REFERENCE_DATA: Final = 0x6984
CONDITIONS: Final = 0x6985
NO_CURRENT_EF: Final = 0x6986
SM_MISSING: Final = 0x6987
SM_WRONG: Final = 0x6988
DATA: Final = 0x6A80
NOT_SUPPORTED: Final = 0x6A81
FILE_NOT_FOUND: Final = 0x6A82
RECORD_NOT_FOUND: Final = 0x6A83
NO_SPACE: Final = 0x6A84
LC_TLV: Final = 0x6A85
P1P2: Final = 0x6A86
KEY_NOT_FOUND: Final = 0x6A88
OFFSET: Final = 0x6B00
INS: Final = 0x6D00
CLA: Final = 0x6E00
NO_DATA: Final = 0x6F00
MAC_INVALID: Final = 0x9302
APPLICATION_BLOCKED: Final = 0x9303
INSUFFICIENT: Final = 0x9401
COUNTER_MAX: Final = 0x9402
KEY_INDEX: Final = 0x9403
PROOF_NOT_AVAILABLE: Final = 0x9406


def tries_left(count: int) -> int:
    """``63Cx``: verification failed, ``count`` tries remain (0-15). Raises ValueError."""
    if not 0 <= count <= 15:
        raise ValueError(f"tries left {count} does not fit 63Cx (0 to 15)")
    return 0x63C0 | count


def more_data(length: int) -> int:
    """``61xx``: ``length`` bytes wait for GET RESPONSE (256 is written 00). Raises ValueError."""
    if not 1 <= length <= 256:
        raise ValueError(f"length {length} does not fit 61xx (1 to 256)")
    return 0x6100 | length & 0xFF


def wrong_le(length: int) -> int:
    """``6Cxx``: repeat with Le = ``length`` (256 is written 00). Raises ValueError."""
    if not 1 <= length <= 256:
        raise ValueError(f"length {length} does not fit 6Cxx (1 to 256)")
    return 0x6C00 | length & 0xFF
