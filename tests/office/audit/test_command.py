"""``shebaoka audit`` over an export: no database, the exit code says whether everything holds."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from shebaoka.cli.main import app
from shebaoka.journal.checkpoint import Head, next_checkpoint
from shebaoka.journal.export import write_chain, write_checkpoint, write_heading
from shebaoka.journal.record import next_record

TIME = datetime(2026, 3, 2, 1, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw().hex()


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """Made by hand: the format is the contract."""
    first = next_record(None, "980100", "a.b", time=TIME, persons={"actor": "x"})
    second = next_record(first, "980100", "a.b", time=TIME, persons={"actor": "x"})
    content = next_checkpoint(None, {"980100": Head(2, second.hash)}, time=TIME).content()
    path = tmp_path / "audit.jsonl"
    with path.open("wb") as out:
        write_heading(out, time=TIME, chains=1, checkpoints=1, key=PUBLIC)
        write_checkpoint(out, content, KEY.sign(content).hex())
        write_chain(out, "980100", 2, [first.line(), second.line()])
    return path


def test_an_export_holds_or_does_not(exported: Path) -> None:
    good = CliRunner().invoke(app, ["audit", "verify", str(exported), "--key", PUBLIC])
    assert good.exit_code == 0, good.output
    assert "Everything holds." in good.output
    exported.write_bytes(exported.read_bytes().replace(b'"actor":"x"', b'"actor":"y"', 1))
    bad = CliRunner().invoke(app, ["audit", "verify", str(exported), "--json"])
    assert bad.exit_code == 1
    report = json.loads(bad.output)
    assert not report["good"]
    assert [(each["where"], each["number"], each["kind"]) for each in report["findings"]] == [
        ("980100", 1, "changed")
    ]


def test_what_is_no_export_or_no_key_is_said_in_a_line(exported: Path, tmp_path: Path) -> None:
    for arguments in (
        [str(tmp_path / "missing")],
        [__file__],
        [str(exported), "--key", "abc"],
        ["--key", PUBLIC],
    ):
        result = CliRunner().invoke(app, ["audit", "verify", *arguments])
        assert result.exit_code != 0
        assert isinstance(result.exception, (ValueError, SystemExit))


def test_verifying_a_file_imports_neither_django_nor_a_database(exported: Path) -> None:
    program = (
        "import sys; from shebaoka.cli.main import app; "
        f"app(['audit', 'verify', {str(exported)!r}], standalone_mode=False); "
        "assert not {'django', 'psycopg'} & sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
