"""The random bytes that an exchange shows the chip has drawn: a record gives them back when it runs again."""

_GET_CHALLENGE, _INITIALIZE = (0x00, 0x84), (0xB0, 0x28)
_LOAD_RANDOM = slice(8, 12)  # balance 4, counter 2, version 1, algorithm 1, random 4, MAC1 4 (Part 5 T67)
_PURCHASE_RANDOM = slice(
    18, 22
)  # balance 4, totals 8, year 2, counter 2, version 1, algorithm 1, random 4 (T71)


def random_of(apdu: bytes, data: bytes) -> bytes:
    """Random bytes in the answer ``data`` (without status word) to ``apdu``; empty when it has none."""
    if tuple(apdu[:2]) == _GET_CHALLENGE:
        return data
    if tuple(apdu[:2]) == _INITIALIZE and len(apdu) > 2:
        return data[_PURCHASE_RANDOM if apdu[2] == 1 else _LOAD_RANDOM]
    return b""
