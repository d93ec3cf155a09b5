"""The guide's Python runs as printed."""

import re
from pathlib import Path

import pytest

from terminal.support import NOW

ROOT = Path(__file__).parents[2]


def test_every_example_of_the_guide_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs" / "guide" / "terminal.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 5
    names: dict[str, object] = {"NOW": NOW}
    for block in blocks:
        dated = block.replace("Settings()", "Settings(clock=lambda: NOW)")
        exec(compile(dated, "docs/guide/terminal.md", "exec"), names)  # noqa: S102
