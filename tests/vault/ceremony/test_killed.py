"""Killed at any prompt and at any write: the ceremony was held or not, and the transcript says which."""

import json
import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[2]


def test_a_killed_ceremony_is_done_or_not_done(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vault.ceremony.killing", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    trials = json.loads(done.stdout)
    prompts = [trial for trial in trials if trial["at"].startswith("prompt")]
    writes = [trial for trial in trials if not trial["at"].startswith("prompt")]
    assert len(prompts) > 30
    assert len(writes) > 60
    for trial in trials:
        assert trial["keys"] in (0, 2), trial
        assert trial["unchanged"] is (trial["keys"] == 0), trial
        end = trial.get("closed", trial["end"])
        assert end == ("completed" if trial["keys"] else "aborted") or (
            end == "nothing was recorded" and not trial["keys"]
        ), trial
    assert all(trial["keys"] == 0 for trial in prompts[:-1])
    assert {trial["keys"] for trial in writes} == {0, 2}
    assert any(trial["end"] == "open" and trial["keys"] == 2 for trial in writes)
