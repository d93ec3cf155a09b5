"""``shebaoka office serve``: up, killed in parts, told to stop; and the commands around it."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from office.robust.conftest import Office


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        number: int = listener.getsockname()[1]
        return number


def status(port: int, path: str) -> int:
    """The status of an answer, 0 when nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def comes_true(check: Callable[[], bool], seconds: float = 90) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.1)
    return False


def children(number: int) -> list[int]:
    """The processes that a process started."""
    found = Path(f"/proc/{number}/task/{number}/children")
    return [int(child) for child in found.read_text().split()]


def alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(os.environ.get("SHEBAOKA_LONG") != "1", reason="only with SHEBAOKA_LONG=1")
def test_served_killed_in_parts_and_stopped(office: Office) -> None:
    port = free_port()
    with office.start("office", "serve", "--port", str(port)) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            assert line == f"The office is at http://127.0.0.1:{port} - Ctrl-C stops it.\n"
            assert status(port, "/health/ready") == 200

            second = office.run("office", "serve", "--port", str(port))
            assert second.returncode == 2
            assert second.stderr.startswith(f"shebaoka: port {port} of 127.0.0.1 is in use")

            killed = office.postmaster()
            office.kill_database()
            assert comes_true(lambda: office.postmaster() not in (0, killed))
            assert comes_true(lambda: status(port, "/health/ready") == 200)
            assert comes_true(lambda: office.ask("SELECT 1 FROM procrastinate_workers") != [])

            server.send_signal(signal.SIGINT)
            assert server.wait(60) == 0
        finally:
            server.kill()
        assert server.stderr is not None
        for logged in server.stderr.read().splitlines():
            json.loads(logged)
    assert status(port, "/health/live") == 0


@pytest.mark.skipif(os.environ.get("SHEBAOKA_LONG") != "1", reason="only with SHEBAOKA_LONG=1")
def test_a_killed_server_takes_its_children_with_it_and_another_can_start(office: Office) -> None:
    port = free_port()
    with office.start("office", "serve", "--port", str(port)) as server:
        assert server.stdout is not None
        server.stdout.readline()
        started = children(server.pid)
        assert len(started) >= 2
        server.kill()
        server.wait()
        assert comes_true(lambda: not any(alive(number) for number in started))
    assert status(port, "/health/live") == 0


@pytest.mark.skipif(os.environ.get("SHEBAOKA_LONG") != "1", reason="only with SHEBAOKA_LONG=1")
def test_check_and_migrate_say_what_is(office: Office) -> None:
    done = office.run("office", "check", "--json")
    assert done.returncode == 0, done.stdout
    states = {check["name"]: check["ok"] for check in json.loads(done.stdout)["checks"]}
    assert states == dict.fromkeys(
        ("vaults", "settings", "files", "database", "schema", "clock", "records", "disk"), True
    )
    assert office.run("office", "migrate", "--plan").stdout == "0 migrations to do.\n"


def test_a_setting_that_makes_no_sense_is_one_line(office: Office) -> None:
    environment = office.environment | {"SHEBAOKA_MODE": "production", "SHEBAOKA_HTTPS": "no"}
    done = subprocess.run(
        office.command("office", "serve"), env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, "shebaoka: SHEBAOKA_HTTPS must be yes in production\n")
    assert os.environ.get("SHEBAOKA_MODE") != "production"
