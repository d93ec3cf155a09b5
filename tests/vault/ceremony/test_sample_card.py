"""The sample card is pulled, or loses power, at every command: the ceremony ends and leaves nothing."""

from pathlib import Path

import pytest

from shebaoka.personalization import sample_card
from shebaoka.reader.base import Reader
from shebaoka.reader.faults import Fault, FaultReader, Mute, Short, Tear
from shebaoka.reader.in_process import InProcessReader
from shebaoka.vault.ceremony.engine import AbortedError
from shebaoka.vault.ceremony.transcript import read_transcript
from vault.ceremony.room import People, Room, script_text

FAULTS: tuple[Fault, ...] = (Mute(), Mute(executed=True), Short(1), Tear(1, "before"), Tear(1, "after"))
SCRIPT = script_text(source="device", keys='[[keys]]\nsuite = "SM4"\nnames = ["IRK"]\nversions = [1]\n')


def commands(monkeypatch: pytest.MonkeyPatch, folder: Path) -> int:
    """How many a whole ceremony sends to the sample card."""
    counting: list[FaultReader] = []

    def slot(chip: object) -> Reader:
        counting.append(FaultReader(InProcessReader(chip), {}))  # type: ignore[arg-type]
        return counting[-1]

    with monkeypatch.context() as patch:
        patch.setattr(sample_card, "InProcessReader", slot)
        folder.mkdir()
        Room.of(folder, SCRIPT).hold(People())
    assert len(counting) == 1
    return counting[0].commands


def test_a_sample_card_that_is_pulled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = commands(monkeypatch, tmp_path / "counted")
    assert count > 5
    room = Room.of(tmp_path, SCRIPT)
    before, written = room.vault_path.read_bytes(), 0
    for number in range(1, count + 1):
        for fault in FAULTS:
            place = f"command {number} {fault}"

            def slot(chip: object, number: int = number, fault: Fault = fault) -> Reader:
                return FaultReader(InProcessReader(chip), {number: fault})  # type: ignore[arg-type]

            monkeypatch.setattr(sample_card, "InProcessReader", slot)
            vault = room.vault()
            said = ""
            try:
                room.hold(People(), vault)
            except AbortedError as error:
                said = str(error)
            if said:
                assert "sample card" in said, place
                assert room.vault_path.read_bytes() == before, place
                assert not vault.handles(), place
                assert read_transcript(room.transcript).end == "aborted", place
            else:
                assert isinstance(fault, Tear), place  # the command wrote nothing
                written += 1
                room.vault_path.write_bytes(before)
            room.transcript.unlink()
    assert 0 < written < count * 2
    monkeypatch.undo()
    assert len(room.hold(People()).keys) == 1
