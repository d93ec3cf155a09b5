"""Block ciphers as the formulas see them, and the software ones: DES, two-key 3DES, SM4.

Keys of 8 and 16 bytes are handed to the library as 24-byte triple-DES keys (K‖K‖K, K1‖K2‖K1): shorter ones
are announced for removal there.
"""

from typing import Protocol

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from shebaoka.spec.algorithm import Algorithm


class UnsupportedAlgorithmError(ValueError):
    """The algorithm is not published (SSF33, SM1) and no plug-in provides it."""


class BlockCipher(Protocol):
    """A key that can encrypt, without showing itself; a software key and a vault handle both are one."""

    @property
    def algorithm(self) -> Algorithm:
        """The algorithm; it fixes the block size."""

    def encrypt(self, blocks: bytes) -> bytes:
        """Any number of whole blocks in ECB."""

    def decrypt(self, blocks: bytes) -> bytes:
        """Inverse of :meth:`encrypt`."""

    def derive(self, data: bytes, algorithm: Algorithm) -> "BlockCipher":
        """A new cipher of ``algorithm`` whose key is the encryption of ``data`` (diversification, session
        keys): a token can do so inside."""

    def fold(self) -> "BlockCipher":
        """Single DES under left half XOR right half of the key (TAC of the 8-byte cipher)."""

    def halves(self) -> tuple["BlockCipher", "BlockCipher"]:
        """Single DES under each half of the key."""


_RELEASES_LOCK = (
    1024  # bytes; the library works on larger input without the interpreter lock, so that another
)
# thread could enter the same context: larger input gets a context of its own
_ECB = modes.ECB()  # noqa: S305 - the standard's formulas are built on single blocks


class SoftwareCipher:
    """A key held in this process: DES (8 bytes), 3DES (16 bytes) or SM4 (16 bytes).

    Raises UnsupportedAlgorithmError for SSF33, ValueError for a wrong key length.
    """

    __slots__ = ("_cipher", "_encryptor", "_key", "algorithm")

    def __init__(self, algorithm: Algorithm, key: bytes) -> None:
        if algorithm is Algorithm.SSF33:
            raise UnsupportedAlgorithmError("SSF33 is not published; this installation has no plug-in for it")
        if len(key) != algorithm.key_size:
            raise ValueError(f"{algorithm.label} needs a key of {algorithm.key_size} bytes, not {len(key)}")
        self.algorithm = algorithm
        self._key = key
        if algorithm is Algorithm.SM4:
            self._cipher: Cipher[modes.ECB] = Cipher(SM4(key), _ECB)
        else:
            self._cipher = Cipher(TripleDES((key + key + key)[:24]), _ECB)
        self._encryptor = self._cipher.encryptor()

    def __repr__(self) -> str:
        return f"<{self.algorithm.label} key>"

    def encrypt(self, blocks: bytes) -> bytes:
        """ECB over whole blocks. Raises ValueError for another length."""
        if len(blocks) % self.algorithm.block_size:
            raise ValueError(f"{len(blocks)} bytes are not whole blocks of {self.algorithm.block_size}")
        if len(blocks) < _RELEASES_LOCK:
            return self._encryptor.update(blocks)
        return self._cipher.encryptor().update(blocks)

    def encrypt_into(self, blocks: memoryview, target: memoryview) -> None:
        """Like :meth:`encrypt` from buffer to buffer, for bulk work. The library wants ``target`` longer than
        ``blocks`` by one block less a byte. Several threads may call it at once."""
        self._cipher.encryptor().update_into(blocks, target)

    def decrypt(self, blocks: bytes) -> bytes:
        """Inverse of :meth:`encrypt`."""
        decryptor = self._cipher.decryptor()
        return decryptor.update(blocks) + decryptor.finalize()

    def chain(self, blocks: bytes, iv: bytes) -> bytes:
        """The last block of CBC over whole blocks, in one call to the library."""
        chained = Cipher(self._cipher.algorithm, modes.CBC(iv)).encryptor()
        return chained.update(blocks)[-len(iv) :]

    def derive(self, data: bytes, algorithm: Algorithm) -> "SoftwareCipher":
        """A cipher of ``algorithm`` whose key is the encryption of ``data``."""
        return SoftwareCipher(algorithm, self.encrypt(data))

    def fold(self) -> "SoftwareCipher":
        """Single DES under left half XOR right half (Part 7 §11.8: TAC key)."""
        self._needs_halves()
        return SoftwareCipher(Algorithm.DES, xor(self._key[:8], self._key[8:]))

    def halves(self) -> "tuple[SoftwareCipher, SoftwareCipher]":
        """Single DES under each half of a double-length key (Part 9 §7.1.3)."""
        self._needs_halves()
        return SoftwareCipher(Algorithm.DES, self._key[:8]), SoftwareCipher(Algorithm.DES, self._key[8:])

    def _needs_halves(self) -> None:
        if self.algorithm is not Algorithm.TDES:
            raise ValueError(f"only a double-length 3DES key has halves, not {self.algorithm.label}")


def xor(left: bytes, right: bytes) -> bytes:
    """Bytewise XOR of two strings of the same length."""
    return (int.from_bytes(left) ^ int.from_bytes(right)).to_bytes(len(left))
