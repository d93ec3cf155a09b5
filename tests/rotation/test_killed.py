"""Killed at any write of an act on keys: done or not done, and the chain says which."""

import json
import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_a_killed_act_is_done_or_not_done(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rotation.killing", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    acts = json.loads(done.stdout)
    assert [act["act"] for act in acts] == ["rotate", "activate", "retire", "minimum", "destroy"]
    for act in acts:
        assert act["before"] != act["after"]
        outcomes = set()
        for trial in act["trials"]:
            is_done = trial["found"] == act["after"]
            assert is_done or trial["found"] == act["before"], trial
            outcomes.add(is_done)
            records, last = trial["settled"]
            if records == act["records"]:
                assert not is_done, trial  # killed before it was recorded
            else:
                assert records == act["records"] + 2, trial
                assert last == ("keys.done" if is_done else "keys.not-done"), trial
        assert outcomes == {False, True}
        assert len(act["trials"]) > 15
