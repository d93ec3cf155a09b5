"""The next version of keys is born in a ceremony, as the first was."""

from pathlib import Path

import pytest

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.ceremony.script import CeremonyError, read_script
from shebaoka.vault.ceremony.selection import planned_keys
from shebaoka.vault.states import KeyState
from vault.ceremony.room import People, Room, script_text

NEXT = '[[keys]]\nsuite = "SM4"\nnames = ["IRK", "RK1DF01"]\nnext = 4\n'


def test_keys_of_a_rotation_wait_for_their_activation(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text())
    room.hold(People())
    room.transcript.unlink()
    (tmp_path / "next.toml").write_text(script_text(keys=NEXT), "utf-8")
    later = Room(tmp_path, read_script(tmp_path / "next.toml"))
    held = later.hold(People())
    vault = later.vault()
    assert [(key.name, key.version) for key in held.keys] == [("IRK", 4), ("RK1DF01", 4)]
    assert {vault.state(key) for key in held.keys} == {KeyState.GENERATED}
    assert vault.state(vault.find("IRK", 1, Algorithm.SM4)) is KeyState.ACTIVE


def test_next_means_every_key_that_is_rotated_once(tmp_path: Path) -> None:
    path = tmp_path / "script.toml"
    path.write_text(script_text(keys='[[keys]]\nsuite = "SM4"\nnext = 4\n'), "utf-8")
    planned = [each.definition for each in planned_keys(read_script(path))]
    assert {each.version for each in planned} == {4}
    assert len({each.name for each in planned}) == len(planned) > 30
    assert not {"KID-01", "ADF-MK", "MCK"} & {each.name for each in planned}
    path.write_text(script_text(keys=NEXT + "versions = [1]\n"), "utf-8")
    with pytest.raises(CeremonyError, match="not both"):
        planned_keys(read_script(path))
