"""One session with the device: keys as handles that exist as long as the session.

Buffers that held key bytes are erased. All calls go through one lock: sessions are not made for threads."""

import contextlib
from collections import OrderedDict
from ctypes import POINTER, byref, c_ubyte, c_uint, c_void_p, cast, memset, sizeof
from pathlib import Path
from threading import RLock
from typing import Any, NoReturn, TypeAlias

from shebaoka.vault.gate import DeviceIdentity
from shebaoka.vault.model import VaultError
from shebaoka.vault.sdf.codes import SM4_ANY, SM4_CBC, SM4_ECB, SM4_MAC
from shebaoka.vault.sdf.library import DeviceInfo, Library

Buffer: TypeAlias = bytearray | memoryview

KEY = 16
_WRAPPED = 256  # bytes at most of a wrapped key; how it looks is the device's own affair
PACKET = 32768
"""Bytes of one call. Devices limit them; GM/T 0018 gives no way to ask."""
_HELD = 32  # keys at a time; devices have room for few


class Device:
    """An open device and session. ``kek``: number of the key encryption key; ``password``: for the right to
    use it, where the device asks for one (devices without a call of their own for that use that of private
    keys). Raises VaultError; then nothing stays open."""

    def __init__(self, library: Path, kek: int, password: str = "", *, packet: int = PACKET) -> None:
        if packet < KEY or packet % KEY:
            raise VaultError(f"a packet is whole blocks of {KEY} bytes, not {packet}")
        self._library = Library(library)
        self._kek = kek
        self._packet = packet
        self._lock = RLock()
        self._keys: OrderedDict[bytes, c_void_p] = OrderedDict()
        self._session: c_void_p | None = None
        self._rights: list[tuple[str, int]] = []
        self._device: c_void_p | None = self._library.opened("SDF_OpenDevice")
        try:
            self._session = self._library.opened("SDF_OpenSession", self._device)
            self._check_ability()
            if password:
                own = self._library.offers("SDF_GetKEKAccessRight")
                self.ask_right("KEK" if own else "PrivateKey", kek, password)
        except VaultError:
            self.close()
            raise

    def __repr__(self) -> str:
        return f"<SDF session of {self._library.path}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a session with a device is not copied")

    def close(self) -> None:
        """Destroys the session's keys and ends it. What the device refuses then is left to it."""
        with self._lock:
            session, self._session = self._session, None
            if session is not None:
                for handle in self._keys.values():
                    self._quietly("SDF_DestroyKey", session, handle)
                self._keys.clear()
                for kind, number in self._rights:
                    self._quietly(f"SDF_Release{kind}AccessRight", session, number)
                self._quietly("SDF_CloseSession", session)
            device, self._device = self._device, None
            if device is not None:
                self._quietly("SDF_CloseDevice", device)

    def offers(self, name: str) -> bool:
        """Whether the library has the function."""
        return self._library.offers(name)

    def missing(self) -> tuple[str, ...]:
        """Functions the library lacks."""
        return self._library.missing()

    def info(self) -> DeviceInfo:
        """What the device says of itself."""
        info = DeviceInfo()
        self.call("SDF_GetDeviceInfo", byref(info))
        return info

    def identity(self) -> DeviceIdentity | None:
        """The same as texts; None when the library cannot tell."""
        if not self._library.offers("SDF_GetDeviceInfo"):
            return None
        info = self.info()
        parts = (bytes(part) for part in (info.issuer, info.name, info.serial))
        return DeviceIdentity(
            *(part.partition(b"\0")[0].decode("ascii", "replace").strip() for part in parts)
        )

    def random(self, size: int) -> bytearray:
        """Random bytes of the device's generator."""
        target = bytearray(size)
        self.call("SDF_GenerateRandom", size, pointer(target))
        return target

    def new_key(self) -> bytes:
        """A new SM4 key, made in the device, as it wraps it under its KEK."""
        wrapped = bytearray(_WRAPPED)
        length = c_uint(_WRAPPED)
        with self._lock:
            self._make_room()
            handle = self._library.opened(
                "SDF_GenerateKeyWithKEK",
                self._opened(),
                8 * KEY,
                SM4_CBC,
                self._kek,
                pointer(wrapped),
                byref(length),
            )
            blob = bytes(wrapped[: length.value])
            self._keys[blob] = handle
        return blob

    def encrypt(self, blob: bytes, blocks: bytes) -> bytes:
        """ECB under a key of the session, in as few calls as packets allow."""
        return bytes(self._computed("SDF_Encrypt", blob, SM4_ECB, blocks))

    def encrypt_into(self, blob: bytes, blocks: Buffer, target: Buffer, size: int) -> None:
        """ECB of ``size`` bytes from one writable buffer into another, without a copy of the result."""
        self._compute("SDF_Encrypt", blob, SM4_ECB, None, blocks, target, size)

    def decrypt(self, blob: bytes, blocks: bytes) -> bytes:
        """Inverse of :meth:`encrypt`."""
        return bytes(self._computed("SDF_Decrypt", blob, SM4_ECB, blocks))

    def encrypt_cbc(self, blob: bytes, start: bytes, blocks: bytes) -> bytes:
        """CBC under a key of the session, within one packet."""
        return bytes(self._computed("SDF_Encrypt", blob, SM4_CBC, blocks, start))

    def decrypt_cbc(self, blob: bytes, start: bytes, blocks: bytes) -> bytearray:
        """Inverse of :meth:`encrypt_cbc`; the caller erases the result."""
        return self._computed("SDF_Decrypt", blob, SM4_CBC, blocks, start)

    def mac(self, blob: bytes, blocks: bytes) -> bytes:
        """CBC-MAC of whole blocks, 16 bytes: only for messages of one length."""
        target = bytearray(KEY)
        length = c_uint(KEY)
        start, source = bytearray(KEY), bytearray(blocks)
        with self._lock:
            self.call(
                "SDF_CalculateMAC",
                self._handle(blob),
                SM4_MAC,
                pointer(start),
                pointer(source),
                len(source),
                pointer(target),
                byref(length),
            )
        _check_length("SDF_CalculateMAC", length.value, KEY)
        return bytes(target)

    def adopt(self, name: bytes, function: str, *arguments: object) -> None:
        """Puts a key into the session by ``function``; ``name`` stands for it like a wrapped key's blob."""
        with self._lock:
            self._make_room()
            self._keys[name] = self._library.opened(function, self._opened(), *arguments)

    def holds(self, name: bytes) -> bool:
        """Whether the session still holds the key."""
        return name in self._keys

    @property
    def lock(self) -> RLock:
        """To keep a key in the session between two calls."""
        return self._lock

    def forget(self, name: bytes) -> None:
        """Destroys the session's copy of a key, if there is one."""
        with self._lock:
            handle = self._keys.pop(name, None)
            if handle is not None:
                self.call("SDF_DestroyKey", handle)

    def _computed(
        self, name: str, blob: bytes, algorithm: int, data: bytes, start: bytes | None = None
    ) -> bytearray:
        source, target = bytearray(data), bytearray(len(data))
        try:
            self._compute(name, blob, algorithm, start, source, target, len(data))
        except BaseException:
            erase(target)
            raise
        finally:
            erase(source)
        return target

    def _compute(
        self,
        name: str,
        blob: bytes,
        algorithm: int,
        start: bytes | None,
        source: Buffer,
        target: Buffer,
        size: int,
    ) -> None:
        if size % KEY:
            raise ValueError(f"{size} bytes are not whole blocks of {KEY}")
        if start is not None and size > self._packet:
            raise VaultError(f"{size} bytes are more than the device takes in one call ({self._packet})")
        iv = None if start is None else pointer(bytearray(start))
        with self._lock:
            handle = self._handle(blob) if size else None
            for place in range(0, size, self._packet):
                piece = min(self._packet, size - place)
                length = c_uint(piece)
                given, taken = pointer(source, place), pointer(target, place)
                self.call(name, handle, algorithm, iv, given, piece, taken, byref(length))
                _check_length(name, length.value, piece)

    def _handle(self, blob: bytes) -> c_void_p:
        handle = self._keys.get(blob)
        if handle is None:
            self._make_room()
            given = bytearray(blob)
            handle = self._library.opened(
                "SDF_ImportKeyWithKEK", self._opened(), SM4_CBC, self._kek, pointer(given), len(given)
            )
            self._keys[blob] = handle
        self._keys.move_to_end(blob)
        return handle

    def _make_room(self) -> None:
        while len(self._keys) >= _HELD:
            _, handle = self._keys.popitem(last=False)
            self.call("SDF_DestroyKey", handle)

    def call(self, name: str, *arguments: object) -> None:
        """A function of the session. Raises SdfError, VaultError when the library lacks it."""
        with self._lock:
            self._library.call(name, self._opened(), *arguments)

    def _opened(self) -> c_void_p:
        if self._session is None:
            raise VaultError("the session with the device was closed; open the vault again")
        return self._session

    def _quietly(self, name: str, *arguments: object) -> None:
        with contextlib.suppress(VaultError):
            self._library.call(name, *arguments)

    def _check_ability(self) -> None:
        if self._library.offers("SDF_GetDeviceInfo"):
            info = self.info()
            if not info.symmetric & SM4_ANY:
                raise VaultError(f"{self._library.path}: the device does not compute SM4")

    def ask_right(self, kind: str, number: int, password: str) -> None:
        """The right to use a key: ``kind`` is ``KEK`` or ``PrivateKey``. Given back by :meth:`close`."""
        secret = password.encode()
        self.call(f"SDF_Get{kind}AccessRight", number, secret, len(secret))
        self._rights.append((kind, number))


def erase(buffer: bytearray) -> None:
    """Overwrites a buffer that held key bytes."""
    if buffer:
        view = (c_ubyte * len(buffer)).from_buffer(buffer)
        memset(view, 0, sizeof(view))


def _check_length(function: str, given: int, wanted: int) -> None:
    if given != wanted:
        raise VaultError(f"the device gave {given} bytes back from {function}, not {wanted}")


def pointer(buffer: Buffer, start: int = 0) -> Any:
    """An address inside a writable buffer, which the pointer keeps alive."""
    return cast((c_ubyte * (len(buffer) - start)).from_buffer(buffer, start), POINTER(c_ubyte))
