"""Key material inside the software back end, and the opaque cipher that leaves it."""

from typing import NoReturn

from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.spec.algorithm import Algorithm


class Secret:
    """Key bytes that no representation, pickle or copy shows."""

    __slots__ = ("__key",)

    def __init__(self, key: bytes) -> None:
        self.__key = key

    def __repr__(self) -> str:
        return "<secret>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key does not leave its back end")

    def reveal(self) -> bytes:
        """The key bytes, for the back end only."""
        return self.__key


class HandleCipher:
    """A key of the vault as a block cipher: it computes, and never shows itself."""

    __slots__ = ("__cipher", "_label")

    def __init__(self, cipher: BlockCipher, label: str) -> None:
        self.__cipher = cipher
        self._label = label

    @property
    def algorithm(self) -> Algorithm:
        """The algorithm of the key."""
        return self.__cipher.algorithm

    def __repr__(self) -> str:
        return f"<vault key {self._label}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key does not leave its back end")

    def encrypt(self, blocks: bytes) -> bytes:
        """ECB over whole blocks."""
        return self.__cipher.encrypt(blocks)

    def decrypt(self, blocks: bytes) -> bytes:
        """Inverse of :meth:`encrypt`."""
        return self.__cipher.decrypt(blocks)

    def derive(self, data: bytes, algorithm: Algorithm) -> "HandleCipher":
        """A cipher whose key is the encryption of ``data``; the key stays inside."""
        return HandleCipher(self.__cipher.derive(data, algorithm), self._label)

    def fold(self) -> "HandleCipher":
        """Single DES under left half XOR right half."""
        return HandleCipher(self.__cipher.fold(), self._label)

    def halves(self) -> "tuple[HandleCipher, HandleCipher]":
        """Single DES under each half."""
        left, right = self.__cipher.halves()
        return HandleCipher(left, self._label), HandleCipher(right, self._label)


def check_value(algorithm: Algorithm, key: bytes) -> str:
    """Key check value (KCV): first three bytes of an encrypted zero block, in hex."""
    return SoftwareCipher(algorithm, key).encrypt(bytes(algorithm.block_size))[:3].hex().upper()
