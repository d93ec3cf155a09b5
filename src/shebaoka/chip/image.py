"""The image of a chip as bytes: one header line, a snapshot frame, journal frames.

``SHEBAOKA-CHIP 1 card TEST_ONLY`` or ``SHEBAOKA-CHIP 1 card SEALED scrypt <log2 n> <r> <p> <salt hex>``;
then frames ``length 4 ‖ CRC-32 4 ‖ payload``. The payload of a sealed image is ``nonce 12 ‖ AES-GCM``; header
line, generation and frame number are authenticated with it, so frames cannot be moved, dropped from the
middle or brought over from another image. The checksum of each frame covers its number.
"""

import os
from typing import NamedTuple
from zlib import crc32

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from shebaoka.chip.values import Address, Changes, State, Value

MAGIC = "SHEBAOKA-CHIP"
VERSION = "1"
_COST = (15, 8, 1)  # log2 n, r, p of scrypt: about 100 ms and 32 MiB
_LARGEST_COST = (20, 16, 4)  # what a foreign image may demand
_NONCE = 12
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

    __slots__ = ("_cipher", "generation", "header")

    def __init__(self, header: bytes, cipher: AESGCM | None) -> None:
        self.header = header
        self.generation = b""
        self._cipher = cipher

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
        if self._cipher is not None:
            nonce = os.urandom(_NONCE)
            payload = nonce + self._cipher.encrypt(nonce, payload, self._associated(number))
        return len(payload).to_bytes(4) + _checksum(payload, number) + payload

    def _associated(self, number: int) -> bytes:
        return self.header + (self.generation if number else b"") + number.to_bytes(4)

    def open_payload(self, payload: bytes, number: int) -> bytes:
        """Undo the sealing. Raises ImageError when it does not fit."""
        if self._cipher is None:
            return payload
        try:
            return self._cipher.decrypt(payload[:_NONCE], payload[_NONCE:], self._associated(number))
        except (InvalidTag, ValueError):
            raise ImageError("wrong passphrase, or the image was altered") from None


def new_codec(kind: str, passphrase: str | None) -> FrameCodec:
    """Frames for a new image of a ``card`` or ``psam``; without passphrase it is marked TEST_ONLY."""
    start = f"{MAGIC} {VERSION} {kind} "
    if passphrase is None:
        return FrameCodec(f"{start}TEST_ONLY\n".encode(), None)
    salt = os.urandom(16)
    n, r, p = _COST
    header = f"{start}SEALED scrypt {n} {r} {p} {salt.hex()}\n".encode()
    return FrameCodec(header, _cipher(passphrase, salt, _COST))


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
    """(``card`` or ``psam``, sealed) from the header line alone. Raises ImageError."""
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
    if words[2] not in ("card", "psam") or words[3] not in ("TEST_ONLY", "SEALED"):
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
        n, r, p = (int(word) for word in words[5:8])
        salt = bytes.fromhex(words[8])
    except (ValueError, IndexError):
        raise ImageError("the first line of the image is damaged") from None
    if not all(0 < asked <= most for asked, most in zip((n, r, p), _LARGEST_COST, strict=True)):
        raise ImageError("the image asks for an unreasonable passphrase cost")
    return FrameCodec(raw[:end], _cipher(passphrase, salt, (n, r, p))), end


def _cipher(passphrase: str, salt: bytes, cost: tuple[int, int, int]) -> AESGCM:
    n, r, p = cost
    return AESGCM(Scrypt(salt=salt, length=32, n=1 << n, r=r, p=p).derive(passphrase.encode()))


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
