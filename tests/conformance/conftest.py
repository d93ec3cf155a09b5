"""Building the chips of the cases, once per fixture; the option that writes the conformance page.

The page: ``pytest tests/conformance --conformance-report docs/reference/conformance.md``.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from conformance.catalogue import entries
from conformance.formulas import Variant
from conformance.harness import Case, Session, fixture_data
from conformance.report import page
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
    reader = None if name == "none" else InProcessReader(chip_for(name, variant, change or {}))

    def spawn(other: str, more: Mapping[str, Any] | None = None) -> Session:
        return in_process(other, variant, more)

    return Session(reader, variant, spawn)


@pytest.fixture
def open_session() -> Callable[[Case, Variant], Session]:
    return lambda case, variant: in_process(case.fixture, variant, case.change)


@pytest.fixture
def build_chip() -> Callable[[str, Variant, Mapping[str, Any]], Chip]:
    return chip_for


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--conformance-report",
        type=Path,
        default=None,
        metavar="PATH",
        help="write the page of cases and results",
    )


class Recorder:
    """Collects the results of the cases, also from other processes, and writes the page at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.results: dict[tuple[str, str], str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        properties = dict(report.user_properties)
        key = (str(properties.get("case", "")), str(properties.get("column", "")))
        if key[0] and (report.when == "call" or not report.passed):
            worse = self.results.get(key, "passed") != "passed"
            self.results[key] = self.results[key] if worse else report.outcome

    def pytest_sessionfinish(self) -> None:
        self.path.write_text(page(entries(), self.results), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption("conformance_report", default=None)
    if path is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(path))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        case, variant = parameters.get("case"), parameters.get("variant")
        if isinstance(case, Case) and isinstance(variant, Variant):
            column = "PC/SC" if item.get_closest_marker("pcsc") else variant.id
            item.user_properties += [("case", case.id), ("column", column)]
