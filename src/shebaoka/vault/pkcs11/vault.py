"""A vault in a PKCS#11 token; implements ``model.Vault``."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.bookkeeping import Bookkeeping
from shebaoka.vault.components import combine
from shebaoka.vault.model import Blocks, Body, KeyDefinition, KeyHandle, Mode, VaultError
from shebaoka.vault.pkcs11 import delivery
from shebaoka.vault.pkcs11.cipher import TokenCipher
from shebaoka.vault.pkcs11.keys import KeyObjects, Maker, forget
from shebaoka.vault.pkcs11.modes import Modes
from shebaoka.vault.pkcs11.reception import Receptions, sub_keys
from shebaoka.vault.pkcs11.store import Store
from shebaoka.vault.pkcs11.table import Table
from shebaoka.vault.pkcs11.token import Token
from shebaoka.vault.psam import loading
from shebaoka.vault.records import record_of
from shebaoka.vault.register import Register, check_factors
from shebaoka.vault.states import Use
from shebaoka.vault.transfer import open_package


class TokenVault(Bookkeeping[KeyObjects]):
    """A vault whose keys lie in a token. Made by :meth:`create`, opened again by :meth:`open`.

    Keys are session objects until :meth:`save`, which makes them token objects and names them in the register
    file; without a path nothing lasts beyond the session.
    """

    def __init__(
        self, maker: Maker, owner: Body, store: Store | None, modes: Modes, *, production: bool = False
    ) -> None:
        self._maker = maker
        self._store = store
        self._modes = modes
        place = f"token {maker.token.label}"
        self._register = Register(owner, maker.table.algorithms, place, production=production)
        self._lasting: set[str] = set()
        self._receptions = Receptions(maker)

    @classmethod
    def create(
        cls,
        token: Token,
        table: Table,
        owner: Body,
        path: Path | None,
        modes: Modes | None = None,
        *,
        production: bool = False,
    ) -> "TokenVault":
        """A new, empty vault; ``path`` is the register file to make. ``production``: the gate has admitted
        it. Raises VaultError when the file exists."""
        maker = Maker(token, table)
        store = None if path is None else Store.create(path, maker, owner)
        return cls(maker, owner, store, modes or Modes(), production=production)

    @classmethod
    def open(
        cls,
        token: Token,
        table: Table,
        path: Path,
        modes: Modes | None = None,
        *,
        production: bool = False,
    ) -> "TokenVault":
        """An existing vault by its register file; ``production`` as in :meth:`create`. Raises VaultError when
        file and token do not fit."""
        maker = Maker(token, table)
        store = Store.open(path, maker)
        vault = cls(maker, store.content.owner, store, modes or Modes(), production=production)
        for record in store.content.keys:
            vault._register.add(record.handle(), store.objects(record))
            vault._lasting.add(record.id)
        vault._register.load(store.content.ledger)
        return vault

    def __repr__(self) -> str:
        return f"<vault of {self.owner} in {self._maker.token!r}, {len(self._register)} keys>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a vault is not pickled; save it and open it again")

    @property
    def algorithms(self) -> frozenset[Algorithm]:
        """What table and token have in common."""
        return self._maker.table.algorithms

    @property
    def modes(self) -> frozenset[Mode]:
        """Batch; strict where the token derives and wraps."""
        return frozenset({Mode.BATCH, Mode.STRICT} if self._maker.table.strict else {Mode.BATCH})

    def generate(self, definition: KeyDefinition) -> KeyHandle:
        """A new root, born in the token. Raises HierarchyError for a key not of the owner's kind (R-24)."""
        self._register.check_root(definition)
        objects = self._maker.generate(
            definition.algorithm, definition.name, extractable=definition.exportable
        )
        return self._enter(definition, objects)

    def random(self, size: int) -> bytes:
        """Bytes of the token's generator."""
        return self._maker.token.random(size)

    def generate_from_components(self, definition: KeyDefinition, components: Sequence[bytes]) -> KeyHandle:
        """A new root from components: no token XORs them, so they are combined here and the key imported."""
        self._register.check_root(definition)
        key = combine(definition, components)
        try:
            return self._import(definition, key)
        finally:
            forget(key)

    def import_test_key(self, definition: KeyDefinition, key: bytes) -> KeyHandle:
        """An explicit key of ``definition.algorithm.key_size`` bytes, marked TEST_ONLY, of any scope."""
        self._register.check_import(definition, key)
        return self._import(definition, key)

    def cipher(self, handle: KeyHandle, *factors: bytes) -> TokenCipher:
        """The key, diversified inside the token by each 8-byte factor in turn, as an opaque cipher."""
        check_factors(factors)
        return delivery.diversified(self._cipher(handle), factors)

    def wrap_for_chip(self, handle: KeyHandle, factors: Sequence[bytes], master: BlockCipher) -> bytes:
        """A 16-byte block under ``master`` of the diversified key (8-byte keys as K‖K)."""
        check_factors(factors)
        return delivery.wrapped(self._cipher(handle), handle, factors, master, self._modes.cards)

    def card_key_blocks(self, handles: Sequence[KeyHandle], factors: Blocks, master: BlockCipher) -> Blocks:
        """[N, K, 16] wrapped card keys for ``factors`` [N, 8]."""
        roots = [self._cipher(handle, Use.CARDS) for handle in handles]
        return delivery.card_key_blocks(roots, factors, master, self._modes.cards)

    def machine_key_blocks(self, handles: Sequence[KeyHandle], factors: Blocks, machine: str) -> Blocks:
        """[N, K, 32] card keys in token form, always strict: derived and wrapped inside (RFC 3394) under the
        token's AES key labelled ``machine``, which a personalization machine shares; SM4 keys 24 bytes."""
        roots = [self._cipher(handle, Use.CARDS) for handle in handles]
        return delivery.machine_key_blocks(self._maker, roots, factors, machine)

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
        """CREATE KEY (header ``84D400ff``) or CHANGE KEY (``84D401ff``). The record puts the key across the
        blocks of the cipher, so no token wraps it: it passes through this process, in batch mode only."""
        self._register.check(handle, Use.PSAMS)
        objects = self._register.material(handle)
        if self._modes.psam is Mode.STRICT:
            raise VaultError(
                f'{handle}: a PSAM key record cannot be wrapped inside the token; set psam = "batch"'
            )
        key = self._maker.reveal(handle.algorithm, objects.key, str(handle))
        try:
            return loading(handle.algorithm, key, usage, identifier, master, challenge, header)
        finally:
            forget(key)

    def reception(self) -> bytes:
        """Opens one reception of sub-keys; a later call closes it and opens another. With an RSA key of the
        token when it has RSA: sub-keys are then opened nowhere but inside."""
        return self._receptions.open()

    def hand_over(self, handles: Sequence[KeyHandle], to: Body, factor: bytes, reception: bytes) -> bytes:
        """Sub-keys for ``factor``, sealed to the reception of ``to``: wrapped inside when it is a token's."""
        check_factors([factor])
        self._register.check_hand_over(handles, to)
        ciphers = [self._cipher(handle) for handle in handles]
        return sub_keys(
            self.owner, list(zip(handles, ciphers, strict=True)), to, factor, reception, self._modes.hand_over
        )

    def take_over(self, package: bytes) -> tuple[KeyHandle, ...]:
        """The sub-keys of a package: all or none. Raises VaultError when no reception is open, the package is
        not for this body, or a key of the same id with another value is here already."""
        receptions = self._receptions
        if receptions.key is None:
            raise VaultError(f"{self.owner} has no reception open; the key package was used already")
        opened = open_package(package, receptions.key, receptions.token_part)
        new = self._register.check_received(opened)
        for record, objects in zip(new, receptions.bring_in(new), strict=True):
            self._register.receive(record.handle(), objects)
        receptions.close()
        return self._register.received(opened)

    def save(self) -> None:
        """Makes new keys token objects and writes the register file: all or nothing. Raises VaultError when
        it cannot be written or was changed by another process since it was opened."""
        stored = self._lasting
        if self._store is not None:
            entries = self._register.entries()
            new = [(handle, objects) for handle, objects in entries if handle.id not in self._lasting]
            records = tuple(record_of(handle, self._store.id_of(objects)) for handle, objects in entries)
            ledger = self._register.lives.ledger()
            lasting = self._store.save(records, [objects for _, objects in new], ledger)
            for (handle, _), objects in zip(new, lasting, strict=True):
                self._register.add(handle, objects)
            self._lasting = {handle.id for handle, _ in entries}
        for handle, objects in self._register.keep():
            if self._store is None or handle.id not in stored:  # token objects went with the file's change
                self._maker.token.destroy(*objects.all)

    def discard(self) -> None:
        """Destroys what was made or received since the last save, and takes changes of states back."""
        for _, objects in self._register.revert():
            self._maker.token.destroy(*objects.all)

    def close(self) -> None:
        """Ends the session with the token; what was not saved is gone."""
        self._maker.token.close()

    def _import(self, definition: KeyDefinition, key: bytes) -> KeyHandle:
        objects = self._maker.import_key(
            definition.algorithm, key, definition.name, extractable=definition.exportable
        )
        return self._enter(definition, objects)

    def _enter(self, definition: KeyDefinition, objects: KeyObjects) -> KeyHandle:
        kcv = self._maker.check_value(definition.algorithm, objects.key)
        return self._register.add_root(definition, objects, kcv)

    def _cipher(self, handle: KeyHandle, use: Use | None = None) -> TokenCipher:
        if use is not None:
            self._register.check(handle, use)
        objects = self._register.material(handle)
        strict = self._modes.ciphers is Mode.STRICT
        return TokenCipher(self._maker, handle.algorithm, objects, handle.id, strict=strict)
