"""The Python blocks of the guide for engineers run as they stand."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_blocks_of_the_guide_for_engineers_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs/guide/engineers.md").read_text("utf-8")
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(compile(block, "engineers.md", "exec"), names)  # noqa: S102 - our own guide
    assert names["answer"].hex().endswith("9f0c038601039000")  # type: ignore[attr-defined]
    assert names["value"] == "110"
    assert "PIN or RK1DF03" in capsys.readouterr().out
