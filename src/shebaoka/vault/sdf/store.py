"""The sidecar file of a vault in a device: which keys there are, and each as the device wrapped it.

Nothing in it is secret without the device. A MAC under a key of the device protects it: a line
``SHEBAOKA-SDF 1``, a line with the MAC in hex, then JSON. The MAC covers the SHA-256 of line and JSON, 32
bytes always, as CBC-MAC wants it."""

from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import NamedTuple

import msgspec

from shebaoka.vault.file import held, write_atomically
from shebaoka.vault.lives import Ledger
from shebaoka.vault.model import Body, KeyHandle, VaultError
from shebaoka.vault.records import KeyRecord, record_of
from shebaoka.vault.sdf.device import Device
from shebaoka.vault.sdf.entry import Form

MAGIC = b"SHEBAOKA-SDF 1\n"
_MAC_DIGITS = 32


class Material(NamedTuple):
    """What is kept for a key."""

    form: Form
    blob: bytes


class StoredKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key in the file; the ``key`` of its record is the wrapped one."""

    form: Form
    record: KeyRecord


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file. ``kek``: number of the key encryption key, ``pair``: of the SM2 key pair; ``storage`` and
    ``seal``: wrapped keys that encrypt keys from outside and make the MAC."""

    owner: Body
    kek: int
    pair: int
    storage: bytes
    seal: bytes
    keys: tuple[StoredKey, ...] = ()
    ledger: Ledger = Ledger()


def stored(handle: KeyHandle, material: Material) -> StoredKey:
    """A key for the file."""
    return StoredKey(material.form, record_of(handle, material.blob))


def read(path: Path) -> tuple[bytes, Content]:
    """The raw file and its content, not yet proved. Raises VaultError."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise VaultError(f"{path}: cannot be read: {error.strerror}") from None
    if not raw.startswith(MAGIC):
        raise VaultError(f"{path}: this is not the file of an SDF vault")
    try:
        return raw, msgspec.json.decode(_body(raw), type=Content)
    except msgspec.MsgspecError:
        raise VaultError(f"{path}: the file is damaged; restore it from its backup") from None


def prove(path: Path, raw: bytes, content: Content, device: Device) -> None:
    """Raises VaultError when the file was changed or belongs to another device."""
    given = raw[len(MAGIC) : len(MAGIC) + _MAC_DIGITS]
    if not compare_digest(_mac(_body(raw), content, device), given):
        raise VaultError(f"{path}: was changed, or its keys belong to another device; restore its backup")


def write(path: Path, content: Content, device: Device, last: bytes) -> bytes:
    """Replaces the file whose SHA-256 is ``last``; gives the new one. Raises VaultError."""
    body = msgspec.json.encode(content)
    raw = MAGIC + _mac(body, content, device) + b"\n" + body
    try:
        with held(path):
            if sha256(path.read_bytes()).digest() != last:
                raise VaultError(f"{path}: was changed by another process; open it again and repeat the step")
            write_atomically(path, raw)
    except OSError as error:
        raise VaultError(f"{path}: cannot be written: {error.strerror}") from None
    return sha256(raw).digest()


def _body(raw: bytes) -> bytes:
    return raw[len(MAGIC) + _MAC_DIGITS + 1 :]


def _mac(body: bytes, content: Content, device: Device) -> bytes:
    return device.mac(content.seal, sha256(MAGIC + body).digest()).hex().upper().encode()
