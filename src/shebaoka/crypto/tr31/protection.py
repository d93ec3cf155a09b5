"""Keys that protect key blocks: a vault's key as a block cipher; AES and triple-length TDES in software."""

from typing import NoReturn, Protocol, Self

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.tr31.errors import KeyBlockError
from shebaoka.crypto.tr31.fields import SM4, STRENGTH, VERSIONS
from shebaoka.spec.algorithm import Algorithm

_ECB = modes.ECB()  # noqa: S305 - CMAC and CBC are built on single blocks
_NAME = "protection key"


class ProtectionKey(Protocol):
    """A key block protection key (KBPK), or the encryption or MAC key derived from it.

    ``version``: of the blocks it protects; ``size``: bytes of the key; ``indicator``: its algorithm in the
    derivation data; ``strength``: bits."""

    version: str
    size: int
    indicator: int
    strength: int

    @property
    def block_size(self) -> int:
        """Bytes of a block."""

    def encrypt(self, blocks: bytes) -> bytes:
        """Whole blocks in ECB."""

    def decrypt(self, blocks: bytes) -> bytes:
        """Inverse of :meth:`encrypt`."""

    def derive(self, data: bytes) -> "ProtectionKey":
        """A key of the same kind: the first ``size`` bytes of the encryption of ``data``."""


class CipherKey:
    """A double-length 3DES key (version B) or an SM4 key (version 4) behind a block cipher, which may be a
    handle: all keys derived from it stay where it is. Raises KeyBlockError for another algorithm."""

    __slots__ = ("__cipher", "indicator", "size", "strength", "version")

    def __init__(self, cipher: BlockCipher) -> None:
        match cipher.algorithm:
            case Algorithm.TDES:
                self.version, letter, self.indicator = "B", "T", 0x0000
            case Algorithm.SM4:
                self.version, letter, self.indicator = SM4, SM4, 0xFF04
            case other:
                raise KeyBlockError(_NAME, f"a {other.label} key protects no blocks; 3DES, SM4 and AES do")
        self.__cipher = cipher
        self.size = cipher.algorithm.key_size
        self.strength = STRENGTH[letter, self.size]

    def __repr__(self) -> str:
        return f"<{self.__cipher.algorithm.label} protection key>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a protection key is not copied")

    @property
    def block_size(self) -> int:
        """8 or 16 bytes."""
        return self.__cipher.algorithm.block_size

    def encrypt(self, blocks: bytes) -> bytes:
        """Whole blocks in ECB."""
        return self.__cipher.encrypt(blocks)

    def decrypt(self, blocks: bytes) -> bytes:
        """Inverse of :meth:`encrypt`."""
        return self.__cipher.decrypt(blocks)

    def derive(self, data: bytes) -> "CipherKey":
        """A key of the same kind, derived where this one is."""
        return CipherKey(self.__cipher.derive(data, self.__cipher.algorithm))


class _SoftwareKey:
    """A key in this process that the card standard does not know."""

    __slots__ = ("__cipher", "indicator", "size", "strength")
    version: str

    def __init__(self, cipher: Cipher[modes.ECB], size: int, indicator: int, strength: int) -> None:
        self.__cipher = cipher
        self.size = size
        self.indicator = indicator
        self.strength = strength

    def __repr__(self) -> str:
        return f"<{VERSIONS[self.version].cipher} protection key>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a protection key is not copied")

    @property
    def block_size(self) -> int:
        """8 or 16 bytes."""
        return VERSIONS[self.version].block_size

    def encrypt(self, blocks: bytes) -> bytes:
        """Whole blocks in ECB."""
        return self.__cipher.encryptor().update(blocks)

    def decrypt(self, blocks: bytes) -> bytes:
        """Inverse of :meth:`encrypt`."""
        return self.__cipher.decryptor().update(blocks)


class AesKey(_SoftwareKey):
    """An AES key of 16, 24 or 32 bytes (version D)."""

    __slots__ = ()
    version = "D"

    def __init__(self, key: bytes) -> None:
        if len(key) not in (16, 24, 32):
            raise KeyBlockError(_NAME, f"an AES key has 16, 24 or 32 bytes, not {len(key)}")
        super().__init__(Cipher(AES(key), _ECB), len(key), len(key) // 8, STRENGTH["A", len(key)])

    def derive(self, data: bytes) -> Self:
        """An AES key of the same size."""
        return type(self)(self.encrypt(data)[: self.size])


class TripleKey(_SoftwareKey):
    """A triple-length TDES key of 24 bytes (version B)."""

    __slots__ = ()
    version = "B"

    def __init__(self, key: bytes) -> None:
        if len(key) != 24:
            raise KeyBlockError(_NAME, f"a triple-length TDES key has 24 bytes, not {len(key)}")
        super().__init__(Cipher(TripleDES(key), _ECB), 24, 0x0001, STRENGTH["T", 24])

    def derive(self, data: bytes) -> Self:
        """A triple-length key."""
        return type(self)(self.encrypt(data))
