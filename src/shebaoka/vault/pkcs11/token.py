"""A token with a session: objects are made, used and destroyed in it; keys only ever have numbers here."""

import contextlib
import ctypes
import hmac
import os
import threading
import weakref
from collections import deque
from collections.abc import Sequence
from ctypes import byref, c_ulong
from hashlib import sha256
from typing import Any, NoReturn, TypeVar

from shebaoka.vault.model import VaultError
from shebaoka.vault.pkcs11.codes import CKA, CKR
from shebaoka.vault.pkcs11.library import Attributes, Library, Mechanism, TokenError, erase, template

CHUNK = 1 << 16  # bytes in one encryption: larger ones are slower in software tokens
_USER = 1

T = TypeVar("T")

_libraries: dict[tuple[str, int], Library] = {}
_pins: dict[tuple[str, int, int], tuple[bytes, bytes]] = {}
_opening = threading.Lock()


def load(path: str) -> Library:
    """The library of a path, initialized once in each process."""
    key = (path, os.getpid())
    if key not in _libraries:
        _libraries[key] = Library(path)
    return _libraries[key]


def slot_of(library: Library, label: str) -> int:
    """The slot of a token. Raises VaultError naming the labels there are."""
    tokens = library.tokens()
    if label not in tokens:
        known = ", ".join(sorted(tokens)) or "none"
        raise VaultError(f"{library.path}: no token is labelled {label}; labels present: {known}")
    return tokens[label]


