"""Decisions cited in code, data, tests and documents are on the list, and the list is complete."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs" / "decisions" / "ambiguities.md"


def test_the_list_has_every_number_once() -> None:
    numbers = re.findall(r"^\| K(\d+) \|", LIST.read_text("utf-8"), re.MULTILINE)
    assert sorted(int(number) for number in numbers) == list(range(1, 95))


def test_cited_decisions_exist() -> None:
    cited: set[int] = set()
    for folder in ("src", "tests", "docs", "examples"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".toml", ".md"} and path.is_file():
                cited |= {int(number) for number in re.findall(r"decisions? K(\d+)", path.read_text("utf-8"))}
    assert cited
    assert max(cited) <= 94
    assert min(cited) >= 1
