"""An office of its own in a temporary folder, for the measurements of pages: served, filled, stopped."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

_WAIT_SECONDS = 180


@dataclass(frozen=True)
class Office:
    """``port`` on 127.0.0.1; ``environment`` of its programs."""

    port: int
    environment: dict[str, str]

    def fill(self, script: str) -> list[str]:
        """Runs ``script fill`` with the office's settings; the words it prints."""
        words = [sys.executable, script, "fill"]
        done = subprocess.run(words, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout.split()


@contextmanager
def served() -> Iterator[Office]:
    """The office as it is started by hand, once it answers."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "SHEBAOKA_FOLDER": folder,
            "DJANGO_SETTINGS_MODULE": "shebaoka.office.settings",
        }
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [str(Path(sys.executable).parent / "shebaoka"), "office", "serve", "--port", str(port)]
        nowhere = subprocess.DEVNULL
        process = subprocess.Popen(command, env=environment, stdout=nowhere, stderr=nowhere)
        try:
            _wait(port)
            yield Office(port, environment)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait(port: int) -> None:
    until = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < until:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health/ready", headers={"Host": "127.0.0.1"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise RuntimeError("the office did not start")
