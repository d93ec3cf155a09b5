"""The software back end: keys in this process, stored in one file sealed under a passphrase."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.crypto.formulas import diversification_input, diversify
from shebaoka.crypto.sealing import Seal, SealError
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.bookkeeping import Bookkeeping
from shebaoka.vault.bulk import wrapped_card_keys
from shebaoka.vault.cipher import HandleCipher, Secret, check_value
from shebaoka.vault.components import combine
from shebaoka.vault.file import WORK, give_back, held, open_file, reserve, sealed_file, write_atomically
from shebaoka.vault.lives import Ledger
from shebaoka.vault.model import Blocks, Body, KeyDefinition, KeyHandle, Mode, VaultError
from shebaoka.vault.psam import loading
from shebaoka.vault.records import KeyRecord, record_of
from shebaoka.vault.register import Register, check_factors, sub_key
from shebaoka.vault.states import Use
from shebaoka.vault.transfer import Package, open_package, seal_package

ALGORITHMS = frozenset({Algorithm.TDES, Algorithm.DES, Algorithm.SM4})


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    owner: Body
    keys: tuple[KeyRecord, ...]
    ledger: Ledger = Ledger()

    def __repr__(self) -> str:
        return f"<vault content of {self.owner}>"


class SoftwareVault(Bookkeeping[Secret]):
    """A vault in software. Made by :meth:`create`, opened again by :meth:`open`; implements ``model.Vault``.

    Without a path it lives in memory only. Nothing is written before :meth:`save`.
    """

    def __init__(self, owner: Body, path: Path | None, seal: Seal | None) -> None:
        self._path = path
        self._seal = seal
        self._last: bytes | None = None  # digest of the file as this vault read or wrote it
        self._register = Register(owner, ALGORITHMS)
        self._ciphers: dict[str, SoftwareCipher] = {}
        self._reception: X25519PrivateKey | None = None

    @classmethod
    def create(cls, path: Path | None, passphrase: str, owner: Body, *, work: int = WORK) -> "SoftwareVault":
        """A new, empty vault, saved at once. ``work``: scrypt cost. Raises VaultError when the file
        exists."""
        if path is None:
            return cls(owner, None, None)
        if not passphrase:
            raise VaultError(f"{path}: a vault needs a passphrase")
        vault = cls(owner, path, Seal(passphrase, work))
        try:
            reserve(path)
        except FileExistsError:
            raise VaultError(f"{path}: exists already; choose another name or open it") from None
        except OSError as error:
            raise VaultError(f"{path}: cannot be written: {error.strerror}") from None
        vault._last = sha256().digest()
        try:
            vault.save()
        except VaultError:
            give_back(path)
            raise
        return vault

    @classmethod
    def open(cls, path: Path, passphrase: str) -> "SoftwareVault":
        """An existing vault. Raises VaultError (one line) for a wrong passphrase or a malformed file."""
        try:
            raw = path.read_bytes()
            seal, opened = open_file(raw, passphrase)
            content = msgspec.msgpack.decode(opened, type=_Content)
        except OSError as error:
            raise VaultError(f"{path}: cannot be read: {error.strerror}") from None
        except SealError as error:
            raise VaultError(f"{path}: {error}") from None
        except msgspec.MsgspecError:
            raise VaultError(f"{path}: its content is no vault's; restore it from its backup") from None
        vault = cls(content.owner, path, seal)
        vault._last = sha256(raw).digest()
        for record in content.keys:
            vault._register.add(replace(record.handle(), test_only=True), Secret(record.key))
        vault._register.load(content.ledger)
        return vault

    @property
    def algorithms(self) -> frozenset[Algorithm]:
        """3DES, single DES and SM4."""
        return ALGORITHMS

    @property
    def modes(self) -> frozenset[Mode]:
        """Batch only: there is no token to work inside of."""
        return frozenset({Mode.BATCH})

    def __repr__(self) -> str:
        return f"<software vault of {self.owner}, {len(self._register)} keys>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a vault is not pickled; save it and open it again")

    def generate(self, definition: KeyDefinition) -> KeyHandle:
        """A new random root. Raises HierarchyError for a key that is not of the owner's kind (R-24)."""
        self._register.check_root(definition)
        return self._add_root(definition, os.urandom(definition.algorithm.key_size))

    def random(self, size: int) -> bytes:
        """Bytes of the operating system's generator."""
        return os.urandom(size)

    def generate_from_components(self, definition: KeyDefinition, components: Sequence[bytes]) -> KeyHandle:
        """A new root from components. Raises HierarchyError as :meth:`generate`, VaultError for components
        that :func:`~shebaoka.vault.components.combine` refuses."""
        self._register.check_root(definition)
        return self._add_root(definition, combine(definition, components))

    def import_test_key(self, definition: KeyDefinition, key: bytes) -> KeyHandle:
        """An explicit key of ``definition.algorithm.key_size`` bytes, marked TEST_ONLY, of any scope."""
        self._register.check_import(definition, key)
        return self._add_root(definition, key)

    def cipher(self, handle: KeyHandle, *factors: bytes) -> HandleCipher:
        """The key, diversified by each 8-byte factor in turn, as an opaque cipher."""
        cipher: BlockCipher = self._cipher(handle)
        for factor in factors:
            cipher = diversify(cipher, factor)
        return HandleCipher(cipher, handle.id)

    def wrap_for_chip(self, handle: KeyHandle, factors: Sequence[bytes], master: BlockCipher) -> bytes:
        """A 16-byte block under ``master`` of the diversified key (8-byte keys as K‖K)."""
        key = self._diversified(handle, factors)
        return master.encrypt(key if len(key) == 16 else key + key)

    def card_key_blocks(self, handles: Sequence[KeyHandle], factors: Blocks, master: BlockCipher) -> Blocks:
        """[N, K, 16] wrapped card keys for ``factors`` [N, 8]; keys in the clear never leave the back end."""
        return wrapped_card_keys([self._cipher(handle, Use.CARDS) for handle in handles], factors, master)

    def psam_loading(
        self,
        handle: KeyHandle,
        usage: int,
        identifier: int,
        *,
        master: BlockCipher,
        challenge: bytes,
        header: bytes,
    ) -> bytes:
        """CREATE KEY (header ``84D400ff``) or CHANGE KEY (``84D401ff``) with the key encrypted and MACed."""
        self._register.check(handle, Use.PSAMS)
        key = self._secret(handle).reveal()
        return loading(handle.algorithm, key, usage, identifier, master, challenge, header)

    def reception(self) -> bytes:
        """Opens one reception of sub-keys; a later call closes it and opens another."""
        self._reception = X25519PrivateKey.generate()
        return self._reception.public_key().public_bytes_raw()

    def hand_over(self, handles: Sequence[KeyHandle], to: Body, factor: bytes, reception: bytes) -> bytes:
        """Sub-keys for ``factor``, sealed to the reception of ``to``."""
        self._register.check_hand_over(handles, to)
        keys = tuple(self._sub_key(handle, to, factor) for handle in handles)
        return seal_package(Package(self.owner, to, keys), reception)

    def take_over(self, package: bytes) -> tuple[KeyHandle, ...]:
        """The sub-keys of a package: all or none. Raises VaultError when no reception is open, the package is
        not for this body, or a key of the same id with another value is here already."""
        if self._reception is None:
            raise VaultError(f"{self.owner} has no reception open; the key package was used already")
        opened = open_package(package, self._reception)
        for record in self._register.check_received(opened):
            self._register.receive(record.handle(), Secret(record.key))
        self._reception = None
        return self._register.received(opened)

    def save(self) -> None:
        """Writes the sealed file in one step; without a path does nothing. Raises VaultError when the file
        cannot be written or was changed by another process since it was opened."""
        if self._path is None or self._seal is None:
            self._forget(self._register.keep())
            return
        keys = tuple(record_of(handle, secret.reveal()) for handle, secret in self._register.entries())
        content = _Content(self.owner, keys, self._register.lives.ledger())
        sealed = sealed_file(self._seal, msgspec.msgpack.encode(content))
        try:
            with held(self._path):
                if sha256(self._path.read_bytes()).digest() != self._last:
                    raise VaultError(
                        f"{self._path}: was changed by another process; open it again and repeat the step"
                    )
                write_atomically(self._path, sealed)
        except OSError as error:
            raise VaultError(f"{self._path}: cannot be written: {error.strerror}") from None
        self._last = sha256(sealed).digest()
        self._forget(self._register.keep())

    def discard(self) -> None:
        """Forgets what was made, received or changed since the last save."""
        self._forget(self._register.revert())

    def _forget(self, entries: Iterable[tuple[KeyHandle, Secret]]) -> None:
        for handle, _ in entries:
            self._ciphers.pop(handle.id, None)

    def _add_root(self, definition: KeyDefinition, key: bytes) -> KeyHandle:
        kcv = check_value(definition.algorithm, key)
        return self._register.add_root(definition, Secret(key), kcv)

    def _sub_key(self, handle: KeyHandle, to: Body, factor: bytes) -> KeyRecord:
        key = self._diversified(handle, [factor])
        return record_of(sub_key(handle, to, factor, check_value(handle.algorithm, key)), key)

    def _secret(self, handle: KeyHandle) -> Secret:
        return self._register.material(handle)

    def _cipher(self, handle: KeyHandle, use: Use | None = None) -> SoftwareCipher:
        if use is not None:
            self._register.check(handle, use)
        secret = self._secret(handle)
        cipher = self._ciphers.get(handle.id)
        if cipher is None:
            cipher = self._ciphers[handle.id] = SoftwareCipher(handle.algorithm, secret.reveal())
        return cipher

    def _diversified(self, handle: KeyHandle, factors: Sequence[bytes]) -> bytes:
        check_factors(factors)
        key = self._secret(handle).reveal()
        for factor in factors:
            data = diversification_input(factor, handle.algorithm)
            key = SoftwareCipher(handle.algorithm, key).encrypt(data)
        return key
