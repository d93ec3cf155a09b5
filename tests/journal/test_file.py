"""The file of a chain: on the disk when the call returns, one writer, nothing half done."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from journal.chains import START
from shebaoka.journal.canonical import JournalError
from shebaoka.journal.classify import TamperedError
from shebaoka.journal.file import JournalFile
from shebaoka.journal.record import next_record
from shebaoka.journal.verify import verify_file


def test_a_chain_is_begun_and_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "chain.jsonl"
    with JournalFile.create(path, "C") as journal:
        assert not journal.records
        first = journal.append("begun", time=START, persons={"operator": "示例甲"}, data={"n": 1})
        assert verify_file(path).head == journal.head == first.hash
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with JournalFile.open(path) as journal:
        journal.append("ended", time=START)
    verified = verify_file(path)
    assert [record.act for record in verified.records] == ["begun", "ended"]
    assert verified.records[0].data == {"n": 1}
    with pytest.raises(JournalError, match="exists already"):
        JournalFile.create(path, "C")


def test_a_chain_whose_first_record_was_interrupted_is_begun(tmp_path: Path) -> None:
    path = tmp_path / "chain.jsonl"
    for left in (None, b"", b'{"chain":"C","sequ'):
        if left is not None:
            path.write_bytes(left)
            with pytest.raises(JournalError, match="no record"):
                JournalFile.open(path)
            assert path.read_bytes() == left
        with JournalFile.go_on(path, "C") as journal:
            assert not journal.records
            journal.append("begun", time=START)
        with JournalFile.go_on(path, "another name") as journal:
            assert journal.chain == "C"
            journal.append("ended", time=START)
        assert [record.act for record in verify_file(path).records] == ["begun", "ended"]
        path.unlink()


def test_a_refused_record_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "chain.jsonl"
    with JournalFile.create(path, "C") as journal:
        journal.append("begun", time=START)
        before = path.read_bytes()
        with pytest.raises(JournalError, match=r"data\.amount|amount"):
            journal.append("paid", time=START, data={"amount": 0.5})
        with pytest.raises(JournalError, match="no zone"):
            journal.append("late", time=START.replace(tzinfo=None))
        assert path.read_bytes() == before
        journal.append("ended", time=START)
    assert len(verify_file(path).records) == 2


def test_a_write_that_fails_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "chain.jsonl"
    with JournalFile.create(path, "C") as journal:
        journal.append("begun", time=START)
        before = path.read_bytes()
        write = os.write
        monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:20]))
        with pytest.raises(JournalError, match="cannot be written"):
            journal.append("ended", time=START)
        monkeypatch.undo()
        assert path.read_bytes() == before
        journal.append("ended", time=START)
    assert len(verify_file(path).records) == 2


def test_an_append_that_never_returned_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "chain.jsonl"
    with JournalFile.create(path, "C") as journal:
        first = journal.append("begun", time=START)
    whole = path.read_bytes()
    line = next_record(first, "C", "torn", time=START).line()
    for length in (1, len(line) // 2, len(line)):
        path.write_bytes(whole + line[:length])
        with pytest.raises(TamperedError, match="not finished"):
            verify_file(path)
        JournalFile.open(path).close()
        assert path.read_bytes() == whole


def test_a_tampered_chain_is_not_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "chain.jsonl"
    with JournalFile.create(path, "C") as journal:
        journal.append("begun", time=START)
        journal.append("ended", time=START)
    content = path.read_bytes().replace(b"ended", b"later")
    path.write_bytes(content)
    with pytest.raises(TamperedError, match="record 2 was changed"):
        JournalFile.open(path)
    assert path.read_bytes() == content


def test_two_programs_do_not_write_to_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "chain.jsonl"
    code = (
        "import sys, pathlib\nfrom shebaoka.journal.file import JournalFile\n"
        "from shebaoka.journal.canonical import JournalError\n"
        "try:\n    JournalFile.open(pathlib.Path(sys.argv[1]))\n"
        "except JournalError as error:\n    print(error)\n"
    )
    with JournalFile.create(path, "C") as journal:
        journal.append("begun", time=START)
        done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
        assert "another program writes to it" in done.stdout
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert done.stdout == ""
