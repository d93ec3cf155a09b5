"""A sealed stream: a file of any size under a passphrase, written and read once from front to back.

Layout: a line ``SHEBAOKA-BACKUP 1`` with the parameters of the seal, then pieces of at most 1 MiB, each a
length of 4 bytes and the sealed piece, bound to the line, its number and whether it is the last: a piece that
is changed, left out, moved or missing at the end is noticed."""

from typing import IO

from shebaoka.crypto.sealing import Seal, SealError

MAGIC = "SHEBAOKA-BACKUP 1 "
WORK = 17  # 128 MiB and half a second for every guess
_PIECE = 1 << 20
_OVERHEAD = 28
_LONGEST_LINE = 200


class SealedWriter:
    """Seals what is written to it. Only :meth:`finish` makes the file whole. ``work``: log2 of scrypt's n."""

    def __init__(self, out: IO[bytes], passphrase: str, work: int = WORK) -> None:
        self._out = out
        self._seal = Seal(passphrase, work)
        self._head = f"{MAGIC}{self._seal.parameters}\n".encode()
        self._waiting = bytearray()
        self._number = 0
        out.write(self._head)

    def write(self, data: bytes) -> int:
        """Takes everything."""
        self._waiting += data
        while len(self._waiting) > _PIECE:
            self._piece(bytes(self._waiting[:_PIECE]), last=False)
            del self._waiting[:_PIECE]
        return len(data)

    def finish(self) -> None:
        """Writes the last piece."""
        self._piece(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _piece(self, content: bytes, *, last: bool) -> None:
        sealed = self._seal.seal(content, _bound(self._head, self._number, last))
        self._out.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


class SealedReader:
    """What was sealed. Raises SealError where it is damaged, before any byte of the piece is given out."""

    def __init__(self, source: IO[bytes], passphrase: str) -> None:
        self._source = source
        self._head = source.readline(_LONGEST_LINE)
        line = self._head.decode("ascii", "replace")
        if not line.startswith(MAGIC) or not line.endswith("\n"):
            raise SealError("this is not a backup of the office")
        self._seal = Seal.of(line.removeprefix(MAGIC).rstrip("\n"), passphrase)
        self._ahead = self._frame()
        if self._ahead is None:
            raise SealError("the backup is empty")
        self._content = b""
        self._number = 0
        self._next()  # a wrong passphrase is told at once

    def read(self, size: int) -> bytes:
        """The next bytes, ``size`` at most, none at the end."""
        while not self._content and self._next():
            pass
        taken, self._content = self._content[:size], self._content[size:]
        return taken

    def _next(self) -> bool:
        """Whether there was one more piece."""
        sealed = self._ahead
        if sealed is None:
            return False
        self._ahead = self._frame()
        bound = _bound(self._head, self._number, self._ahead is None)
        self._content = self._seal.unseal(sealed, bound)
        self._number += 1
        return True

    def _frame(self) -> bytes | None:
        head = self._source.read(4)
        if not head:
            return None
        length = int.from_bytes(head, "big")
        sealed = self._source.read(length) if length <= _PIECE + _OVERHEAD else b""
        if len(head) < 4 or len(sealed) < length or length < _OVERHEAD:
            raise SealError("the backup is cut off or damaged")
        return sealed


def _bound(head: bytes, number: int, last: bool) -> bytes:
    return head + number.to_bytes(8, "big") + (b"last" if last else b"more")
