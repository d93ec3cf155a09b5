"""The PSAM behind a reader: environments, delivery of session keys, cipher service, purchase (Part 9 §9)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shebaoka.codec.apdu import Command, Response
from shebaoka.codec.fci import FciError, parse_fci
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.reader.exchange import exchange
from shebaoka.spec import sw
from shebaoka.spec.algorithm import Algorithm
from shebaoka.terminal.errors import KeySourceError

ENVIRONMENTS = (
    bytes.fromhex("7378312E73682EC9E7BBE1B1A3D5CF"),  # sx1.sh.社会保障
    bytes.fromhex("7378322E73682EC9E7BBE1B1A3D5CF"),  # sx2.sh.社会保障
)
APPLICATION = bytes.fromhex("D15600000590")
_ENCRYPT, _MAC = 0x00, 0x05
_LARGEST = {8: 0x40, 16: 0x80}  # most data of one CIPHER DATA, by block size


@dataclass
class PsamLink:
    """A PSAM in a slot; ``selected`` is the environment and application now current, ``epoch`` counts how
    often it was powered: after the first time it may be another one."""

    reader: Reader
    powered: bool = False
    epoch: int = 0
    selected: tuple[bytes, int | None, bytes] | None = None
    blocks: dict[bytes, int] = field(default_factory=dict)

    def send(self, command: Command) -> Response:
        """One command, the PSAM powered first when needed. Raises KeySourceError when it does not answer."""
        try:
            if not self.powered:
                self.reader.reset()
                self.powered = True
                self.epoch += 1
            response = exchange(self.reader, command)
        except ReaderError as error:
            raise self._silent(str(error)) from error
        if response.sw < 0x6000:
            raise self._silent("incomplete answer")
        return response

    def _silent(self, reason: str) -> KeySourceError:
        self.powered = False
        self.selected = None
        self.blocks.clear()
        return KeySourceError("psam-silent", reason=reason)

    def select(self, name: bytes) -> Response:
        """SELECT by name."""
        return self.send(Command(0x00, 0xA4, 0x04, 0x00, name, 256))


def environment_for(link: PsamLink, algorithm: Algorithm) -> bytes | None:
    """The environment whose cipher has the card's block size; None when the PSAM has none.

    The FCI may name the algorithm; otherwise a 16-byte GET CHALLENGE tells the block size: an 8-byte
    environment answers 6700 (Part 9 §9.2.3).
    """
    for name in ENVIRONMENTS:
        if name not in link.blocks:
            link.blocks[name] = _block_size(link, name)
        if link.blocks[name] == algorithm.block_size:
            return name
    return None


def open_application(
    link: PsamLink, environment: bytes, province: int | None, application: bytes = APPLICATION
) -> None:
    """Select environment and application; ``province`` is the first byte of the card's identification code
    for INITIALIZE ENVIRONMENT, which a PSAM without province sets may refuse (Part 9 §9.3).
    Raises KeySourceError when the PSAM has no social security application."""
    if link.selected == (environment, province, application):
        return
    if link.select(environment).sw != sw.OK:
        raise KeySourceError("psam-without-application")
    if province is not None:
        link.send(Command(0xBF, 0xEC, 0x00, 0x00, bytes((province,))))
    if link.select(application).sw != sw.OK:
        raise KeySourceError("psam-without-application")
    link.selected = (environment, province, application)


def further_versions(link: PsamLink, environment: bytes) -> tuple[int, ...]:
    """The key versions that have an application of their own beside the standard one: its name is that of
    the standard one and the version (docs/reference/key-states.md). Forgets what was selected."""
    link.selected = None
    found: list[int] = []
    if link.select(environment).sw != sw.OK or link.select(APPLICATION).sw != sw.OK:
        return ()
    while len(found) < 256:
        answer = link.send(Command(0x00, 0xA4, 0x04, 0x02, APPLICATION, 256))
        try:
            name = parse_fci(answer.data).name if answer.sw == sw.OK else b""
        except FciError:
            return ()
        if len(name) != len(APPLICATION) + 1 or not name.startswith(APPLICATION) or name[-1] in found:
            return tuple(found)
        found.append(name[-1])
    return ()


def deliver(link: PsamLink, usage: int, identifier: int, factors: tuple[bytes, ...], session: bytes) -> int:
    """DELIVERY SESSION KEY: leaves a temporary key; gives the status word (9000, 6A88, 6A80...)."""
    return link.send(Command(0xBF, 0xDE, usage, identifier, b"".join(factors) + session)).sw


def encrypt(link: PsamLink, blocks: bytes) -> Response:
    """CIPHER DATA 00 over whole blocks under the temporary key."""
    return link.send(Command(0x80, 0xFA, _ENCRYPT, 0x00, blocks, 256))


def mac(link: PsamLink, padded: bytes, block: int) -> Response:
    """CIPHER DATA 05, or 07 and 03 and 01 when long, with a zero IV; ``padded`` are whole blocks."""
    most = _LARGEST[block] - block
    message = bytes(block) + padded
    if len(message) <= _LARGEST[block]:
        return link.send(Command(0x80, 0xFA, _MAC, 0x00, message, 4))
    parts = [message[: most + block]]
    rest = message[most + block :]
    parts += [rest[start : start + most] for start in range(0, len(rest), most)]
    answer = link.send(Command(0x80, 0xFA, 0x07, 0x00, parts[0]))
    for part in parts[1:-1]:
        if answer.sw != sw.OK:
            return answer
        answer = link.send(Command(0x80, 0xFA, 0x03, 0x00, part))
    if answer.sw != sw.OK:
        return answer
    return link.send(Command(0x80, 0xFA, 0x01, 0x00, parts[-1], 4))


def read_binary(link: PsamLink, sfi: int, length: int) -> bytes | None:
    """A small transparent file by SFI; None when it is not there or not readable."""
    answer = link.send(Command(0x00, 0xB0, 0x80 | sfi, 0x00, le=length))
    return answer.data if answer.sw == sw.OK and len(answer.data) == length else None


def in_environment(link: PsamLink, name: bytes, read: Callable[[], bytes | None]) -> bytes | None:
    """``read`` with the environment (not its application) selected; forgets what was selected."""
    link.selected = None
    return read() if link.select(name).sw == sw.OK else None


def _block_size(link: PsamLink, name: bytes) -> int:
    link.selected = None
    answer = link.select(name)
    if answer.sw != sw.OK:
        return 0
    try:
        code = parse_fci(answer.data).algorithm_code
        if code is not None:
            return Algorithm.from_fci(code).block_size
    except (FciError, ValueError):
        pass
    long_challenge = link.send(Command(0x00, 0x84, 0x00, 0x00, le=16))
    return 16 if long_challenge.sw == sw.OK and len(long_challenge.data) == 16 else 8
