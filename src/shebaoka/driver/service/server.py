"""The service itself: sockets on the loopback interface, a thread for each page."""

import contextlib
import logging
import socket
import threading
from http import HTTPStatus
from types import TracebackType
from typing import Self

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from shebaoka.driver.service.conversation import Conversation, Shared, log
from shebaoka.driver.service.gate import PROGRAM
from shebaoka.driver.service.pairing import PairingError

MOST_BYTES = 0x10000  # of a message
_MOST_PAGES = 16
_HELLO_SECONDS = 10.0
_BYE_SECONDS = 2.0
_AGAIN_SECONDS = 0.2
_ALONE: int = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
"""On Windows no other program may share the port; elsewhere the port of an ended service is free at once."""
_ADDRESSES = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


class PortBusyError(OSError):
    """The port is taken: one line with what to do."""


class ReaderService:
    """Serves pages until :meth:`stop`; a context manager. ``port`` 0 takes a free one.

    It listens on 127.0.0.1 and ::1 and nowhere else. Raises PortBusyError.
    """

    def __init__(self, shared: Shared, port: int) -> None:
        self._shared = shared
        self._open: set[ServerConnection] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._quiet = logging.getLogger("shebaoka.driver.wire")
        self._quiet.setLevel(logging.CRITICAL)  # the library's own log would show messages, with PINs
        sockets = _listen(port)
        self.port: int = sockets[0].getsockname()[1]
        self._servers = [self._server(one) for one in sockets]
        self._threads = [
            threading.Thread(target=self._accept, args=(server,), daemon=True) for server in self._servers
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Close all conversations, power the card off, end the threads."""
        self._stopped.set()
        for server in self._servers:
            server.shutdown()
        with self._lock:
            pages = list(self._open)
        for page in pages:
            with contextlib.suppress(OSError):
                page.close(1001)
        for thread in self._threads:
            thread.join(5)

    def wait(self) -> None:
        """Serve until :meth:`stop` is called from elsewhere, or Ctrl-C interrupts."""
        for thread in self._threads:
            while thread.is_alive():
                thread.join(0.5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _server(self, listening: socket.socket) -> Server:
        return serve(
            self._converse,
            sock=listening,
            process_request=self._admit,
            compression=None,
            max_size=MOST_BYTES,
            open_timeout=_HELLO_SECONDS,
            close_timeout=_BYE_SECONDS,
            server_header=None,
            logger=self._quiet,
        )

    def _accept(self, server: Server) -> None:
        """Until stopped: a connection that breaks while it is accepted must not end the service."""
        while not self._stopped.is_set():
            with contextlib.suppress(OSError):
                server.serve_forever()
            self._stopped.wait(_AGAIN_SECONDS)

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        headers = request.headers
        reason = self._shared.gate.refusal(
            connection.remote_address[0],
            self.port,
            list(headers.get_all("Host")),
            list(headers.get_all("Origin")),
        )
        if reason is not None:
            log.warning("connection refused: %s", reason)
            return connection.respond(HTTPStatus.FORBIDDEN, f"{reason}\n")
        with self._lock:
            if len(self._open) >= _MOST_PAGES:
                log.warning("connection refused: %d pages are connected", _MOST_PAGES)
                return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "too many pages\n")
        return None

    def _converse(self, connection: ServerConnection) -> None:
        request = connection.request
        origin = request.headers.get("Origin", PROGRAM) if request else PROGRAM
        with self._lock:
            self._open.add(connection)
            crowded = len(self._open) > _MOST_PAGES
        log.info("connected origin=%s", origin)
        try:
            if crowded:  # some came in at the same moment
                connection.close(1013)
                return
            Conversation(self._shared, _Line(connection), origin).run()
        except ConnectionClosed:
            pass
        except PairingError as error:
            log.error("%s", error)
            connection.close(1011)
        except Exception as error:
            # neither its text nor a traceback: they may hold what was read
            log.error("conversation ended by %s origin=%s", type(error).__name__, origin)
            connection.close(1011)
        finally:
            with self._lock:
                self._open.discard(connection)
            log.info("gone origin=%s", origin)


class _Line:
    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection

    def send(self, text: str) -> None:
        try:
            self._connection.send(text)
        except ConnectionClosed:
            raise EOFError from None

    def receive(self, seconds: float) -> str:
        try:
            message = self._connection.recv(timeout=seconds)
        except ConnectionClosed:
            raise EOFError from None
        return message if isinstance(message, str) else ""  # JSON comes as text; bytes are no JSON object


def _listen(port: int) -> list[socket.socket]:
    found: list[socket.socket] = []
    for family, address in _ADDRESSES:
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, _ALONE, 1)
            listening.bind((address, found[0].getsockname()[1] if found else port))
            listening.listen()
        except OSError as error:
            listening.close()
            if found and family is socket.AF_INET6:  # no IPv6 here
                log.info("not listening on %s: %s", address, error.strerror)
                continue
            raise PortBusyError(
                f"port {port} on this computer is taken ({error.strerror}): is the reader service running "
                "already? Choose another with --port"
            ) from error
        found.append(listening)
    return found
