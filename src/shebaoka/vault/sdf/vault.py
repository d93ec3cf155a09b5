"""The SDF back end: SM4 keys that only a cryptographic device (GM/T 0018) can use.

The device keeps key encryption keys and nothing else. A root is born in it and lies outside wrapped under a
KEK; it never appears in this process. Keys known outside (components, sub-keys from above, test keys) are
encrypted by the device (``entry``). Derived
keys appear in this process's memory: there is no call that derives inside, so the mode is batch."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NoReturn, Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.formulas import diversification_input, diversify
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.bookkeeping import Bookkeeping
from shebaoka.vault.bulk import wrapped_card_keys
from shebaoka.vault.cipher import check_value
from shebaoka.vault.components import combine
from shebaoka.vault.file import give_back, reserve
from shebaoka.vault.model import Blocks, Body, KeyDefinition, KeyHandle, Mode, VaultError
from shebaoka.vault.psam import loading
from shebaoka.vault.records import KeyRecord, record_of
from shebaoka.vault.register import Register, check_factors, sub_key
from shebaoka.vault.sdf import store
from shebaoka.vault.sdf.cipher import SdfCipher
from shebaoka.vault.sdf.device import KEY, Device, erase
from shebaoka.vault.sdf.entry import Form, find_form, protect
from shebaoka.vault.sdf.store import Content, Material
from shebaoka.vault.states import Use
from shebaoka.vault.transfer import Package, open_package, seal_package

ALGORITHMS = frozenset({Algorithm.SM4})


class SdfVault(Bookkeeping[Material]):
    """A vault in a device. Made by :meth:`create`, opened again by :meth:`open`; implements ``model.Vault``.

    Nothing is written before :meth:`save`. :meth:`close` ends the session with the device."""

    def __init__(
        self,
        path: Path,
        device: Device,
        content: Content,
        last: bytes,
        entry: Form | None,
        *,
        production: bool = False,
    ) -> None:
        self._path = path
        self._device = device
        self._content = content
        self._last = last
        self._entry = entry
        self._register = Register(content.owner, ALGORITHMS, "the device", production=production)
        for key in content.keys:
            self._register.add(key.record.handle(), Material(key.form, key.record.key))
        self._register.load(content.ledger)
        self._reception: X25519PrivateKey | None = None

    @classmethod
    def create(
        cls,
        library: Path,
        path: Path,
        owner: Body,
        *,
        kek: int = 1,
        pair: int = 1,
        password: str = "",
        production: bool = False,
    ) -> Self:
        """A new, empty vault in the device behind ``library``; its file is written at once. ``kek``: number
        of the key encryption key; ``pair``: of the SM2 key pair for keys from outside, where the library has
        no SDF_ImportKey; ``password``: of both, where the device wants one; ``production``: the gate has
        admitted the vault."""
        device = Device(library, kek, password)
        try:
            content = Content(owner, kek, pair, device.new_key(), device.new_key())
            form = _entry(device, pair, password)
            try:
                reserve(path)
            except FileExistsError:
                raise VaultError(f"{path}: exists already; choose another name or open it") from None
            except OSError as error:
                raise VaultError(f"{path}: cannot be written: {error.strerror}") from None
            try:
                last = store.write(path, content, device, sha256().digest())
            except VaultError:
                give_back(path)
                raise
        except VaultError:
            device.close()
            raise
        return cls(path, device, content, last, form, production=production)

    @classmethod
    def open(cls, library: Path, path: Path, *, password: str = "", production: bool = False) -> Self:
        """An existing vault; ``production`` as in :meth:`create`. Raises VaultError when the device refuses
        or the file is not of this device."""
        raw, content = store.read(path)
        device = Device(library, content.kek, password)
        try:
            store.prove(path, raw, content, device)
            form = _entry(device, content.pair, password)
        except VaultError:
            device.close()
            raise
        return cls(path, device, content, sha256(raw).digest(), form, production=production)

    @property
    def algorithms(self) -> frozenset[Algorithm]:
        """SM4 only."""
        return ALGORITHMS

    @property
    def modes(self) -> frozenset[Mode]:
        """Batch only: SDF cannot derive inside."""
        return frozenset({Mode.BATCH})

    def __repr__(self) -> str:
        return f"<SDF vault of {self.owner}, {len(self._register)} keys>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a vault is not pickled; save it and open it again")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the session; the keys in it are destroyed."""
        self._device.close()

    def generate(self, definition: KeyDefinition) -> KeyHandle:
        """A new random root, born in the device. Raises HierarchyError (R-24)."""
        self._register.check_root(definition)
        material = Material(Form.BORN_INSIDE, self._device.new_key())
        return self._register.add_root(definition, material, self._kcv(material))

    def random(self, size: int) -> bytes:
        """Bytes of the device's generator."""
        return bytes(self._device.random(size))

    def generate_from_components(self, definition: KeyDefinition, components: Sequence[bytes]) -> KeyHandle:
        """A new root, combined in this process and encrypted by the device."""
        self._register.check_root(definition)
        return self._brought_root(definition, combine(definition, components))

    def import_test_key(self, definition: KeyDefinition, key: bytes) -> KeyHandle:
        """An explicit key of 16 bytes, marked TEST_ONLY, of any scope."""
        self._register.check_import(definition, key)
        return self._brought_root(definition, key)

    def cipher(self, handle: KeyHandle, *factors: bytes) -> BlockCipher:
        """The key in the device; diversified by ``factors``, a key in this process."""
        check_factors(factors)
        cipher: BlockCipher = self._cipher(handle)
        for factor in factors:
            cipher = diversify(cipher, factor)
        return cipher

    def wrap_for_chip(self, handle: KeyHandle, factors: Sequence[bytes], master: BlockCipher) -> bytes:
        """A 16-byte block under ``master`` of the diversified key."""
        key = self._diversified(handle, factors)
        try:
            return master.encrypt(bytes(key))
        finally:
            erase(key)

    def card_key_blocks(self, handles: Sequence[KeyHandle], factors: Blocks, master: BlockCipher) -> Blocks:
        """[N, K, 16] wrapped card keys for ``factors`` [N, 8]: one large encryption for each root."""
        for handle in handles:
            self._register.check(handle, Use.CARDS)
        return wrapped_card_keys([self._cipher(handle) for handle in handles], factors, master)

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
        """CREATE KEY or CHANGE KEY. Refused for a root born in the device: SDF puts no key under another."""
        self._register.check(handle, Use.PSAMS)
        key = self._revealed(handle)
        try:
            return loading(handle.algorithm, bytes(key), usage, identifier, master, challenge, header)
        finally:
            erase(key)

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
        """The sub-keys of a package: all or none."""
        if self._reception is None:
            raise VaultError(f"{self.owner} has no reception open; the key package was used already")
        opened = open_package(package, self._reception)
        new = self._register.check_received(opened)
        materials = [self._brought(record.key, record.kcv) for record in new]
        for record, material in zip(new, materials, strict=True):
            self._register.receive(record.handle(), material)
        self._reception = None
        return self._register.received(opened)

    def save(self) -> None:
        """Writes the file in one step. Raises VaultError when it was changed by another process."""
        keys = tuple(store.stored(handle, material) for handle, material in self._register.entries())
        content = msgspec.structs.replace(self._content, keys=keys, ledger=self._register.lives.ledger())
        self._last = store.write(self._path, content, self._device, self._last)
        self._content = content
        self._forget(self._register.keep())

    def discard(self) -> None:
        """Forgets what was made, received or changed since the last save, and destroys it in the session."""
        self._forget(self._register.revert())

    def _forget(self, entries: Iterable[tuple[KeyHandle, Material]]) -> None:
        for _, material in entries:
            self._device.forget(material.blob)

    def _brought_root(self, definition: KeyDefinition, key: bytes) -> KeyHandle:
        kcv = check_value(definition.algorithm, key)
        return self._register.add_root(definition, self._brought(key, kcv), kcv)

    def _brought(self, key: bytes, kcv: str) -> Material:
        """A key of this process, encrypted by the device, and proved to work there."""
        content = self._content
        blob = protect(self._device, self._entry, content.storage, content.pair, key)
        material = Material(self._entry or Form.STORAGE, blob)
        if self._kcv(material) != kcv:
            raise VaultError(
                "the device computes another check value than the key has; have the device tested"
            )
        return material

    def _kcv(self, material: Material) -> str:
        zero = SdfCipher(self._device, self._content, material, "new").encrypt(bytes(KEY))
        return zero[:3].hex().upper()

    def _cipher(self, handle: KeyHandle) -> SdfCipher:
        return SdfCipher(self._device, self._content, self._register.material(handle), handle.id)

    def _revealed(self, handle: KeyHandle) -> bytearray:
        form = self._register.material(handle).form
        if form is not Form.STORAGE:
            where = "was born in the device" if form is Form.BORN_INSIDE else "is sealed to the device"
            raise VaultError(f"{handle} {where} and does not leave it: SDF puts no key under another key")
        return self._cipher(handle).revealed()

    def _diversified(self, handle: KeyHandle, factors: Sequence[bytes]) -> bytearray:
        check_factors(factors)
        if not factors:
            return self._revealed(handle)
        *above, last = factors
        cipher = self.cipher(handle, *above)
        data = diversification_input(last, Algorithm.SM4)
        if isinstance(cipher, SdfCipher):
            return cipher.derived(data)
        return bytearray(cipher.encrypt(data))

    def _sub_key(self, handle: KeyHandle, to: Body, factor: bytes) -> KeyRecord:
        key = self._diversified(handle, [factor])
        try:
            clear = bytes(key)
            return record_of(sub_key(handle, to, factor, check_value(handle.algorithm, clear)), clear)
        finally:
            erase(key)


def _entry(device: Device, pair: int, password: str) -> Form | None:
    """How keys from outside enter; for the SM2 key pair its right is asked for."""
    form = find_form(device)
    if form is Form.SM2 and password:
        device.ask_right("PrivateKey", pair, password)
    return form
