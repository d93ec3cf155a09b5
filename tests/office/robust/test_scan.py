"""A run is scanned: nothing secret in logs, database, audit rows or pages, and nobody named in a log."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from office.robust.conftest import PASSPHRASE, Office
from shebaoka.office.postgres import binaries, socket_folder


@pytest.fixture(scope="module")
def run(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, "subprocess.CompletedProcess[bytes]"]:
    told = tmp_path_factory.mktemp("scan") / "told.json"
    done = subprocess.run(
        [sys.executable, "-m", "office.robust.signing", told],
        env=office.environment | {"SHEBAOKA_LOG_FORMAT": "json"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return told, done


def told(run: tuple[Path, object], what: str) -> list[str]:
    found: list[str] = json.loads(run[0].read_text("utf-8"))[what]
    assert all(len(each) >= 6 for each in found if what == "secrets")
    return found


def test_the_person_signed_in_and_an_error_happened(
    run: tuple[Path, "subprocess.CompletedProcess[bytes]"],
) -> None:
    lines = [json.loads(line) for line in run[1].stderr.decode().splitlines()]
    answers = [line["status"] for line in lines if line["event"] == "request"]
    assert answers == [200, 403, 302, 302, 200, 200, 404, 500]
    assert any(line.get("error") == "ValueError" and "where" in line for line in lines)


def test_the_log_names_nobody_and_tells_no_secret(
    run: tuple[Path, "subprocess.CompletedProcess[bytes]"],
) -> None:
    log = run[1].stderr.decode()
    for text in told(run, "secrets") + told(run, "names"):
        assert text not in log


def test_pages_show_no_secret_but_once(run: tuple[Path, "subprocess.CompletedProcess[bytes]"]) -> None:
    shown = run[1].stdout.decode()
    for secret in told(run, "secrets"):
        assert secret not in shown


def test_the_database_its_log_and_the_audit_rows_hold_no_secret(
    run: tuple[Path, "subprocess.CompletedProcess[bytes]"], office: Office
) -> None:
    folder = office.folder / "postgres"
    words = ["--inserts", "-h", str(socket_folder(folder)), "-U", "postgres", "shebaoka"]
    words += ["--exclude-table-data=django_session"]  # the key of a session is how it is found
    dump = subprocess.run([binaries() / "pg_dump", *words], capture_output=True, check=True).stdout.decode()
    assert "980100-auditor-2" in dump
    logs = [path.read_text("utf-8", "replace") for path in (folder / "server-log").iterdir()]
    key = (office.folder / "secret-key").read_text("ascii")
    for secret in [*told(run, "secrets"), key, PASSPHRASE]:
        assert secret not in dump
        assert not any(secret in log for log in logs)
    for name in told(run, "names"):
        assert not any(name in log for log in logs)
