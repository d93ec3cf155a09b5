"""A private pcscd with two virtual slots, beside the one of the system: for tests and measurements.

The run directory of pcscd is compiled in, so the daemon gets a mount namespace in which /run is its own;
clients find it by ``PCSCLITE_CSOCK_NAME``. The PC/SC library reads that name once per process.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from shebaoka.reader.base import ReaderNotFoundError

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
_READER_NAME = "Virtual PCD"

_SCRIPT = """
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t tmpfs tmpfs /run && mkdir /run/pcscd && mount --bind "$1" /run/pcscd &&
exec "$2" --foreground --config "$3"
"""


def missing() -> str | None:
    """What this machine lacks for a private pcscd, as one line; None when nothing."""
    absent = [program for program in ("pcscd", "unshare") if _program(program) is None]
    if absent:
        return f"not installed: {', '.join(absent)} (make test-deps)"
    if not DRIVER.exists():
        return f"the vpcd driver {DRIVER} is not installed (make test-deps)"
    probe = subprocess.run(
        [*_unshare(), "/bin/mount", "-t", "tmpfs", "tmpfs", "/run"], capture_output=True, check=False
    )
    if probe.returncode:
        return "no right to a private mount namespace (run as root, or allow user namespaces)"
    return None


@dataclass(frozen=True)
class Endpoints:
    """Where a private daemon is reached: its socket for clients, and the two TCP ports of its slots."""

    socket_path: Path
    ports: tuple[int, int]


class PrivatePcscd:
    """A pcscd of our own with the readers ``Virtual PCD 00 00`` and ``Virtual PCD 00 01``; a context manager.

    Raises ReaderNotFoundError when something is missing or the daemon is not up after ``timeout`` seconds.
    """

    def __init__(self, timeout: float = 10.0) -> None:
        problem = missing()
        if problem:
            raise ReaderNotFoundError(f"no private PC/SC stack: {problem}")
        self._directory = Path(tempfile.mkdtemp(prefix="shebaoka-pcsc-"))
        run = self._directory / "run"
        run.mkdir()
        self.endpoints = Endpoints(run / "pcscd.comm", _free_ports())
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    @property
    def environment(self) -> dict[str, str]:
        """The variable that leads PC/SC clients (opensc-tool, scriptor, pyscard) to this daemon."""
        return {"PCSCLITE_CSOCK_NAME": str(self.endpoints.socket_path)}

    @property
    def log(self) -> str:
        """What the daemon has said."""
        path = self._directory / "pcscd.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> None:
        """Start the daemon (again) on the same ports and wait until it accepts clients and chips."""
        config = self._directory / "reader.conf.d"
        config.mkdir(exist_ok=True)
        (config / "vpcd").write_text(
            f'FRIENDLYNAME "{_READER_NAME}"\nDEVICENAME /dev/null:0x{self.endpoints.ports[0]:X}\n'
            f"LIBPATH {DRIVER}\nCHANNELID 0x{self.endpoints.ports[0]:X}\n"
        )
        program = _program("pcscd")
        assert program is not None  # noqa: S101 - checked by missing()
        command = [
            *_unshare(),
            "/bin/sh",
            "-c",
            _SCRIPT,
            "sh",
            str(self._directory / "run"),
            program,
            str(config),
        ]
        with (self._directory / "pcscd.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
            )
        deadline = time.monotonic() + self._timeout
        while not self._is_up():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise ReaderNotFoundError(
                    f"the private pcscd did not start: {self.log.strip()[-300:] or 'no output'}"
                )
            time.sleep(0.02)

    def stop(self) -> None:
        """End the daemon; :meth:`start` brings it back."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        self.endpoints.socket_path.unlink(missing_ok=True)

    def close(self) -> None:
        """End the daemon and remove its files."""
        self.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _is_up(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.endpoints.socket_path))
            return True
        return False


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin")


def _unshare() -> list[str]:
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return [_program("unshare") or "unshare", *as_root, "--mount"]


def _free_ports() -> tuple[int, int]:
    """Two neighboring TCP ports that are free now (the driver gives slot 1 the next port)."""
    for _ in range(100):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port, port + 1
    raise ReaderNotFoundError("no two neighboring TCP ports are free")
