"""The image of a chip as bytes: one header line, a snapshot frame, journal frames.

``SHEBAOKA-CHIP 1 card TEST_ONLY`` or ``SHEBAOKA-CHIP 1 card SEALED`` and the parameters of the seal; then
frames ``length 4 ‖ CRC-32 4 ‖ payload``. The payload of a sealed image is sealed, bound to header line,
generation and frame number, so frames cannot be moved, dropped from the middle or brought over from another
image. The checksum of each frame covers its number.
"""

import os
from typing import NamedTuple
from zlib import crc32

import msgspec

from shebaoka.chip.values import Address, Changes, State, Value
from shebaoka.crypto.sealing import Seal, SealError

MAGIC = "SHEBAOKA-CHIP"
VERSION = "1"
KINDS = ("card", "psam", "master-control", "mother", "transmission")
"""What a chip is: a holder's card, a terminal's PSAM, or one of the three key carriers."""
_WORK = 15  # a tenth of a second for every opening
_FRAME = 8


class ImageError(ValueError):
    """The image cannot be read: malformed, wrong passphrase, another version. One clear line."""


class Snapshot(msgspec.Struct, array_like=True):
    """The first frame: a random generation (ties journal frames to it) and the whole state."""

    generation: bytes
    entries: list[tuple[Address, Value | None]]

    def __repr__(self) -> str:
        return f"<snapshot of {len(self.entries)} values>"


class Opened(NamedTuple):
    """What an image holds, how to go on writing it, and how many bytes of it are good."""

    state: dict[Address, Value]
    codec: "FrameCodec"
    frames: int
    good: int
    snapshot: int

    def __repr__(self) -> str:
        return f"<opened image of {len(self.state)} values>"


_encode = msgspec.msgpack.Encoder().encode
_decode_snapshot = msgspec.msgpack.Decoder(Snapshot).decode
_decode_changes = msgspec.msgpack.Decoder(list[tuple[Address, Value | None]]).decode


class FrameCodec:
    """Encodes and decodes the frames of one image, sealing them when there is a key."""

    __slots__ = ("_seal", "generation", "header")

    def __init__(self, header: bytes, seal: Seal | None) -> None:
        self.header = header
        self.generation = b""
        self._seal = seal

    def __repr__(self) -> str:
        return f"<frames of {self.header.split()[2].decode()}>"

    def snapshot(self, state: State) -> bytes:
        """Header line and snapshot frame; starts a new generation."""
        self.generation = os.urandom(16)
        payload = _encode(Snapshot(self.generation, list(state.items())))
        return self.header + self._frame(payload, 0)

    def journal(self, changes: Changes, number: int) -> bytes:
        """One journal frame; ``number`` counts from 1 within a generation."""
        return self._frame(_encode(list(changes.items())), number)

    def _frame(self, payload: bytes, number: int) -> bytes:
        if self._seal is not None:
            payload = self._seal.seal(payload, self._associated(number))
        return len(payload).to_bytes(4) + _checksum(payload, number) + payload

    def _associated(self, number: int) -> bytes:
        return self.header + (self.generation if number else b"") + number.to_bytes(4)

    def open_payload(self, payload: bytes, number: int) -> bytes:
        """Undo the sealing. Raises ImageError when it does not fit."""
        if self._seal is None:
            return payload
        try:
            return self._seal.unseal(payload, self._associated(number))
        except SealError as error:
            raise ImageError(str(error)) from None


def new_codec(kind: str, passphrase: str | None) -> FrameCodec:
    """Frames for a new image of a kind of chip; without passphrase it is marked TEST_ONLY."""
    start = f"{MAGIC} {VERSION} {kind} "
    if passphrase is None:
        return FrameCodec(f"{start}TEST_ONLY\n".encode(), None)
    seal = Seal(passphrase, _WORK)
    return FrameCodec(f"{start}SEALED {seal.parameters}\n".encode(), seal)


def open_image(raw: bytes, passphrase: str | None, known: FrameCodec | None = None) -> Opened:
    """Snapshot plus all whole journal frames; a torn last frame is left out. Raises ImageError.

    ``known``: the codec of an earlier opening of the same image, to spare the passphrase work.
    """
    codec, position = (known, len(known.header)) if known else _open_header(raw, passphrase)
    payload, end = _next(raw, position, 0)
    if payload is None:
        raise ImageError("the image is cut off or damaged at its beginning")
    first = end
    try:
        snapshot = _decode_snapshot(codec.open_payload(payload, 0))
        codec.generation = snapshot.generation
        state = {address: value for address, value in snapshot.entries if value is not None}
        number = 0
        while end < len(raw):
            position = end
            payload, end = _next(raw, position, number + 1)
            if payload is None:
                return Opened(state, codec, number, position, first)
            number += 1
            apply_changes(state, dict(_decode_changes(codec.open_payload(payload, number))))
    except msgspec.MsgspecError:
        raise ImageError("the image is damaged: its content does not decode") from None
    return Opened(state, codec, number, end, first)


def image_kind(raw: bytes) -> tuple[str, bool]:
    """(one of :data:`KINDS`, sealed) from the header line alone. Raises ImageError."""
    words = _words(raw)
    return words[2], words[3] == "SEALED"


def apply_changes(state: dict[Address, Value], changes: Changes) -> None:
    """Change the map; the one place where that happens, live and in replay."""
    for address, value in changes.items():
        if value is None:
            state.pop(address, None)
        else:
            state[address] = value


def _words(raw: bytes) -> list[str]:
    line = raw[: raw.find(b"\n", 0, 200) + 1]
    words = line.decode("ascii", "replace").split()
    if len(words) < 4 or words[0] != MAGIC:
        raise ImageError("this is not a chip image")
    if words[1] != VERSION:
        raise ImageError(f"the image has format version {words[1]}; this program reads version {VERSION}")
    if words[2] not in KINDS or words[3] not in ("TEST_ONLY", "SEALED"):
        raise ImageError("the first line of the image is damaged")
    return words


def _open_header(raw: bytes, passphrase: str | None) -> tuple[FrameCodec, int]:
    words = _words(raw)
    end = raw.index(b"\n") + 1
    if words[3] == "TEST_ONLY":
        return FrameCodec(raw[:end], None), end
    if passphrase is None:
        raise ImageError("the image is sealed; give its passphrase")
    try:
        return FrameCodec(raw[:end], Seal.of(" ".join(words[4:]), passphrase)), end
    except SealError as error:
        raise ImageError(f"the first line of the image is damaged: {error}") from None


def _checksum(payload: bytes, number: int) -> bytes:
    return crc32(payload, number + 1).to_bytes(4)


def _next(raw: bytes, position: int, number: int) -> tuple[bytes | None, int]:
    """The payload of the frame at ``position`` and its end; None when it is the torn end of the file.

    Raises ImageError when a damaged frame is followed by more data: that is not what a cut leaves behind.
    """
    length = int.from_bytes(raw[position : position + 4])
    end = position + _FRAME + length
    payload = raw[position + _FRAME : end]
    if length and end <= len(raw) and raw[position + 4 : position + _FRAME] == _checksum(payload, number):
        return payload, end
    if end < len(raw) and raw[position:].strip(b"\0"):
        raise ImageError(f"the image is damaged in frame {number}")
    return None, len(raw)
