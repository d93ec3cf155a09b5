"""A demonstration on the command line, watched; what it and its office leave is scanned in tests/demo too."""

import os
from pathlib import Path

import pytest

from scan.demonstration import leaks
from scan.house import House


@pytest.mark.skipif(os.environ.get("SHEBAOKA_LONG") != "1", reason="only with SHEBAOKA_LONG=1")
def test_a_demonstration(tmp_path: Path) -> None:
    with House(tmp_path, {}) as house:
        house.ok("demo", "-o", "demo", "--people", "20", "--no-office")
        assert leaks(house.work, house.outputs()) == []
