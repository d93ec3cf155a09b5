"""The commands of docs/guide/issuing.md, as written, in a fresh directory."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_guide_works_as_written(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples", symlinks=False)
    guide = (ROOT / "docs" / "guide" / "issuing.md").read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", guide, re.DOTALL)
    assert len(blocks) == 5
    script = "shebaoka() { " + f'"{sys.executable}" -m passphrases "$@"; ' + "}\n"
    environment = {**os.environ, "COLUMNS": "120", "PYTHONPATH": str(ROOT / "tests")}
    done = subprocess.run(
        ["sh", "-c", script + "\n".join(blocks)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert len(list((tmp_path / "batch-1" / "cards").iterdir())) == 3
    assert "A0000001" in done.stdout
    assert (tmp_path / "pins.pdf").stat().st_mode & 0o777 == 0o600
    lines = (tmp_path / "batch-1" / "return.csv").read_text("utf-8-sig").splitlines()
    assert sum(",made," in line for line in lines) == 3
    assert sum(",refused," in line for line in lines) == 5
