"""Two programs on one file: neither destroys what the other has written."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest

from shebaoka.chip import store as store_module
from shebaoka.chip.store import FileStore
from shebaoka.chip.values import KIND, Address
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Body, KeyDefinition, Level, VaultError
from shebaoka.vault.software import SoftwareVault

A: Address = (12, 0, 1, 0)
CITY = Body(Level.CITY, "980100", "示例甲市")
CREW = 4


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
    with pytest.raises(OSError, match="another program"):
        first.commit({A: 2})
    assert first.state[A] == 0
    first.recover()
    first.commit({A: 2})
    assert FileStore(path).state[A] == 2


def commit(stores: Sequence[FileStore], value: int, number: int) -> None:
    stores[number].commit({A: value})


@pytest.mark.parametrize("compact", [False, True])
def test_of_many_writers_at_once_one_is_answered(
    path: Path, monkeypatch: pytest.MonkeyPatch, compact: bool
) -> None:
    if compact:
        monkeypatch.setattr(store_module, "_COMPACT_AT", 0)
        monkeypatch.setattr(store_module, "_COMPACT_TIMES", 0)
    for value in range(1, 12):
        stores = [FileStore(path) for _ in range(CREW)]
        outcome = at_once(partial(commit, stores, value))
        assert outcome.count(None) == 1
        assert FileStore(path).state[A] == value


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


def at_once(work: Callable[[int], object]) -> list[VaultError | OSError | None]:
    """What comes of ``work`` done by several at the same moment."""
    start = Barrier(CREW)

    def one(number: int) -> VaultError | OSError | None:
        start.wait()
        try:
            work(number)
        except (VaultError, OSError) as error:
            return error
        return None

    with ThreadPoolExecutor(CREW) as crew:
        return list(crew.map(one, range(CREW)))


def test_a_vault_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    outcome = at_once(lambda _: SoftwareVault.create(path, "open sesame", CITY, work=4))
    assert outcome.count(None) == 1
    assert SoftwareVault.open(path, "open sesame").owner == CITY
    assert [found.name for found in tmp_path.iterdir()] == ["vault"]


def test_no_key_is_lost_when_two_programs_save_a_vault(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    SoftwareVault.create(path, "open sesame", CITY, work=4)
    opened = [SoftwareVault.open(path, "open sesame") for _ in range(CREW)]
    for number, vault in enumerate(opened):
        vault.generate(KeyDefinition(f"KEY{number}", "external", Algorithm.TDES))
    outcome = at_once(lambda number: opened[number].save())
    assert outcome.count(None) == 1
    winner = outcome.index(None)
    assert [key.name for key in SoftwareVault.open(path, "open sesame").handles()] == [f"KEY{winner}"]
    assert all("another process" in str(error) for error in outcome if error)
