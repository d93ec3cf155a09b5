"""Chips in the slots of a virtual reader: any PC/SC program sees them (driver vpcd of vsmartcard).

The driver listens and the chips connect to it, one TCP port per slot. Frames are a two-byte length and a
body; a body of one byte is a control (off, on, reset, get ATR), anything else is a command APDU.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from enum import IntEnum
from types import TracebackType
from typing import Self

from shebaoka.codec.reset import ResetError, parse_ats
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.reader.in_process import SimulatedChip, as_reader

DEFAULT_PORT = 35963  # slot 0 of Debian's driver; slot 1 is the next port

_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)  # Linux only
_RETRY_SECONDS = 0.1
_ABSENT_SECONDS = 0.5  # pcscd polls every 0.4 s: a card changed faster than that leaves it confused
_NO_ANSWER = b"\x6f\x00"

StateSink = Callable[[int, bool], None]


def serve(
    slots: Mapping[int, SimulatedChip | Reader],
    host: str = "127.0.0.1",
    on_state: StateSink | None = None,
) -> "VpcdServer":
    """Put chips into the slots of the driver at ``host``: TCP port -> chip (or a reader of one, so that a
    trace can be laid between). Returns at once; the server works in the background until ``stop``.

    While the driver is away (pcscd not started, restarted) it keeps trying. ``on_state(port, connected)``
    is told of every change, from the thread of the slot.
    """
    return VpcdServer(slots, host, on_state)


class VpcdServer:
    """Chips connected to a vpcd driver; a context manager that takes them out at the end."""

    def __init__(
        self, slots: Mapping[int, SimulatedChip | Reader], host: str, on_state: StateSink | None
    ) -> None:
        self._slots = [_Slot(host, port, as_reader(chip), on_state) for port, chip in slots.items()]
        for slot in self._slots:
            slot.start()

    def wait_inserted(self, timeout: float = 10.0) -> bool:
        """Wait until every chip is connected to the driver; False after ``timeout`` seconds."""
        return all(slot.connected.wait(timeout) for slot in self._slots)

    def wait(self) -> None:
        """Serve until :meth:`stop` is called from elsewhere (or Ctrl-C interrupts)."""
        for slot in self._slots:
            while slot.is_alive():
                slot.join(0.5)

    def stop(self) -> None:
        """Take the chips out of the reader and end the threads."""
        for slot in self._slots:
            slot.stop()
        for slot in self._slots:
            slot.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Slot(threading.Thread):
    """One chip and its connection to the driver, renewed whenever it breaks."""

    def __init__(self, host: str, port: int, reader: Reader, on_state: StateSink | None) -> None:
        super().__init__(name=f"vpcd slot {port}", daemon=True)
        self._address = (host, port)
        self._reader = reader
        self._on_state = on_state
        self._stopping = threading.Event()
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._told: bool | None = None
        self.connected = threading.Event()

    def run(self) -> None:
        self._stopping.wait(_ABSENT_SECONDS)
        while not self._stopping.is_set():
            try:
                connection = socket.create_connection(self._address, timeout=5)
            except OSError:
                self._tell(connected=False)
                self._stopping.wait(_RETRY_SECONDS)
                continue
            with connection, contextlib.suppress(OSError):
                self._serve(connection)
            self._disconnected()
            self._stopping.wait(_ABSENT_SECONDS)

    def stop(self) -> None:
        self._stopping.set()
        with self._lock:
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            if self._stopping.is_set():
                return
            self._socket = connection
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tell(connected=True)
        session = _Session(self._reader)
        buffer = bytearray()
        while True:
            while len(buffer) < 2 or len(buffer) < 2 + int.from_bytes(buffer[:2]):
                if (
                    _QUICK_ACK is not None
                ):  # not sticky; without it every command waits 40 ms for an acknowledgement
                    connection.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
                received = connection.recv(65537)
                if not received:
                    return
                buffer += received
            end = 2 + int.from_bytes(buffer[:2])
            body = bytes(buffer[2:end])
            del buffer[:end]
            answer = session.handle(body)
            if answer is not None:
                connection.sendall(len(answer).to_bytes(2) + answer)

    def _disconnected(self) -> None:
        with self._lock:
            self._socket = None
        with contextlib.suppress(ReaderError):
            self._reader.close()
        self._tell(connected=False)

    def _tell(self, *, connected: bool) -> None:
        if connected:
            self.connected.set()
        else:
            self.connected.clear()
        told, self._told = self._told, connected
        if self._on_state is not None and told is not connected:
            self._on_state(self._address[1], connected)


class _Control(IntEnum):
    """Controls of the protocol; only ATR has an answer."""

    OFF = 0
    ON = 1
    RESET = 2
    ATR = 4


class _Session:
    """What the driver asks of one chip. It asks for the ATR twice a second to see whether the card is still
    there, so that answer is kept and wakes no chip."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._atr: bytes | None = None

    def handle(self, body: bytes) -> bytes | None:
        """The answer to one frame; None for controls that have none."""
        if len(body) != 1:
            try:
                return self._reader.transmit(body)
            except ReaderError:
                return _NO_ANSWER
        match body[0]:
            case _Control.OFF:
                self._reader.close()
            case _Control.ON | _Control.RESET:
                self._atr = atr_for_pcsc(self._reader.reset())
            case _Control.ATR:
                if self._atr is None:
                    self._atr = atr_for_pcsc(self._reader.reset())
                    self._reader.close()
                return self._atr
        return None


def atr_for_pcsc(answer: bytes) -> bytes:
    """An ATR as it is; for an ATS the ATR that PC/SC readers make of it: ``3B 8n 80 01``, its n historical
    bytes and the check byte (PC/SC Part 3 §3.1.3.2.3.1)."""
    try:
        historical = parse_ats(answer)
    except ResetError:
        return answer
    body = bytes((0x80 | len(historical), 0x80, 0x01)) + historical
    check = 0
    for byte in body:
        check ^= byte
    return b"\x3b" + body + bytes((check,))
