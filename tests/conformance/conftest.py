"""Building the chips of the cases, once per fixture; the option that writes the conformance page."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from conformance.formulas import Variant
from conformance.harness import Case, Session, fixture_data
from shebaoka.card.card import open_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.personalization.fixtures import build_fixture
from shebaoka.psam.psam import open_psam
from shebaoka.reader.in_process import InProcessReader

_built: dict[bytes, Chip] = {}


def chip_for(name: str, variant: Variant, change: Mapping[str, Any]) -> Chip:
    """A fresh chip of a fixture; each is personalized once and copied."""
    key = msgspec.json.encode([name, variant.id, change])
    if key not in _built:
        _built[key] = build_fixture(fixture_data(name, variant, change))
    original = _built[key]
    assert isinstance(original.store, MemoryStore)
    return (open_psam if original.kind == "psam" else open_card)(original.store.copy())


def in_process(name: str, variant: Variant, change: Mapping[str, Any] | None = None) -> Session:
    """A session with a fresh chip in this process."""
    reader = InProcessReader(chip_for(name, variant, change or {}))

    def spawn(other: str, more: Mapping[str, Any] | None = None) -> Session:
        return in_process(other, variant, more)

    return Session(reader, variant, spawn)


@pytest.fixture
def open_session() -> Callable[[Case, Variant], Session]:
    return lambda case, variant: in_process(case.fixture, variant, case.change)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--conformance-report",
        type=Path,
        default=None,
        metavar="PATH",
        help="write the page of cases and results",
    )
