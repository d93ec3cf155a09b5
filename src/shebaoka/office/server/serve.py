"""``shebaoka office serve``: everything the office needs, until it is told to stop."""

import multiprocessing
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from types import FrameType

from shebaoka.office.configuration import Configuration
from shebaoka.office.database import FOLDER
from shebaoka.office.operations import logs, metrics
from shebaoka.office.server.jobs_process import JobsProcess
from shebaoka.office.server.keeper import DatabaseKeeper
from shebaoka.office.server.orphans import PARENT
from shebaoka.office.server.ports import claim
from shebaoka.office.server.prepare import collect_static, migrate, running_database, setup

_THREADS = 24
"""In each process. Sign-ins hold at most 16 of them (``access.hashing``), the others stay free."""
_STOP_SECONDS = 15
_READY_SECONDS = 60


def address(host: str, port: int) -> str:
    """The URL of the office."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def serve(
    configuration: Configuration,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    jobs: bool = True,
    ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serves until Ctrl-C or SIGTERM; requests that have begun get 15 seconds to end. ``ready`` is called
    with the URL once the office answers. Raises PortBusy before anything else is done, ConfigurationError
    when the database does not start or a migration fails."""
    claim(host, port)
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        with ExitStack() as stack:
            stack.enter_context(running_database(configuration))
            setup()
            migrate(configuration)
            collect_static()
            metrics.begin(configuration.path)
            os.environ[PARENT] = str(os.getpid())
            if not configuration.database_url:
                stack.callback(DatabaseKeeper(configuration.path / FOLDER).stop)
            if jobs:
                worker = JobsProcess()
                stack.callback(worker.stop)
            _tell_when_ready(address(host, port), ready)
            _web_server(configuration, host, port)
    except KeyboardInterrupt:
        pass
    finally:
        os.environ.pop(PARENT, None)
        signal.signal(signal.SIGTERM, before)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _web_server(configuration: Configuration, host: str, port: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    multiprocessing.set_start_method("spawn", force=True)  # a fork would share connections and locks
    Server(
        "shebaoka.office.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=int(configuration.workers),
        blocking_threads=_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_SECONDS,
        log_access=False,
        log_level=LogLevels(configuration.log_level.lower()),
        log_dictconfig=logs.configuration(configuration.log_level, configuration.log_format),
        websockets=False,
    ).serve()


def _tell_when_ready(url: str, ready: Callable[[str], None]) -> None:
    def wait() -> None:
        until = time.monotonic() + _READY_SECONDS
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{url}/health/live", timeout=2):  # noqa: S310 - http, ours
                    break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.2)
        else:
            return
        ready(url)

    threading.Thread(target=wait, name="ready", daemon=True).start()
