"""Files that hold secrets or persons are for their owner alone, from their first moment, under any umask."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shebaoka.chip.store import FileStore, MemoryStore
from shebaoka.chip.values import KIND
from shebaoka.personalization.journal import Appender
from shebaoka.personalization.numbering import NumberRegister
from shebaoka.personalization.report import Report
from shebaoka.personalization.returns import replaced
from shebaoka.personalization.state import locked
from shebaoka.vault.model import Body, Level
from shebaoka.vault.software import SoftwareVault


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def private(folder: Path) -> None:
    found = list(folder.iterdir())
    assert found
    for path in found:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


@pytest.mark.parametrize("passphrase", [None, "open sesame"])
def test_images(tmp_path: Path, passphrase: str | None) -> None:
    MemoryStore({KIND: b"card"}).save(tmp_path / "saved", passphrase)
    store = FileStore(tmp_path / "written", passphrase=passphrase)
    for value in range(3):
        store.commit({KIND: b"card", (12, 0, 1, 0): value})
    private(tmp_path)


def test_an_image_that_others_could_read_is_replaced_by_a_private_one(tmp_path: Path) -> None:
    (tmp_path / "card").touch(0o666)
    MemoryStore({KIND: b"card"}).save(tmp_path / "card")
    private(tmp_path)


def test_an_image_does_not_follow_a_planted_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for name in ("card", ".card.tmp"):
        (tmp_path / name).symlink_to(victim)
    MemoryStore({KIND: b"card"}).save(tmp_path / "card")
    assert victim.read_text() == "mine"
    assert not (tmp_path / "card").is_symlink()


def test_vaults_and_batches(tmp_path: Path) -> None:
    SoftwareVault.create(tmp_path / "vault", "open sesame", Body(Level.CITY, "980100", "x"), work=4).save()
    Appender(tmp_path / "prepared.bin").close()
    with Report(tmp_path), replaced(tmp_path / "return.csv"), locked(tmp_path):
        private(tmp_path)
    private(tmp_path)


def test_the_register_is_private_before_it_holds_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def watched(path: Path, *args: Any, **options: Any) -> sqlite3.Connection:
        private(tmp_path)
        return connect(path, *args, **options)  # type: ignore[no-any-return]

    monkeypatch.setattr(sqlite3, "connect", watched)
    with NumberRegister(tmp_path / "numbers.db") as register:
        register.issue([1], "a")
        private(tmp_path)
