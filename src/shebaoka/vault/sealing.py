"""A file sealed under a passphrase: scrypt and AES-256-GCM, mode 0600, replaced as a whole.

Layout: one line naming the format, one line of JSON with the scrypt parameters, then nonce 12 ‖ ciphertext
‖ tag 16. Both lines are authenticated."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

WORK = 17  # 128 MiB and half a second for every guess
MAX_WORK = 20  # refuse files that ask for more than 1 GiB


class SealError(ValueError):
    """The file is malformed or the passphrase is wrong; the message is one line for people."""


class _Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    salt: str
    work: int


class Seal:
    """A passphrase stretched once; seals any number of times. ``work``: scrypt cost, n = 2**work, r = 8."""

    def __init__(self, magic: str, passphrase: str, work: int = WORK, salt: bytes | None = None) -> None:
        salt = os.urandom(16) if salt is None else salt
        kdf = Scrypt(salt=salt, length=32, n=1 << work, r=8, p=1)
        self._aead = AESGCM(kdf.derive(passphrase.encode()))
        parameters = msgspec.json.encode(_Parameters(salt.hex(), work))
        self._head = magic.encode() + b"\n" + parameters + b"\n"

    def __repr__(self) -> str:
        return "<seal>"

    def seal(self, content: bytes) -> bytes:
        """The file content."""
        nonce = os.urandom(12)
        return self._head + nonce + self._aead.encrypt(nonce, content, self._head)

    def unseal(self, sealed: bytes) -> bytes:
        """Inverse of :meth:`seal`. Raises SealError."""
        if not sealed.startswith(self._head):
            raise SealError("sealed under other parameters")
        body = sealed[len(self._head) :]
        try:
            return self._aead.decrypt(body[:12], body[12:], self._head)
        except (InvalidTag, ValueError):
            raise SealError("wrong passphrase, or the file is damaged") from None


def open_sealed(path: Path, magic: str, passphrase: str) -> tuple[Seal, bytes, bytes]:
    """The seal (to save again), the file as it is, and its content. Raises SealError naming the file."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SealError(f"{path}: cannot be read: {error.strerror}") from None
    head, _, rest = raw.partition(b"\n")
    if head != magic.encode():
        raise SealError(f"{path}: not a file of the kind {magic!r}")
    try:
        parameters = msgspec.json.decode(rest.partition(b"\n")[0], type=_Parameters)
        salt = bytes.fromhex(parameters.salt)
    except (msgspec.DecodeError, ValueError):
        raise SealError(f"{path}: damaged header; restore the file from its backup") from None
    if not 1 <= parameters.work <= MAX_WORK:
        raise SealError(f"{path}: damaged header; restore the file from its backup")
    seal = Seal(magic, passphrase, parameters.work, salt)
    try:
        return seal, raw, seal.unseal(raw)
    except SealError as error:
        raise SealError(f"{path}: {error}") from None


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """One program at a time between reading the file again and replacing it. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def reserve(path: Path) -> None:
    """An empty file, mode 0600, where none was. Raises FileExistsError."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def write_atomically(path: Path, content: bytes) -> None:
    """Replaces the file in one step, mode 0600; after a crash it is the old or the new one."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
