"""The office serves the script with which pages reach the reader service."""

from pathlib import Path

from django.contrib.staticfiles.finders import find

from shebaoka.driver import STATIC_FILES


def test_the_script_is_among_the_static_files() -> None:
    found = find("driver/shebaoka-reader.js")
    assert found is not None
    assert Path(found) == STATIC_FILES / "shebaoka-reader.js"
