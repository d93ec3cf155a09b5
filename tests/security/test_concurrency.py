"""Two programs on one file: neither destroys what the other has written."""

from pathlib import Path

import pytest

from shebaoka.chip.store import FileStore
from shebaoka.chip.values import KIND, Address

A: Address = (12, 0, 1, 0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "card"
    with_one = FileStore(path)
    with_one.commit({KIND: b"card", A: 0})
    with_one.close()
    return path


def test_an_image_has_one_writer(path: Path) -> None:
    first, second = FileStore(path), FileStore(path)
    second.commit({A: 1})
    for _ in range(2):  # while the second writes, and when it has gone and left a longer file
        with pytest.raises(OSError, match="another program"):
            first.commit({A: 2})
        assert first.state[A] == 0
        second.close()
    first.recover()
    first.commit({A: 2})
    assert FileStore(path).state[A] == 2


def test_a_half_written_commit_of_another_program_is_not_cut_off(path: Path) -> None:
    before = path.stat().st_size
    writer = FileStore(path)
    writer.commit({A: 1})
    whole = path.read_bytes()
    path.write_bytes(whole[: before + 5])
    reader = FileStore(path)  # at the moment when the other is in the middle of its write
    assert reader.state[A] == 0
    path.write_bytes(whole)
    with pytest.raises(OSError, match="another program"):
        reader.commit({A: 2})
    assert path.read_bytes() == whole


def test_a_store_that_was_closed_goes_on(path: Path) -> None:
    store = FileStore(path)
    for number in range(3):
        store.commit({A: number})
        store.close()
        assert FileStore(path).state[A] == number
