"""The register file beside a token: which objects are which keys. No secret is in it; a key of the token
vouches for it.

Two lines: JSON, and its HMAC-SHA-256. The HMAC key is what the token's register key makes of a constant, so
whoever changes the file without token and PIN is found out. ``doomed`` names objects that an interrupted save
has left in the token; the next opening removes them."""

import contextlib
import fcntl
import hmac
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.file import give_back, reserve, write_atomically
from shebaoka.vault.lives import Ledger
from shebaoka.vault.model import Body, VaultError
from shebaoka.vault.pkcs11.codes import CKA, CKO
from shebaoka.vault.pkcs11.forms import ID
from shebaoka.vault.pkcs11.keys import KeyObjects, Maker
from shebaoka.vault.pkcs11.token import first
from shebaoka.vault.records import KeyRecord

FORMAT = "SHEBAOKA-TOKEN-VAULT 1"
_CONSTANT = b"shebaoka register of a vault.v1."
_LABEL = "shebaoka register"


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file. ``key`` of a record: the CKA_IDs of its objects, 16 bytes each."""

    format: str
    owner: Body
    token: str
    register_key: str
    algorithm: str
    keys: tuple[KeyRecord, ...] = ()
    doomed: tuple[str, ...] = ()
    ledger: Ledger = Ledger()


class Store:
    """The register file of one vault and the objects it names."""

    def __init__(self, path: Path, maker: Maker, content: Content, last: bytes) -> None:
        self._path = path
        self._maker = maker
        self._last = last
        self.content = content

    @classmethod
    def create(cls, path: Path, maker: Maker, owner: Body) -> "Store":
        """A new file and its register key in the token. Raises VaultError when the file exists."""
        token = maker.token
        algorithm = Algorithm.TDES if Algorithm.TDES in maker.table.algorithms else Algorithm.SM4
        try:
            reserve(path)
        except FileExistsError:
            raise VaultError(f"{path}: exists already; choose another name or open it") from None
        except OSError as error:
            raise VaultError(f"{path}: cannot be written: {error.strerror}") from None
        kept: list[int] = []
        try:
            objects = maker.generate(algorithm, _LABEL, extractable=False)
            kept.append(token.copy(objects.key, {CKA.TOKEN: True}))
            token.destroy(*objects.all)
            id_ = token.bytes_of(kept[0], CKA.ID).hex()
            content = Content(FORMAT, owner, token.label, id_, algorithm.name)
            store = cls(path, maker, content, sha256().digest())
            with store._held():
                store._check_unchanged()
                store._write(content)
        except BaseException:
            token.destroy(*kept)
            give_back(path)
            raise
        return store

    @classmethod
    def open(cls, path: Path, maker: Maker) -> "Store":
        """An existing file, checked against the token. Raises VaultError."""
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise VaultError(f"{path}: cannot be read: {error.strerror}") from None
        line, _, mark = raw.partition(b"\n")
        try:
            content = msgspec.json.decode(line, type=Content)
            Algorithm[content.algorithm]
        except (msgspec.MsgspecError, KeyError, RecursionError):
            raise VaultError(f"{path}: is no register file of a token vault") from None
        if content.format != FORMAT:
            raise VaultError(f"{path}: is of another version: {content.format}")
        if content.token != maker.token.label:
            raise VaultError(f"{path}: belongs to token {content.token}, not to {maker.token.label}")
        store = cls(path, maker, content, sha256(raw).digest())
        if not hmac.compare_digest(store._mark(line), mark.strip()):
            raise VaultError(f"{path}: was changed by hand or damaged; restore it from its backup")
        store._clean_up()
        return store

    def objects(self, record: KeyRecord) -> KeyObjects:
        """The token's objects of a record. Raises VaultError when one is missing."""
        ids = [record.key[start : start + ID] for start in range(0, len(record.key), ID)]
        found = [
            first(
                self._maker.token.find({CKA.ID: id_, CKA.CLASS: CKO.SECRET_KEY, CKA.TOKEN: True}),
                f"{self._path}: key {record.id}",
            )
            for id_ in ids
        ]
        return KeyObjects(found[0], tuple(found[1:]))

    def id_of(self, objects: KeyObjects) -> bytes:
        """The CKA_IDs of a key's objects."""
        return b"".join(self._maker.token.bytes_of(object_, CKA.ID) for object_ in objects.all)

    def save(
        self, records: tuple[KeyRecord, ...], new: Iterable[KeyObjects], ledger: Ledger
    ) -> list[KeyObjects]:
        """Makes ``new`` session objects lasting and writes ``records`` and ``ledger``: all or nothing, also
        when the process dies on the way; then the objects of keys that are gone are destroyed. Returns the
        lasting objects in the order of ``new``."""
        token, old = self._maker.token, self.content
        made: list[int] = []
        try:
            with self._held():
                self._check_unchanged()
                fresh = list(new)
                ids = [id_.hex() for objects in fresh for id_ in self._ids(objects)]
                if ids:
                    self._write(msgspec.structs.replace(old, doomed=(*old.doomed, *ids)))
                try:
                    lasting = [self._lasting(objects, made) for objects in fresh]
                    gone = _ids_of(old.keys) - _ids_of(records)
                    doomed = tuple(sorted(id_.hex() for id_ in gone))
                    self._write(msgspec.structs.replace(old, keys=records, doomed=doomed, ledger=ledger))
                except BaseException:
                    token.destroy(*made)
                    self._write(old)
                    raise
                self._destroy(doomed)
        except OSError as error:
            raise VaultError(f"{self._path}: cannot be written: {error.strerror}") from None
        for objects in fresh:
            token.destroy(*objects.all)
        return lasting

    def _lasting(self, objects: KeyObjects, made: list[int]) -> KeyObjects:
        copies = []
        for object_ in objects.all:
            copies.append(self._maker.token.copy(object_, {CKA.TOKEN: True}))
            made.append(copies[-1])
        return KeyObjects(copies[0], tuple(copies[1:]))

    def _ids(self, objects: KeyObjects) -> list[bytes]:
        whole = self.id_of(objects)
        return [whole[start : start + ID] for start in range(0, len(whole), ID)]

    def _clean_up(self) -> None:
        if not self.content.doomed:
            return
        try:
            with self._held():
                if sha256(self._path.read_bytes()).digest() == self._last:
                    self._destroy(self.content.doomed)
        except OSError as error:
            raise VaultError(f"{self._path}: cannot be read: {error.strerror}") from None

    def _destroy(self, ids: Iterable[str]) -> None:
        token = self._maker.token
        for id_ in ids:
            token.destroy(*token.find({CKA.ID: bytes.fromhex(id_), CKA.TOKEN: True}))

    def _check_unchanged(self) -> None:
        if sha256(self._path.read_bytes()).digest() != self._last:
            raise VaultError(
                f"{self._path}: was changed by another process; open it again and repeat the step"
            )

    def _write(self, content: Content) -> None:
        line = msgspec.json.encode(content)
        raw = line + b"\n" + self._mark(line) + b"\n"
        write_atomically(self._path, raw)
        self.content = content
        self._last = sha256(raw).digest()

    def _mark(self, line: bytes) -> bytes:
        algorithm = Algorithm[self.content.algorithm]
        id_ = bytes.fromhex(self.content.register_key)
        token = self._maker.token
        found = token.find({CKA.ID: id_, CKA.CLASS: CKO.SECRET_KEY, CKA.TOKEN: True})
        key = first(found, f"{self._path}: register key")
        secret = token.crypt("Encrypt", key, self._maker.numbers(algorithm).ecb, _CONSTANT)
        return hmac.new(secret, line, sha256).hexdigest().encode()

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        """One program at a time, over all writes of a save: the lock is a file that is never replaced."""
        lock = self._path.with_name(f".{self._path.name}.lock")
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _ids_of(records: Iterable[KeyRecord]) -> set[bytes]:
    return {record.key[start : start + ID] for record in records for start in range(0, len(record.key), ID)}
