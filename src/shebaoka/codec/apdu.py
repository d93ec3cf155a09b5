"""Command and response APDUs, short form, cases 1-4 (Part 5 §5, Part 2 §9.3).

The standard has no extended length: data up to 255 bytes, answers up to 256.
"""

from dataclasses import dataclass

_MAX_DATA = 255
_MAX_ANSWER = 256


@dataclass(frozen=True, slots=True)
class Command:
    """A command APDU. ``data``: 0-255 bytes (Lc is absent when empty); ``le``: 1-256 expected bytes, sent as
    ``00`` when 256, or None when no answer data is asked for. Raises ValueError for anything else.
    """

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None

    def __post_init__(self) -> None:
        for name in ("cla", "ins", "p1", "p2"):
            if not 0 <= getattr(self, name) <= 0xFF:
                raise ValueError(f"{name.upper()} is one byte, not {getattr(self, name)}")
        if len(self.data) > _MAX_DATA:
            raise ValueError(f"command data has at most {_MAX_DATA} bytes, not {len(self.data)}")
        if self.le is not None and not 1 <= self.le <= _MAX_ANSWER:
            raise ValueError(f"Le is 1 to {_MAX_ANSWER} (256 is sent as 00), not {self.le}")

    @property
    def header(self) -> bytes:
        """CLA INS P1 P2."""
        return bytes((self.cla, self.ins, self.p1, self.p2))

    def encode(self) -> bytes:
        """The bytes on the wire."""
        body = bytes((len(self.data),)) + self.data if self.data else b""
        tail = b"" if self.le is None else bytes((self.le & 0xFF,))
        return self.header + body + tail


@dataclass(frozen=True, slots=True)
class Response:
    """A response APDU: data of 0-256 bytes and the status word SW1 SW2 as a number."""

    data: bytes
    sw: int

    def encode(self) -> bytes:
        """The bytes on the wire."""
        return self.data + self.sw.to_bytes(2)


def parse_command(raw: bytes) -> Command:
    """The command in ``raw``. Raises ValueError when it is none of cases 1-4.

    A fifth byte alone is Le (case 2); under T=0 it may also be an Lc of 00, which only the command can tell.
    """
    size = len(raw)
    if size < 4:
        raise ValueError(f"a command has at least 4 bytes, not {size}")
    cla, ins, p1, p2 = raw[:4]
    if size == 4:
        return Command(cla, ins, p1, p2)
    length = raw[4]
    if size == 5:
        return Command(cla, ins, p1, p2, le=length or _MAX_ANSWER)
    data, rest = raw[5 : 5 + length], raw[5 + length :]
    if length == 0 or len(data) != length or len(rest) > 1:
        raise ValueError(f"Lc {length:02X} does not fit the {size - 5} bytes after it")
    return Command(cla, ins, p1, p2, data, (rest[0] or _MAX_ANSWER) if rest else None)


def parse_response(raw: bytes) -> Response:
    """The response in ``raw``. Raises ValueError for fewer than 2 or more than 258 bytes."""
    if not 2 <= len(raw) <= _MAX_ANSWER + 2:
        raise ValueError(f"a response has 2 to {_MAX_ANSWER + 2} bytes, not {len(raw)}")
    return Response(raw[:-2], int.from_bytes(raw[-2:]))
