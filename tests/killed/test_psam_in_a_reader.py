"""A PSAM made and loaded in a reader, killed (-9), pulled out or refusing at every step: record and chip
agree.

A chip that holds a key has its record; a record says done when it is, and stays open until then."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from killed.psam_reader import MF_MASTER, SUITE, TERMINAL, TRANSPORT
from killed.sweep import LONG
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.chip.values import KEY
from shebaoka.cli.psam_making import make_from_chip
from shebaoka.cli.vault_roots import set_up
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.personalization.errors import LoadError
from shebaoka.personalization.psams import PsamOrder
from shebaoka.psam.psam import blank_psam
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.card_records import CardRecords, read_card_records
from shebaoka.vault.contents import Act, Holdings
from shebaoka.vault.model import MINISTRY
from shebaoka.vault.software import SoftwareVault

HISTORICAL = bytes.fromhex("00810102030099980100000009")
BEGUN, DONE = "carrier-filling", "carrier-filled"


def test_killed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "killed.psam_reader", tmp_path, "0" if LONG else "6"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    trials = json.loads(done.stdout)
    seen = set()
    for trial in trials:
        found, then = trial["found"], trial["then"]
        assert trial["killed"], trial
        assert trial["again"], trial
        before = [] if trial["act"] == "make" else [BEGUN, DONE]
        assert found["acts"] in ([*before, BEGUN][: len(found["acts"])], [*before, BEGUN, DONE]), trial
        assert found["open"] is (found["acts"] == [*before, BEGUN]), trial
        assert found["recorded"] >= found["keys"], trial
        assert found["made"] or found["acts"] != [BEGUN, DONE], trial
        assert then["acts"] == [*before, BEGUN, DONE], trial
        assert (then["open"], then["made"]) == (False, True), trial
        seen.add((trial["act"], found["open"]))
    assert seen == {(act, opened) for act in ("make", "load") for opened in (False, True)}


@dataclass
class Failing:
    """A reader whose card is pulled out before, or refuses or is gone after, the n-th command."""

    reader: Reader
    number: int
    way: str
    count: int = 0

    def reset(self) -> bytes:
        return self.reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        self.count += 1
        if self.way == "refusing" and self.count == self.number:
            return b"\x6f\x00"
        gone = self.way != "refusing" and self.number
        if gone and self.count >= self.number and self.way == "before":
            raise ReaderError("the card was removed")
        answer = self.reader.transmit(apdu)
        if gone and self.count >= self.number:
            raise ReaderError("the card was removed")
        return answer

    def close(self) -> None:
        self.reader.close()


@pytest.fixture(scope="module")
def ministry() -> SoftwareVault:
    vault = SoftwareVault.create(None, "", MINISTRY)
    set_up(vault, [SUITE], [])
    return vault


def blank(key: bytes = TRANSPORT) -> Chip:
    return blank_psam(MemoryStore(), historical=HISTORICAL, algorithm=SUITE, transport_key=key)


def make(
    ministry: SoftwareVault,
    chip: Chip,
    path: Path,
    number: int = 0,
    way: str = "before",
    terminal: str = TERMINAL,
) -> int:
    """How many commands the whole takes."""
    order = replace(PsamOrder.numbered(terminal, date(2026, 1, 1), date(2099, 12, 31)), suites=(SUITE,))
    reader = Failing(InProcessReader(chip), number, way)

    def transport(suite: Algorithm) -> SoftwareCipher:
        return SoftwareCipher(suite, TRANSPORT)

    with CardRecords(path, MINISTRY) as records:
        make_from_chip(reader, order, ministry, transport, records.note)
    return reader.count


def acts(path: Path) -> list[Act]:
    return [act for act, _ in read_card_records(path)] if path.exists() else []


def keys(chip: Chip) -> int:
    return sum(address[0] == KEY for address in chip.state)


@pytest.mark.parametrize("way", ["before", "after", "refusing"])
def test_pulled_out_or_refusing(ministry: SoftwareVault, tmp_path: Path, way: str) -> None:
    path = tmp_path / "carried"
    count = make(ministry, blank(), path)
    path.unlink()
    outcomes = set()
    for number in range(1, count + 1, 1 if LONG else 3):
        chip, place = blank(), f"{way} command {number} of {count}"
        failed = attempt(ministry, chip, path, number, way)
        told, made = acts(path), chip.state[MF_MASTER] != TRANSPORT
        held = Holdings(read_card_records(path) if told else ())
        holds = held.now[TERMINAL].keys if TERMINAL in held.now else ()
        assert len(holds) >= keys(chip), place
        assert (DONE in told) is not failed, place
        assert made or failed, place
        assert told in ([], [Act.FILLING], [Act.FILLING, Act.ABANDONED], [Act.FILLING, Act.FILLED]), place
        if told[-1:] == [Act.ABANDONED]:
            assert way == "refusing", place
            assert keys(chip) == 0, place
        assert not attempt(ministry, chip, path), place
        assert acts(path)[-1] is Act.FILLED, place
        outcomes.add(tuple(told))
        path.unlink()
    assert {len(each) for each in outcomes} >= {0, 1 if way != "refusing" else 2}


def attempt(ministry: SoftwareVault, chip: Chip, path: Path, number: int = 0, way: str = "before") -> bool:
    """Whether it failed."""
    try:
        make(ministry, chip, path, number, way)
    except (LoadError, ReaderError):
        return True
    return False


def test_a_chip_that_does_not_obey_leaves_no_record(ministry: SoftwareVault, tmp_path: Path) -> None:
    chip, path = blank(bytes(16)), tmp_path / "carried"
    before = {address for address in chip.state if address[0] == KEY}
    with pytest.raises(LoadError, match="neither blank nor this PSAM"):
        make(ministry, chip, path)
    assert not path.exists()
    assert {address for address in chip.state if address[0] == KEY} == before


def test_what_is_made_already_is_recorded_when_the_journal_was_lost(
    ministry: SoftwareVault, tmp_path: Path
) -> None:
    chip, path = blank(), tmp_path / "carried"
    make(ministry, chip, path)
    path.unlink()
    make(ministry, chip, path)
    assert acts(path) == [Act.FILLED]
    with pytest.raises(LoadError, match=r"this is the PSAM 980100000009|neither blank nor this PSAM"):
        make(ministry, chip, path, terminal="980100000008")
    assert acts(path) == [Act.FILLED]
