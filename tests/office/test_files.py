"""Kept files: under their hash, for nobody else to read."""

from pathlib import Path

import pytest

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import keep, path_of, read

EXTENSIONS = Path(__file__).parents[3] / "examples" / "extensions"


@pytest.mark.parametrize("name", ["a.exe", "a", "x" * 130 + ".pdf"])
def test_files_of_other_kinds_are_refused(name: str) -> None:
    with pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == "base.file-unfit"):
        keep(name, b"x")


def test_a_kept_file_is_named_without_folders_and_readable_by_nobody_else() -> None:
    name, digest = keep("../../etc/a b.pdf", b"TEST_ONLY")
    assert name == "a b.pdf"
    assert path_of(digest).stat().st_mode & 0o777 == 0o600
    assert read(digest) == b"TEST_ONLY"
