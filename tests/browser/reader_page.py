"""A page that uses the reader service, on a server of its own; an office behind it answers for the HSM."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from shebaoka.driver import STATIC_FILES
from shebaoka.driver.answers import CardOnDesk, KeyAnswers
from shebaoka.terminal.vault_keys import VaultKeys
from terminal.support import vault

HTML = b"""<!doctype html><html lang="en"><title>Reader</title><script src="/shebaoka-reader.js"></script>"""
CLIENT = STATIC_FILES / "shebaoka-reader.js"
EXAMPLE = Path(__file__).parents[2] / "examples" / "driver"


@contextmanager
def pages(service_port: int) -> Iterator[int]:
    """The port of a server whose page may speak to the reader service and to nothing else."""
    policy = f"default-src 'none'; script-src 'self'; connect-src 'self' ws://127.0.0.1:{service_port}"
    answers = KeyAnswers(VaultKeys(vault()))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind = "text/javascript" if self.path.endswith(".js") else "text/html"
            if self.path == "/shebaoka-reader.js":
                self._send(kind, CLIENT.read_bytes())
            elif self.path in ("/page.html", "/page.js"):
                self._send(kind, (EXAMPLE / self.path[1:]).read_bytes())
            else:
                self._send(kind, HTML)

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            card = CardOnDesk(**asked["card"]) if asked["card"] else None
            key = answers.answer(asked["step"], asked["out"], card)
            self._send("application/json", json.dumps({"key": key}).encode())

        def _send(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its base calls it so
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
