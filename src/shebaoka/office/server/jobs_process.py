"""The worker of background jobs as a child of the server: started again when it dies."""

import subprocess
import sys
import threading
import time

_LONGEST_PAUSE = 30.0
_STEADY = 60.0
_STOP_SECONDS = 20.0


class JobsProcess:
    """A worker process that lives as long as this object. It stops when its standard input is closed, which
    happens too when this process is killed."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._child = self._spawn()
        self._watcher = threading.Thread(target=self._watch, name="jobs", daemon=True)
        self._watcher.start()

    @property
    def number(self) -> int:
        """Its process number."""
        return self._child.pid

    def stop(self) -> None:
        """Lets the running jobs end, 20 seconds at most."""
        self._stopping.set()
        child = self._child
        if child.stdin is not None:
            child.stdin.close()
        try:
            child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        self._watcher.join()

    def _spawn(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "shebaoka.office.server.worker"],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is the parent's to hear
        )

    def _watch(self) -> None:
        pause = 1.0
        while not self._stopping.is_set():
            began = time.monotonic()
            self._child.wait()
            if time.monotonic() - began > _STEADY:
                pause = 1.0
            if self._stopping.wait(pause):
                return
            pause = min(pause * 2, _LONGEST_PAUSE)
            self._child = self._spawn()
