"""The commands of docs/guide/custodian.md, as written, in a fresh directory."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shebaoka.vault.ceremony.script import read_script
from shebaoka.vault.ceremony.selection import planned_keys

ROOT = Path(__file__).parents[2]


def test_the_guide_works_as_written(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    guide = (ROOT / "docs" / "guide" / "custodian.md").read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", guide, re.DOTALL)
    assert len(blocks) == 5
    call = f'"{sys.executable}" -m passphrases "$@"'
    script = f"set -e\nshebaoka() {{ {call}; }}\n" + "\n".join(blocks)
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "120", "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "province.jsonl: 11 records, none changed, removed, inserted or reordered" in done.stdout
    assert "completed, 2 keys stored" in done.stdout
    assert "city.vault: 8 new keys" in done.stdout
    assert sorted(path.name for path in (tmp_path / "letters").iterdir()) == [
        "custodian-a.pdf",
        "custodian-b.pdf",
    ]


@pytest.mark.parametrize(("name", "keys"), [("national", 228), ("province", 2), ("city", 8)])
def test_the_shipped_scripts_can_be_held(name: str, keys: int) -> None:
    script = read_script(ROOT / "examples" / "ceremonies" / f"{name}-keys.toml")
    assert len(planned_keys(script)) == keys
