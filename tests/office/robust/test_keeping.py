"""A backup while people act, its rehearsal, its restoration; damaged ones and inhabited places refused."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from office.robust.conftest import PASSPHRASE, Office
from shebaoka.office import database
from shebaoka.office.configuration import Configuration
from shebaoka.office.database import FOLDER
from shebaoka.office.keeping.backup import backup
from shebaoka.office.keeping.chains import chain_ends, prove
from shebaoka.office.keeping.programs import KeepingError
from shebaoka.office.keeping.restore import restore

DOCUMENT = "示例甲市密钥管理制度".encode()

pytestmark = pytest.mark.skipif(os.environ.get("SHEBAOKA_LONG") != "1", reason="only with SHEBAOKA_LONG=1")


@pytest.fixture(scope="module")
def kept(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup that was made while acts went on."""
    folder = tmp_path_factory.mktemp("kept")
    documents = office.folder / "files" / "evidence"
    documents.mkdir(parents=True, exist_ok=True)
    (documents / "rules.pdf").write_bytes(DOCUMENT)
    (folder / "chips").mkdir()
    (folder / "chips" / "mother.chip").write_bytes(b"TEST_ONLY chip")
    with subprocess.Popen(
        [sys.executable, "-m", "office.robust.acting"],
        env=office.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as acting:
        assert acting.stdout is not None
        for _ in range(3):
            acting.stdout.readline()
        backup(office.configuration, folder / "office.backup", PASSPHRASE, [folder / "chips"])
        assert acting.poll() is None
        acting.kill()
    return folder / "office.backup"


def test_a_backup_is_private_and_shows_nothing(kept: Path) -> None:
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    content = kept.read_bytes()
    assert content.startswith(b"SHEBAOKA-BACKUP 1 scrypt ")
    for secret in (DOCUMENT, b"organizations", b"TEST_ONLY", b"manifest"):
        assert secret not in content


def test_restored_elsewhere_it_is_the_same_office(kept: Path, office: Office, tmp_path: Path) -> None:
    other = Office(tmp_path / "other")
    done = subprocess.run(
        other.command("db", "restore", kept, "--json"),
        env=other.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    chains = json.loads(done.stdout)["chains"]
    assert chains["980100"] > 2
    for name in ("secret-key", "files/evidence/rules.pdf"):
        assert (other.folder / name).read_bytes() == (office.folder / name).read_bytes()
    assert (other.folder / "included/chips/mother.chip").read_bytes() == b"TEST_ONLY chip"
    assert {path.name for path in other.folder.glob(".restore-*")} == set()
    try:
        database.start(other.folder / FOLDER)
        with other.connect() as restored, office.connect() as original:
            assert {code: end.sequence for code, end in chain_ends(restored).items()} == chains
            assert prove(restored) == sum(chains.values())
            numbers = "SELECT sequence, line FROM audit_row WHERE chain_id = '980100' ORDER BY sequence"
            mine = original.execute(numbers).fetchall()
            assert restored.execute(numbers).fetchall() == mine[: chains["980100"]]
        refused = other.run("db", "restore", kept)
        assert refused.returncode == 2
        assert "holds an office already" in refused.stderr
        assert other.run("office", "check").returncode == 0
    finally:
        database.stop(other.folder / FOLDER)


def test_it_can_be_rehearsed_and_a_wrong_passphrase_is_told(kept: Path, office: Office) -> None:
    environment = office.environment | {"SHEBAOKA_BACKUP_PASSPHRASE": f"{PASSPHRASE}!"}
    wrong = subprocess.run(
        office.command("db", "rehearse", kept), env=environment, capture_output=True, text=True, check=False
    )
    assert wrong.returncode == 2
    assert "wrong passphrase, or the file is damaged" in wrong.stderr
    done = office.run("db", "rehearse", kept)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("It can be restored: backup of ")


def test_a_backup_cut_off_at_a_piece_leaves_nothing(kept: Path, tmp_path: Path) -> None:
    raw = kept.read_bytes()
    head = raw.index(b"\n") + 1
    length = int.from_bytes(raw[head : head + 4], "big")
    cut = tmp_path / "cut"
    cut.write_bytes(raw[: head + 4 + length - 1])
    folder = tmp_path / "new"
    with pytest.raises(KeepingError, match="cut off or damaged"):
        restore(Configuration(folder=str(folder)), cut, PASSPHRASE)
    assert not (folder / FOLDER).exists()


def test_a_short_passphrase_and_a_file_that_is_there_are_refused(kept: Path, office: Office) -> None:
    before = kept.read_bytes()
    with pytest.raises(KeepingError, match="at least 12"):
        backup(office.configuration, kept.with_name("new"), "short")
    with pytest.raises(FileExistsError):
        backup(office.configuration, kept, PASSPHRASE)
    assert kept.read_bytes() == before
    assert not kept.with_name("new").exists()
