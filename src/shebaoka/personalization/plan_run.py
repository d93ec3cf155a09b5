"""Running the steps of a plan on one chip."""

from collections.abc import Iterable
from dataclasses import dataclass

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.personalization.dialect import CONTENT, MEDICAL, IssuerDialect
from shebaoka.personalization.steps import (
    Authenticate,
    Blocks,
    Contents,
    FilePlace,
    KeySlot,
    Send,
    Step,
    StructureError,
    WriteContent,
    WriteKeys,
    WriteMedical,
)
from shebaoka.reader.base import Reader
from shebaoka.spec.status_words import describe

_CHALLENGE = bytes.fromhex("0084000008")
_CONTENT_CHUNK = 240


@dataclass(frozen=True, slots=True)
class Run:
    """One chip: its reader, the transport key (``root``: in the cipher of the MF), its keys and contents."""

    reader: Reader
    dialect: IssuerDialect
    transport: BlockCipher
    root: BlockCipher
    blocks: Blocks
    contents: Contents
    medical: bytes | None

    def all(self, steps: Iterable[Step]) -> None:
        """Send every step. Raises StructureError, KeyError for a missing block."""
        for step in steps:
            match step:
                case Send(apdu, what):
                    self._send(apdu, what)
                case Authenticate(what, root):
                    master = self.root if root else self.transport
                    proof = self.dialect.authenticate(master, self._challenge(what))
                    self._send(proof, f"AUTHENTICATE MASTER {what}")
                case WriteKeys(entries, master, what):
                    self._keys(entries, master, what)
                case WriteContent(place, what):
                    self._content(place, what)
                case WriteMedical(what) if self.medical is not None:
                    self._send(self.dialect.put_data(MEDICAL, self.medical), what)

    def _keys(self, entries: tuple[tuple[KeySlot, bytes], ...], master: bool, what: str) -> None:
        loaded = [header + self.blocks[slot] for slot, header in entries]
        challenge = self._challenge(what)
        if master:
            command = self.dialect.replace_master(self.transport, challenge, loaded[0])
        else:
            command = self.dialect.write_keys(self.transport, challenge, loaded)
        self._send(command, f"WRITE KEY, {what}")

    def _content(self, place: FilePlace, what: str) -> None:
        for record in self.contents.get(place, ()):
            for start in range(0, len(record), _CONTENT_CHUNK):
                chunk = record[start : start + _CONTENT_CHUNK]
                self._send(self.dialect.put_data(CONTENT, chunk), f"content of {what}")

    def _challenge(self, what: str) -> bytes:
        answer = self.reader.transmit(_CHALLENGE)
        if answer[-2:] != b"\x90\x00":
            raise _refused(f"GET CHALLENGE for {what}", answer)
        return answer[:-2]

    def _send(self, command: bytes, what: str) -> None:
        answer = self.reader.transmit(command)
        if answer[-2:] != b"\x90\x00" and answer[-2] != 0x61:
            raise _refused(what, answer)


def _refused(what: str, answer: bytes) -> StructureError:
    word = describe(int.from_bytes(answer[-2:]))
    return StructureError(f"{what}: the chip answered {answer[-2:].hex().upper()} ({word.meaning.en})")
