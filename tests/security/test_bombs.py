"""Input made to exhaust: one line that names it, within a moment and a bounded memory."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.fixture_schema import FixtureError
from shebaoka.personalization.fixtures import build_fixture
from shebaoka.personalization.mapping import read_mapping
from shebaoka.personalization.product import read_product
from shebaoka.spec.errors import SpecError
from shebaoka.spec.loading import read_toml
from shebaoka.terminal.blacklist_file import verify
from shebaoka.terminal.errors import BlacklistError

DEEP = 100_000
READERS = (read_toml, read_mapping, read_product, build_fixture)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("content", "reason"),
    [("a = " + "[" * DEEP, "nested too deeply"), ("#" * (2 << 20), "larger than 1 MiB")],
)
def test_toml(tmp_path: Path, read: Callable[[Path], object], content: str, reason: str) -> None:
    path = tmp_path / "bomb.toml"
    path.write_text(content, "ascii")
    with pytest.raises((SpecError, PersonalizationError, FixtureError), match=rf"bomb\.toml: .*{reason}"):
        read(path)


def test_blacklist() -> None:
    with pytest.raises(BlacklistError):
        verify(b"[" * DEEP + b"\n{}\n", [])
