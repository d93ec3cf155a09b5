"""A key of the device as a block cipher."""

from typing import NoReturn

from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.cipher import HandleCipher
from shebaoka.vault.sdf.device import Device, erase
from shebaoka.vault.sdf.entry import enter, reveal
from shebaoka.vault.sdf.store import Content, Material

_NO_HALVES = "only a double-length 3DES key has halves, not SM4"


class SdfCipher:
    """An SM4 key in the session, put there when it is used. What it derives is a key in this process: SDF
    has no call that derives inside (batch mode)."""

    __slots__ = ("_content", "_device", "_label", "_material")
    algorithm = Algorithm.SM4

    def __init__(self, device: Device, content: Content, material: Material, label: str) -> None:
        self._device = device
        self._content = content
        self._material = material
        self._label = label

    def __repr__(self) -> str:
        return f"<device key {self._label}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key does not leave its back end")

    def encrypt(self, blocks: bytes) -> bytes:
        """ECB over whole blocks. Raises ValueError for another length, SdfError when the device refuses."""
        with self._device.lock:
            return self._device.encrypt(self._present(), blocks)

    def encrypt_into(self, blocks: memoryview, target: memoryview) -> None:
        """Like :meth:`encrypt` from buffer to buffer, for bulk work."""
        with self._device.lock:
            self._device.encrypt_into(self._present(), blocks, target, len(blocks))

    def decrypt(self, blocks: bytes) -> bytes:
        """Inverse of :meth:`encrypt`."""
        with self._device.lock:
            return self._device.decrypt(self._present(), blocks)

    def derived(self, data: bytes) -> bytearray:
        """The key that ``data`` gives, in this process; the caller erases it."""
        source, key = bytearray(data), bytearray(len(data))
        self.encrypt_into(memoryview(source), memoryview(key))
        return key

    def derive(self, data: bytes, algorithm: Algorithm) -> HandleCipher:
        """A cipher whose key is the encryption of ``data``, in this process."""
        key = self.derived(data)
        try:
            return HandleCipher(SoftwareCipher(algorithm, bytes(key)), self._label)
        finally:
            erase(key)

    def fold(self) -> NoReturn:
        """Not for SM4."""
        raise ValueError(_NO_HALVES)

    def halves(self) -> NoReturn:
        """Not for SM4."""
        raise ValueError(_NO_HALVES)

    def revealed(self) -> bytearray:
        """A key of the form STORAGE in this process, for the back end only; the caller erases it."""
        return reveal(self._device, self._material.blob, self._content.storage)

    def _present(self) -> bytes:
        """The name of the key in the session, into which it is put when it is not there."""
        form, blob = self._material
        enter(self._device, form, blob, self._content.storage, self._content.pair)
        return blob
