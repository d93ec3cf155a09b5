"""How the demonstration with its office starts and ends: ports, Ctrl-C, one over another."""

import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from demo.office.running import PEOPLE, Demonstration, comes_true, stop
from demo.office.visitor import Visitor
from shebaoka.demo.office import accounts, run
from shebaoka.demo.office.deployment import release
from shebaoka.office.server.ports import PortBusy

LONG = pytest.mark.skipif(os.environ.get("SHEBAOKA_LONG") != "1", reason="only with SHEBAOKA_LONG=1")


def test_without_a_port_the_next_free_one_is_taken_and_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen(1)
        taken = busy.getsockname()[1]
        monkeypatch.setattr(run, "PORT", taken)
        found = run._port(None, Console(width=200))
        assert found != taken
        assert f"Port {taken} is in use: the office will be at http://127.0.0.1:{found}" in (
            capsys.readouterr().out
        )
        with pytest.raises(PortBusy):
            run._port(taken, Console())


def test_in_production_it_is_refused(place: Path) -> None:
    one = Demonstration(place / "production", place / "production.said")
    done = one.run("code", "DEMO-N10", "-o", str(one.folder), SHEBAOKA_MODE="production")
    assert (done.returncode, done.stdout) == (2, "")
    assert "refused in production" in done.stderr
    assert not one.folder.exists()


def test_no_sign_ins_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(accounts.AccountError, match="no sign-ins there; `shebaoka demo` makes them"):
        accounts.read(tmp_path)


def test_ctrl_c_while_it_is_filled_leaves_no_process(place: Path) -> None:
    """At the moment its database starts; ``-k long`` tries the other moments."""
    _interrupted(place, "early", lambda one: (one.office / "postgres" / "postmaster.pid").exists())


@LONG
@pytest.mark.parametrize("said", ["1. Hold", "5. Make", "The office", "Put rules", "Send carriers"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ended_in_every_phase_it_leaves_no_process(place: Path, said: str, number: int) -> None:
    name = f"at-{said.split()[-1]}-{number}"
    _interrupted(place, name, lambda one: said in one.text(), number)


@LONG
def test_it_serves_after_the_main_job_and_again_over_an_earlier_one(place: Path) -> None:
    one = Demonstration(place / "served", place / "served.said")
    for again in (False, True):
        one.said.unlink(missing_ok=True)
        process = one.start("-o", str(one.folder), "--people", PEOPLE)
        try:
            assert Visitor(one.url()).get("/health/ready").status == 200
            said = " ".join(one.text().split())  # lines fold at the width of the terminal
            assert ("what an earlier demonstration left is removed" in said) == again
            assert stop(process) == 0
        finally:
            process.kill()
        assert one.postgres() == []


def _interrupted(
    place: Path, name: str, check: Callable[[Demonstration], bool], number: int = signal.SIGINT
) -> None:
    one = Demonstration(place / name, place / f"{name}.said")
    process = one.start("-o", str(one.folder), "--people", PEOPLE, "--no-serve")
    try:
        assert comes_true(lambda: check(one)), one.text()
        began = time.monotonic()
        assert stop(process, number) == 130
        assert time.monotonic() - began < 30
    finally:
        if process.poll() is None:  # it did not get as far
            process.kill()
            process.wait()
            release(one.folder)
    assert comes_true(lambda: one.postgres() == [], 10)
    assert "Traceback" not in one.text()


def test_a_busy_port_that_was_asked_for_is_one_line_and_nothing_is_done(place: Path) -> None:
    one = Demonstration(place / "busy", place / "busy.said")
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen(1)
        port = busy.getsockname()[1]
        done = one.run("-o", str(one.folder), "--port", str(port))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"shebaoka: port {port} of 127.0.0.1 is in use")
    assert "--port" in done.stderr
    assert not one.folder.exists()
