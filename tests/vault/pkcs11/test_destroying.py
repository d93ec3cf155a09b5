"""A key of a token that is being destroyed when the process is killed (-9): it is there whole, or it is gone
from file and token for good."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from vault.pkcs11 import softhsm
from vault.pkcs11.destroying import GONE, LABEL, STAYS

WHOLE, LESS = 7, 4
"""Objects of the register key and of two keys with their halves, or of one."""
LONG = os.environ.get("SHEBAOKA_LONG") == "1"
CALLS = "rename,renameat,unlink,unlinkat"
"""System calls by which the register is replaced and SoftHSM removes an object. Not among them: the writes by
which SoftHSM changes its own token file in place at every login; a kill there can cost the token."""


def run(folder: Path, act: str, *before: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, sys.executable, "-m", "vault.pkcs11.destroying", softhsm.library(), folder, act],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SOFTHSM2_CONF": "softhsm2.conf", "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def told(folder: Path, act: str) -> Any:
    done = run(folder, act)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a token and a vault with a retired key."""
    if problem := softhsm.missing():
        pytest.skip(problem)
    folder = tmp_path / "place"
    (folder / "tokens").mkdir(parents=True)
    (folder / "softhsm2.conf").write_text(
        "directories.tokendir = tokens\nobjectstore.backend = file\nlog.level = ERROR\n", "utf-8"
    )
    subprocess.run(
        [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            LABEL,
            "--pin",
            softhsm.PIN,
            "--so-pin",
            "47114711",
        ],
        check=True,
        capture_output=True,
        cwd=folder,
        env={**os.environ, "SOFTHSM2_CONF": "softhsm2.conf"},
    )
    told(folder, "make")
    return folder


def check(found: dict[str, Any], where: object) -> bool:
    """Whether it was done."""
    before, after = found["objects"]
    if found["dead"]:
        assert found["keys"] == [STAYS], where
        assert found["dead"] == [GONE], where
        assert LESS <= before <= WHOLE, where
        assert after == LESS, where  # what the kill left was removed when the vault was opened
        return True
    assert found["keys"] == [GONE, STAYS], where
    assert found["objects"] == [WHOLE, WHOLE], where
    return False


def test_killed_at_every_change(place: Path) -> None:
    trials = told(place, "sweep")
    outcomes = [check(trial, trial) for trial in trials]
    assert set(outcomes) == {False, True}
    assert {trial["objects"][0] for trial in trials} == set(
        range(LESS, WHOLE + 1)
    )  # killed between the objects too
    assert len(trials) >= 8


if LONG:  # takes minutes

    def test_killed_in_every_system_call(place: Path, tmp_path: Path) -> None:
        """Inside the library's own calls, too: the process is killed as it enters the n-th call that
        renames or removes."""
        if shutil.which("strace") is None:
            pytest.skip("strace is not installed")
        outcomes = []
        for number in range(1, 4000):
            trial = tmp_path / "trial"
            shutil.copytree(place, trial)
            inject = ("strace", "-f", "-o", "/dev/null", "-e", f"inject={CALLS}:signal=KILL:when={number}")
            ended = run(trial, "destroy", *inject).returncode == 0
            outcomes.append(check(told(trial, "look"), f"call {number}"))
            shutil.rmtree(trial)
            if ended:
                break
        assert ended
        assert outcomes == sorted(outcomes)
        assert set(outcomes) == {False, True}
