"""kill -9 at every step, with images and vaults in files: exactly done or not done, uses counted once."""

import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from carriers import killed
from carriers.killed import PASSPHRASE, SUITE, Clock
from carriers.support import World, blank, uses, vaults
from shebaoka.chip.store import FileStore
from shebaoka.psam.carrier.state import MASTER_CONTROL, MOTHER, TRANSMISSION, State, state_of
from shebaoka.reader.images import open_chip
from shebaoka.vault import file, software
from shebaoka.vault.software import SoftwareVault

ORDER = ("issue", "export", "control", "import")
KINDS = (MASTER_CONTROL, MOTHER, TRANSMISSION)


def act(folder: Path, action: str) -> None:
    """The action again, to its end."""
    killed.work(folder, action, Clock(0))
    vars(software)["write_atomically"] = file.write_atomically


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder with the moment before each action."""
    root = tmp_path_factory.mktemp("moments")
    first = root / "issue"
    first.mkdir()
    own = World(SUITE, *vaults(SUITE, first))
    for kind in KINDS:
        own.chips[kind] = blank(kind, SUITE, FileStore(first / kind))
        if kind != MOTHER:
            own.issue(kind)
        own.chips[kind].power_off()
    for before, after in pairwise(ORDER):
        shutil.copytree(root / before, root / after)
        act(root / after, before)
    return {name: root / name for name in ORDER}


def kill_everywhere(base: Path, target: Path, action: str) -> list[Path]:
    target.mkdir()
    command = [sys.executable, killed.__file__, str(base), str(target), action]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [int(ended) for _, ended in lines] == [0] * (len(lines) - 1) + [1]
    return [target / step for step, _ in lines]


def read(folder: Path) -> World:
    ministry, province = (SoftwareVault.open(folder / name, PASSPHRASE) for name in ("ministry", "province"))
    return World(SUITE, ministry, province, {kind: open_chip(folder / kind) for kind in KINDS})


def received(own: World) -> set[str]:
    return {handle.name for handle in own.province.handles()} & {"MCK", "UK3DF01", "STK"}


@pytest.mark.parametrize("action", ORDER)
def test_killed(moments: dict[str, Path], tmp_path: Path, action: str) -> None:
    folders = kill_everywhere(moments[action], tmp_path / "steps", action)
    assert len(folders) > 10
    seen = []
    for folder in folders:
        own = read(folder)
        spent = [uses(own, kind) if state_of(own.chips[kind]) else -1 for kind in KINDS]
        state, keys = state_of(own.chips[MOTHER]), received(own)
        outcome = state if action in ("issue", "export") else keys
        if outcome not in seen:
            seen.append(outcome)
        act(folder, action)
        again = read(folder)
        match action:
            case "issue":
                assert state_of(again.chips[MOTHER]) is State.EMPTY
                continue
            case "export":
                assert state_of(again.chips[MOTHER]) is State.COMPLETE
            case "control":
                assert received(again) == {"MCK"}
                assert spent[0] in (0, 1)
                assert uses(again, MASTER_CONTROL) == spent[0] + 1
            case "import":
                assert received(again) == {"MCK", "UK3DF01", "STK"}
                assert set(spent[1:]) <= {0, 1}
        for kind, before in zip(KINDS[1:], spent[1:], strict=True):
            assert uses(again, kind) == before + (action == "import")
    assert (
        seen
        == {
            "issue": [State.BLANK, State.EMPTY],
            "export": [State.EMPTY, State.INCOMPLETE, State.COMPLETE],
            "control": [set(), {"MCK"}],
            "import": [{"MCK"}, {"MCK", "UK3DF01", "STK"}],
        }[action]
    )
