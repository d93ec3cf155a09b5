"""A key in the token as a block cipher. What is derived from it is a session object, destroyed after use."""

from typing import NoReturn

from shebaoka.crypto.ciphers import xor
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import VaultError
from shebaoka.vault.pkcs11.keys import KeyObjects, Maker, forget


class TokenCipher:
    """Computes in the token and never shows its key. ``origin``: the cipher and the data this key was derived
    from; ``owned``: the object goes with this cipher. ``strict``: no key byte may enter this process."""

    __slots__ = ("_label", "_maker", "_objects", "_origin", "_owned", "_strict", "algorithm")

    def __init__(
        self,
        maker: Maker,
        algorithm: Algorithm,
        objects: KeyObjects,
        label: str,
        *,
        strict: bool,
        origin: "tuple[TokenCipher, bytes] | None" = None,
        owned: bool = False,
    ) -> None:
        self.algorithm = algorithm
        self._maker = maker
        self._objects = objects
        self._label = label
        self._origin = origin
        self._owned = owned
        self._strict = strict

    def __repr__(self) -> str:
        return f"<vault key {self._label}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key does not leave its back end")

    def __del__(self) -> None:
        if getattr(self, "_owned", False):
            for object_ in self._objects.all:
                self._maker.token.destroy_later(object_)

    @property
    def maker(self) -> Maker:
        """The token it lies in."""
        return self._maker

    @property
    def key(self) -> int:
        """The object, for the back end."""
        return self._objects.key

    def encrypt(self, blocks: bytes) -> bytes:
        """ECB over whole blocks. Raises ValueError for another length."""
        return self._crypt("Encrypt", blocks)

    def decrypt(self, blocks: bytes) -> bytes:
        """Inverse of :meth:`encrypt`."""
        return self._crypt("Decrypt", blocks)

    def encrypt_into(self, blocks: memoryview, target: memoryview) -> None:
        """Like :meth:`encrypt` from buffer to buffer, for bulk work: no copy of what comes out is left."""
        self._maker.token.encrypt_into(self.key, self._maker.numbers(self.algorithm).ecb, blocks, target)

    def derive(self, data: bytes, algorithm: Algorithm) -> "TokenCipher":
        """A cipher whose key is the encryption of ``data``, as a session object."""
        if len(data) != algorithm.key_size:
            raise ValueError(f"{algorithm.label} needs a key of {algorithm.key_size} bytes, not {len(data)}")
        return self._derived(data, algorithm, (self, data))

    def halves(self) -> "tuple[TokenCipher, TokenCipher]":
        """Single DES under each half: of a stored key made when it came, of a derived one derived again."""
        self._needs_halves()
        if self._objects.halves:
            left, right = (
                TokenCipher(
                    self._maker,
                    Algorithm.DES,
                    KeyObjects(half),
                    self._label,
                    strict=self._strict,
                    origin=(self, b""),
                )
                for half in self._objects.halves
            )
            return left, right
        parent, data = self._derivation()
        return (
            parent._derived(data[:8], Algorithm.DES, None),
            parent._derived(data[8:], Algorithm.DES, None),
        )

    def fold(self) -> "TokenCipher":
        """Single DES under left half XOR right half. No token XORs two keys: the halves of a derived key come
        into this process for a moment, which strict mode refuses."""
        self._needs_halves()
        parent, data = self._derivation()
        if self._strict:
            raise VaultError(
                f"{self._label}: no mechanism XORs the halves of a key inside the token; "
                'compute TACs with ciphers = "batch"'
            )
        key = parent.encrypt(data)
        folded = xor(key[:8], key[8:])
        try:
            objects = self._maker.import_key(
                Algorithm.DES, folded, self._label, extractable=False, halves=False
            )
        finally:
            forget(key)
            forget(folded)
        return TokenCipher(self._maker, Algorithm.DES, objects, self._label, strict=self._strict, owned=True)

    def _derived(
        self, data: bytes, algorithm: Algorithm, origin: "tuple[TokenCipher, bytes] | None"
    ) -> "TokenCipher":
        numbers = self._maker.numbers(self.algorithm)
        if self._strict and numbers.derive is None:
            raise VaultError(
                f'{self._label}: the token derives no {algorithm.label} keys inside; use ciphers = "batch"'
            )
        objects = self._maker.derive(self.key, numbers, data, algorithm, self._label)
        return TokenCipher(
            self._maker, algorithm, objects, self._label, strict=self._strict, origin=origin, owned=True
        )

    def _derivation(self) -> "tuple[TokenCipher, bytes]":
        if self._origin is None or not self._origin[1]:
            raise VaultError(f"{self._label}: the token has this key only as a whole; diversify it first")
        return self._origin

    def _needs_halves(self) -> None:
        if self.algorithm is not Algorithm.TDES:
            raise ValueError(f"only a double-length 3DES key has halves, not {self.algorithm.label}")

    def _crypt(self, function: str, blocks: bytes) -> bytes:
        if len(blocks) % self.algorithm.block_size:
            raise ValueError(f"{len(blocks)} bytes are not whole blocks of {self.algorithm.block_size}")
        return self._maker.token.crypt(function, self.key, self._maker.numbers(self.algorithm).ecb, blocks)
