"""Making keys inside a token: generated, derived, imported, each as a session object until it is saved."""

import ctypes
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import VaultError
from shebaoka.vault.pkcs11.codes import CKA, CKO
from shebaoka.vault.pkcs11.forms import attributes
from shebaoka.vault.pkcs11.library import Mechanism
from shebaoka.vault.pkcs11.table import CipherNumbers, Table
from shebaoka.vault.pkcs11.token import Token
from shebaoka.vault.token_keys import token_forms


@dataclass(frozen=True, slots=True)
class KeyObjects:
    """A key in the token: its object, and for 3DES an object for each half as single DES (retail MAC)."""

    key: int
    halves: tuple[int, ...] = ()

    @property
    def all(self) -> tuple[int, ...]:
        """Every object."""
        return (self.key, *self.halves)


class Maker:
    """Makes keys in one token by one mechanism table. Nothing half made stays behind."""

    def __init__(self, token: Token, table: Table) -> None:
        self.token = token
        self.table = table.limited(token.mechanisms)

    def __repr__(self) -> str:
        return f"<keys of {self.token!r}>"

    def numbers(self, algorithm: Algorithm) -> CipherNumbers:
        """Mechanism numbers of an algorithm. Raises VaultError when the token lacks it."""
        return self.table.cipher(algorithm)

    def generate(self, algorithm: Algorithm, label: str, *, extractable: bool) -> KeyObjects:
        """A random key born inside. For 3DES a random seed encrypts random blocks: so the halves exist as
        keys of their own, and no byte of any leaves. A token without derivation takes its own random bytes by
        way of this process."""
        numbers = self.numbers(algorithm)
        if algorithm is Algorithm.SM4 and numbers.generate is not None:
            template = attributes(numbers, label, extractable=extractable)
            return KeyObjects(self.token.generate(numbers.generate, template))
        if numbers.generate is None or numbers.derive is None:
            return self.import_key(
                algorithm, self.token.random(algorithm.key_size), label, extractable=extractable
            )
        seed_template = attributes(numbers, "seed", extractable=False)
        seed = self.token.generate(numbers.generate, seed_template)
        try:
            data = self.token.random(algorithm.key_size)
            return self.derive(seed, numbers, data, algorithm, label, extractable=extractable, halves=True)
        finally:
            self.token.destroy(seed)

    def import_key(
        self, algorithm: Algorithm, key: bytes, label: str, *, extractable: bool, halves: bool = True
    ) -> KeyObjects:
        """A key whose bytes are in this process."""

        def create(value: bytes, use: str) -> int:
            template = attributes(self.numbers(algorithm), label + use, extractable=extractable)
            return self.token.create({**template, CKA.VALUE: value})

        return self._with_halves(algorithm, key, create, halves=halves)

    def derive(
        self,
        parent: int,
        numbers: CipherNumbers,
        data: bytes,
        algorithm: Algorithm,
        label: str,
        *,
        extractable: bool = False,
        halves: bool = False,
    ) -> KeyObjects:
        """The key that is the encryption of ``data`` under ``parent``: inside where the token derives
        (``numbers``: the parent's), else by way of this process."""
        if numbers.derive is None:
            key = self.token.crypt("Encrypt", parent, numbers.ecb, data)
            try:
                return self.import_key(algorithm, key, label, extractable=extractable, halves=halves)
            finally:
                forget(key)
        mechanism = numbers.derive

        def create(value: bytes, use: str) -> int:
            template = attributes(self.numbers(algorithm), label + use, extractable=extractable)
            return self.token.derive(parent, mechanism, value, template)

        return self._with_halves(algorithm, data, create, halves=halves)

    def check_value(self, algorithm: Algorithm, key: int) -> str:
        """Key check value: first three bytes of an encrypted zero block, in hex."""
        block = bytes(algorithm.block_size)
        return self.token.crypt("Encrypt", key, self.numbers(algorithm).ecb, block)[:3].hex().upper()

    def reveal(self, algorithm: Algorithm, key: int, what: str) -> bytes:
        """The bytes of an extractable key, wrapped under a one-time AES key of this process. The caller
        forgets them (:func:`forget`)."""
        from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

        aes = self.table.aes
        if aes is None:
            raise VaultError(f"{what}: the token has no AES key wrap (RFC 3394), so the key cannot leave it")
        once = os.urandom(32)
        wrapping = self.token.create(
            {
                CKA.CLASS: CKO.SECRET_KEY,
                CKA.KEY_TYPE: aes.key_type,
                CKA.TOKEN: False,
                CKA.WRAP: True,
                CKA.VALUE: once,
            }
        )
        try:
            wrapped = self.token.wrap(Mechanism(aes.wrap), wrapping, key)
        except VaultError as error:
            raise VaultError(f"{what}: {error}") from None
        finally:
            self.token.destroy(wrapping)
        value = aes_key_unwrap(once, wrapped)
        try:
            return bytes(bytearray(value)[: algorithm.key_size])  # a string of its own
        finally:
            forget(value)
            forget(once)

    def _with_halves(
        self, algorithm: Algorithm, value: bytes, create: Callable[[bytes, str], int], *, halves: bool
    ) -> KeyObjects:
        """The key and, for 3DES, its halves; all or none."""
        forms = token_forms(algorithm, value)[: None if halves else 1]
        made: list[int] = []
        try:
            for form, use in zip(forms, ("", " left", " right"), strict=False):
                made.append(create(form, use))
        except BaseException:
            self.token.destroy(*made)
            raise
        return KeyObjects(made[0], tuple(made[1:]))


def forget(value: bytes) -> None:
    """Overwrites a string that only this module has seen (CPython keeps its bytes at the end of the
    object)."""
    if len(value) > 1:
        view: Any = ctypes.c_char * len(value)
        address = id(value) + bytes.__basicsize__ - 1
        ctypes.memset(view.from_address(address), 0, len(value))