class Token:
    """A logged-in session with a token. Several threads may use it, one at a time; a forked process may not.

    Raises VaultError (one line) when library or token are missing or the PIN is wrong."""

    def __init__(self, library: str, label: str, pin: str) -> None:
        self.label = label
        with _opening:
            self._library = load(library)
            self.slot = slot_of(self._library, label)
            self._session = c_ulong(self._library.open_session(self.slot))
            self._pid = os.getpid()
            self._closing = weakref.finalize(self, _close, self._library, self._session, self._pid)
            try:
                self._login(library, pin)
            except BaseException:
                self._closing()
                raise
        self.mechanisms = self._library.mechanisms(self.slot)
        self.lock = threading.RLock()
        self._unused: deque[int] = deque()

    def __repr__(self) -> str:
        return f"<token {self.label}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a session with a token is not pickled; open the vault again")

    def close(self) -> None:
        """Ends the session; its session objects are gone."""
        self._closing()

    def random(self, size: int) -> bytes:
        """Bytes of the token's generator."""
        buffer = ctypes.create_string_buffer(size)
        self._call("C_GenerateRandom", buffer, c_ulong(size))
        return buffer.raw

    def create(self, attributes: Attributes) -> int:
        """An object from its attributes; the copy of key bytes is erased."""
        array, count, keep = template(attributes)
        made = c_ulong()
        try:
            self._call("C_CreateObject", array, count, byref(made))
        finally:
            erase(keep)
        return made.value

    def generate(self, mechanism: int, attributes: Attributes) -> int:
        """A secret key of the token's own making."""
        array, count, _keep = template(attributes)
        made = c_ulong()
        self._call("C_GenerateKey", byref(Mechanism(mechanism).raw), array, count, byref(made))
        return made.value

    def generate_pair(self, mechanism: int, public: Attributes, private: Attributes) -> tuple[int, int]:
        """A key pair: public, private."""
        first, first_count, _kept = template(public)
        second, second_count, _too = template(private)
        keys = c_ulong(), c_ulong()
        raw = Mechanism(mechanism).raw
        self._call(
            "C_GenerateKeyPair",
            *(byref(raw), first, first_count, second, second_count, byref(keys[0]), byref(keys[1])),
        )
        return keys[0].value, keys[1].value

    def derive(self, parent: int, mechanism: int, data: bytes, attributes: Attributes) -> int:
        """A key that is the encryption of ``data`` under ``parent``."""
        array, count, _keep = template(attributes)
        made = c_ulong()
        raw = Mechanism.deriving(mechanism, data)
        self._call("C_DeriveKey", byref(raw.raw), c_ulong(parent), array, count, byref(made))
        return made.value

    def wrap(self, mechanism: Mechanism, wrapping: int, key: int) -> bytes:
        """A key encrypted under another inside the token."""
        buffer = ctypes.create_string_buffer(1024)
        size = c_ulong(1024)
        self._call("C_WrapKey", byref(mechanism.raw), c_ulong(wrapping), c_ulong(key), buffer, byref(size))
        return buffer.raw[: size.value]

    def unwrap(self, mechanism: Mechanism, wrapping: int, wrapped: bytes, attributes: Attributes) -> int:
        """Inverse of :meth:`wrap`."""
        array, count, _keep = template(attributes)
        made = c_ulong()
        self._call(
            "C_UnwrapKey",
            *(byref(mechanism.raw), c_ulong(wrapping), wrapped, c_ulong(len(wrapped))),
            *(array, count, byref(made)),
        )
        return made.value

    def copy(self, object_: int, attributes: Attributes) -> int:
        """A copy with some attributes changed; a session object becomes a token object so."""
        array, count, _keep = template(attributes)
        made = c_ulong()
        self._call("C_CopyObject", c_ulong(object_), array, count, byref(made))
        return made.value

    def destroy(self, *objects: int) -> None:
        """Removes objects; those that are gone already are passed over."""
        for object_ in objects:
            try:
                self._call("C_DestroyObject", c_ulong(object_))
            except TokenError as error:
                if CKR.get(error.code) != "CKR_OBJECT_HANDLE_INVALID":
                    raise

    def destroy_later(self, object_: int) -> None:
        """Removes a session object before the next call: for finalizers, which run at any time."""
        self._unused.append(object_)

    def find(self, attributes: Attributes) -> list[int]:
        """Objects with these attributes, at most 64."""
        array, count, _keep = template(attributes)
        found, number = (c_ulong * 64)(), c_ulong()
        with self.lock:
            self._call("C_FindObjectsInit", array, count)
            try:
                self._call("C_FindObjects", found, c_ulong(64), byref(number))
            finally:
                self._call("C_FindObjectsFinal")
        return list(found[: number.value])

    def bytes_of(self, object_: int, attribute: CKA) -> bytes:
        """A public attribute."""
        array, count, keep = template({attribute: bytes(1024)})
        self._call("C_GetAttributeValue", c_ulong(object_), array, count)
        buffer: Any = keep[0]
        return bytes(buffer.raw[: array[0].length])

    def crypt(self, function: str, key: int, mechanism: int, data: bytes) -> bytes:
        """``Encrypt`` or ``Decrypt`` of whole blocks in ECB."""
        buffer = ctypes.create_string_buffer(len(data) + 16)
        for start in range(0, len(data), CHUNK):
            part = data[start : start + CHUNK]
            self._crypt_part(function, key, mechanism, part, ctypes.addressof(buffer) + start, len(part))
        return buffer.raw[: len(data)]

    def encrypt_into(self, key: int, mechanism: int, source: memoryview, target: memoryview) -> None:
        """ECB from buffer to buffer; ``target`` is at least as long as ``source``."""
        size = source.nbytes
        read = ctypes.addressof(ctypes.c_char.from_buffer(source.cast("B"))) if not source.readonly else None
        write = ctypes.addressof(ctypes.c_char.from_buffer(target.cast("B")))
        copy = bytes(source) if read is None else b""
        for start in range(0, size, CHUNK):
            length = min(CHUNK, size - start)
            part = copy[start : start + length] if read is None else ctypes.c_void_p(read + start)
            self._crypt_part("Encrypt", key, mechanism, part, write + start, length)

    def _crypt_part(
        self, function: str, key: int, mechanism: int, source: Any, target: int, length: int
    ) -> None:
        size = c_ulong(length)
        with self.lock:
            self._call(f"C_{function}Init", byref(Mechanism(mechanism).raw), c_ulong(key))
            self._call(f"C_{function}", source, c_ulong(length), ctypes.c_void_p(target), byref(size))

    def _call(self, name: str, *arguments: Any) -> None:
        if os.getpid() != self._pid:
            raise VaultError(f"token {self.label}: this process was forked; open the vault again in it")
        with self.lock:
            while self._unused:
                unused = c_ulong(self._unused.popleft())
                with contextlib.suppress(TokenError):
                    self._library.call("C_DestroyObject", self._session, unused)
            self._library.call(name, self._session, *arguments)

    def _login(self, library: str, pin: str) -> None:
        """Login counts for the whole process: a second session is checked against the PIN of the first."""
        key = (library, self.slot, self._pid)
        secret = pin.encode()
        try:
            self._library.call("C_Login", self._session, c_ulong(_USER), secret, c_ulong(len(secret)))
        except TokenError as error:
            if CKR.get(error.code) == "CKR_USER_ALREADY_LOGGED_IN":
                salt, digest = _pins.get(key, (b"", b""))
                if hmac.compare_digest(digest, sha256(salt + secret).digest()):
                    return
                raise VaultError(f"token {self.label}: wrong PIN") from None
            if CKR.get(error.code, "").startswith("CKR_PIN"):
                raise VaultError(
                    f"token {self.label}: wrong PIN ({CKR[error.code]}); "
                    "the token counts wrong PINs and locks after a few"
                ) from None
            raise VaultError(f"token {self.label}: {error}") from None
        salt = os.urandom(16)
        _pins[key] = salt, sha256(salt + secret).digest()


def first(values: Sequence[T], what: str) -> T:
    """The only value. Raises VaultError naming what is missing or double."""
    if len(values) != 1:
        raise VaultError(f"{what}: {len(values)} such objects are in the token instead of one")
    return values[0]


def _close(library: Library, session: c_ulong, pid: int) -> None:
    if os.getpid() == pid:
        with contextlib.suppress(TokenError):
            library.call("C_CloseSession", session)
