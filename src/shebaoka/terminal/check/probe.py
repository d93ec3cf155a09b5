"""Asking a card without changing it: only commands that read, select, or fail before they count."""

from dataclasses import dataclass

from shebaoka.codec.apdu import Command, Response
from shebaoka.reader.base import Reader
from shebaoka.spec import sw
from shebaoka.terminal.session import transmit

_HARMLESS = frozenset({0xA4, 0xB0, 0xB2, 0xC0, 0x84, 0x88, 0x26, 0x2E})
_VERIFY, _EXTERNAL, _STARTING_DAY = 0x20, 0x82, 0x56


@dataclass
class CountingReader:
    """A reader that counts the commands."""

    reader: Reader
    commands: int = 0

    def reset(self) -> bytes:
        """See Reader."""
        return self.reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        """See Reader."""
        self.commands += 1
        return self.reader.transmit(apdu)

    def close(self) -> None:
        """See Reader."""
        self.reader.close()


@dataclass(frozen=True)
class Probe:
    """Refuses to send a command that could change the card or spend a try."""

    reader: Reader

    def ask(self, command: Command) -> Response:
        """Send a harmless command. Raises ValueError for any other, NoCardError when there is no answer."""
        if not is_harmless(command):
            raise ValueError(f"INS {command.ins:02X} has no place in a check that changes nothing")
        return transmit(self.reader, command)

    def select_name(self, name: bytes) -> Response:
        """SELECT by name; also destroys a waiting challenge."""
        return self.ask(Command(0x00, 0xA4, 0x04, 0x00, name, 256))

    def select_file(self, fid: int) -> int:
        """SELECT an EF in the current directory; the status word."""
        word = self.ask(Command(0x00, 0xA4, 0x02, 0x00, fid.to_bytes(2))).sw
        if word in (sw.P1P2, sw.NOT_SUPPORTED):
            return self.ask(Command(0x00, 0xA4, 0x00, 0x00, fid.to_bytes(2))).sw
        return word

    def read_record(self, number: int, length: int = 256) -> Response:
        """READ RECORD by number in the current file."""
        return self.ask(Command(0x00, 0xB2, number, 0x04, le=length))

    def read_binary(self, offset: int = 0) -> Response:
        """READ BINARY in the current file."""
        return self.ask(Command(0x00, 0xB0, offset >> 8, offset & 0xFF, le=256))

    def pin_word(self) -> int:
        """The answer to a VERIFY without a PIN, which counts nothing."""
        return self.ask(Command(0x00, 0x20, 0x00, 0x00, le=256)).sw

    def key_word(self, identifier: int, version: int | None = None) -> int:
        """The answer to an EXTERNAL AUTHENTICATION for which no challenge was asked: 6984 when the key is
        there, 6A88 when it is not. Nothing counts, because there is nothing to compare with. The caller
        selects a directory first, which destroys any challenge."""
        suffix = b"" if version is None else bytes((version,))
        return self.ask(Command(0x00, 0x82, 0x00, identifier, bytes(16) + suffix)).sw


def is_harmless(command: Command) -> bool:
    """Whether a command can neither change a card nor spend a try: reading and selecting ones, VERIFY without
    a PIN, EXTERNAL AUTHENTICATION with the all-zero data of :meth:`Probe.key_word`."""
    if command.ins == _VERIFY:
        return not command.data
    if command.ins == _EXTERNAL:
        return not any(command.data[:16])
    if command.ins == _STARTING_DAY:
        return command.p1 == 0x01
    return command.ins in _HARMLESS
