"""The office behind a socket, in the process of a test and inside its database transaction."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from unittest.mock import patch
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections

from office.conftest import NOW
from shebaoka.office.base import clock


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing."""


_CHANNEL = "/desk/cards/reader/"


class _OneAtATime:
    """Requests share the test's connection, so each waits for the one before; the clock stands for all. Those
    that bring what a card answers ask nothing of the database, and the deed that awaits them has the turn."""

    def __init__(self) -> None:
        self.answer, self.shared, self.lock = WSGIHandler(), connections["default"], threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"].startswith(_CHANNEL):
            return list(self.answer(environ, start_response))
        with self.lock, clock.at(NOW):
            connections["default"] = self.shared
            response = self.answer(environ, start_response)
            try:
                return list(response)
            finally:
                response.close()


@contextmanager
def served() -> Iterator[str]:
    """The address of the office while the block runs."""
    connection.inc_thread_sharing()
    server = _Server(("localhost", 0), _Quiet)
    server.set_app(_OneAtATime())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        # a request would end the connection, and with it the test's transaction
        with patch.object(connections["default"], "close_if_unusable_or_obsolete"):
            yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        connection.dec_thread_sharing()
