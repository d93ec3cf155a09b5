"""The virtual reader beside the demonstration's office: its port, its blanks, and what a busy port does."""

import os
import socket
from pathlib import Path

import pytest
from rich.console import Console

from shebaoka.demo.office import readers
from shebaoka.reader.images import kind_of, open_chip

PAGES = 8000


def test_the_pages_are_told_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(readers.VARIABLE, "41234")
    assert readers.choose_port() == 41234
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen(1)
        taken = busy.getsockname()[1]
        monkeypatch.delenv(readers.VARIABLE)
        monkeypatch.setattr(readers, "usual_port", lambda: taken)
        assert readers.choose_port() != taken
        assert os.environ[readers.VARIABLE] == str(readers.choose_port())


def test_a_busy_port_is_told_and_the_office_does_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen(1)
        monkeypatch.setenv(readers.VARIABLE, str(busy.getsockname()[1]))
        console = Console(width=200, record=True)
        with readers.reader(tmp_path, PAGES, console):
            pass
        assert "No virtual reader" in console.export_text()


def test_blank_cards_are_made_once(tmp_path: Path) -> None:
    first = readers.blanks(tmp_path)
    kept = {path: path.read_bytes() for path in first.values()}
    assert readers.blanks(tmp_path) == first
    assert {path: path.read_bytes() for path in first.values()} == kept
    assert {kind_of(path) for path in first.values()} == {"card"}
    assert open_chip(next(iter(first.values()))).kind == "card"
