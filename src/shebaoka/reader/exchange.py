"""One command and its whole answer: 61xx fetched by GET RESPONSE, 6Cxx repeated with the right length."""

from shebaoka.codec.apdu import Command, Response
from shebaoka.reader.base import Reader

_GET_RESPONSE = bytes((0x00, 0xC0, 0x00, 0x00))
_MOST_PARTS = 256  # 64 KiB; a chip that never ends is cut off


def exchange(reader: Reader, command: Command) -> Response:
    """Send a command and follow 61xx and 6Cxx (Part 2 §9.3.1.4, §9.3.2.1). Raises ReaderError."""
    answer = follow(reader, command.encode())
    return Response(answer[:-2], int.from_bytes(answer[-2:]))


def follow(reader: Reader, apdu: bytes) -> bytes:
    """As :func:`exchange`, bytes to bytes; ``apdu`` need not be well formed.

    A 6Cxx is followed once: the second answer stands whatever it is, except 61xx.
    """
    answer = reader.transmit(apdu)
    if len(answer) == 2 and answer[0] == 0x6C:
        answer = reader.transmit(with_length(apdu, answer[1]))
    if answer[-2:-1] != b"\x61":
        return answer
    data = bytearray(answer[:-2])
    for _ in range(_MOST_PARTS):
        answer = reader.transmit(_GET_RESPONSE + answer[-1:])
        if len(answer) == 2 and answer[0] == 0x6C:
            answer = reader.transmit(_GET_RESPONSE + answer[1:])
        data += answer[:-2]
        if answer[-2:-1] != b"\x61":
            break
    return bytes(data) + answer[-2:]


def with_length(apdu: bytes, length: int) -> bytes:
    """The same command with Le = ``length``, in the place of the old one if there was one."""
    has_le = len(apdu) == 5 or (len(apdu) > 5 and len(apdu) == 6 + apdu[4])
    return (apdu[:-1] if has_le else apdu) + bytes((length,))
