"""The file of a vault: sealed under a passphrase, mode 0600, replaced as a whole.

Layout: a line ``SHEBAOKA-VAULT 1`` and the parameters of the seal, then the sealed content, to which the line
is bound."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from shebaoka.crypto.sealing import Seal, SealError

WORK = 17  # 128 MiB and half a second for every guess
_MAGIC = "SHEBAOKA-VAULT 1 "


def sealed_file(seal: Seal, content: bytes) -> bytes:
    """The file for a content."""
    head = f"{_MAGIC}{seal.parameters}\n".encode()
    return head + seal.seal(content, head)


def open_file(raw: bytes, passphrase: str) -> tuple[Seal, bytes]:
    """The seal (to save again) and the content of a file. Raises SealError."""
    line, _, sealed = raw.partition(b"\n")
    head = line + b"\n"
    if not head.startswith(_MAGIC.encode()):
        raise SealError("this is not a vault")
    seal = Seal.of(line.decode("ascii", "replace").removeprefix(_MAGIC), passphrase)
    return seal, seal.unseal(sealed, head)


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
    """An empty file, mode 0600, where none was; or the one that a program left which was killed before it
    wrote. Of two programs one may still find the other's content when it writes. Raises FileExistsError."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if path.stat().st_size or not path.is_file():
            raise


def give_back(path: Path) -> None:
    """Removes a file that was reserved and not written."""
    if path.stat().st_size == 0:
        path.unlink()


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
