"""No secret in database, log, audit row, export or page: looked for after a full run."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from demo.office.running import Served, clean
from demo.office.visitor import Visitor
from scan.office import OfficeSecrets, dumped, files_of
from shebaoka.demo.office import accounts

pytestmark = pytest.mark.skipif(os.environ.get("SHEBAOKA_LONG") != "1", reason="only with SHEBAOKA_LONG=1")

ONCE = {"/desk/sign-out", "/desk/sign-in", "/desk/activate"}
_NUMBER = re.compile(r"\d{4,}|[0-9a-f]{8}-[0-9a-f-]{27}")
_ALIKE = 2
"""Pages of one kind that are looked at."""


def walked(served: Served, number: str, code: str, papers: set[str]) -> Visitor:
    """Somebody signs in and follows every link, of pages that only differ in a number a few. ``papers``: PDFs
    that were looked at; they are the same for everybody."""
    account = accounts.find(accounts.read(served.demonstration.office), number)
    visitor = Visitor(served.url)
    assert visitor.sign_in(number, account.password, code).path == "/desk/"
    waiting, kinds = ["/desk/", "/desk/me"], dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        if path in visitor.seen or path in ONCE:
            continue
        kind = _NUMBER.sub("#", path)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > _ALIKE or kind in papers:
            continue
        if path.endswith("pdf"):
            papers.add(kind)
        page = visitor.get(path)
        assert page.status < 500, path
        waiting += sorted(page.links)
    return visitor


def command(served: Served, *words: str) -> "subprocess.CompletedProcess[str]":
    """A command of the office's operator."""
    return subprocess.run(
        [sys.executable, "-c", "from shebaoka.cli.main import main; main()", *words],
        env=clean() | {"SHEBAOKA_FOLDER": str(served.demonstration.office)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_secret_is_anywhere_it_does_not_belong(served: Served, tmp_path: Path) -> None:
    demonstration = served.demonstration
    known = OfficeSecrets(demonstration.folder)
    outputs, papers = list[tuple[str, bytes]](), set[str]()
    one_of_each = {account.roles: account.number for account in accounts.read(demonstration.office)}
    for number in one_of_each.values():
        code = demonstration.run("code", number, "-o", str(demonstration.folder)).stdout.strip()
        visitor = walked(served, number, code, papers)
        assert len(visitor.seen) > 10
        outputs += [(f"{number} {path}", content) for path, content in visitor.seen.items()]
        for cookie in visitor.cookies:
            if len(cookie.value or "") > 20:
                known.secrets.word(f"cookie {cookie.name} of {number}", str(cookie.value))

    export = tmp_path / "audit.jsonl"
    done = command(served, "audit", "export", str(export))
    assert done.returncode == 0, done.stderr
    verified = command(served, "audit", "verify", str(export))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    dump, log = dumped(demonstration.folder), demonstration.text().split("The office is at ")[1]
    assert b"DEMO-980100-08" in dump
    assert [json.loads(line)["event"] for line in log.splitlines() if line.startswith("{")].count(
        "request"
    ) > 20
    assert b"organizations.staff.add" in export.read_bytes()
    outputs += [
        ("database", dump),
        ("log", log.encode()),
        ("export", export.read_bytes()),
        ("said by export", (done.stdout + verified.stdout).encode()),
        *files_of(demonstration.folder),
    ]
    assert known.leaks(outputs) == []


def test_a_secret_would_be_found(served: Served) -> None:
    known = OfficeSecrets(served.demonstration.folder)
    account = accounts.read(served.demonstration.office)[0]
    for leaked in (f"password={account.password}", f"<td>{account.secret}</td>"):
        assert len(known.leaks([("page", leaked.encode())])) >= 1


def test_logs_name_nobody(served: Served) -> None:
    log = served.demonstration.text().split("The office is at ")[1]
    for account in accounts.read(served.demonstration.office):
        assert account.name not in log
        assert account.number not in log
