"""What all tests share: the full check skips nothing, passphrases and sheets are cheap, and the private PC/SC
stack."""

import gc
import importlib.util
import os
from collections.abc import Generator, Iterator

import pytest

import fonts
import passphrases
from pcsc.stack import PcscStack
from shebaoka.reader import pcscd

_REQUIRE_ALL = os.environ.get("SHEBAOKA_REQUIRE_ALL") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With SHEBAOKA_REQUIRE_ALL=1 a skip is a failure."""
    report = yield
    if _REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: {reason} (SHEBAOKA_REQUIRE_ALL=1 forbids skips)"
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What uses the PC/SC stack is marked and grouped; every process that runs some has its own stack."""
    for item in items:
        if "pcsc_stack" in getattr(item, "fixturenames", ()) or item.get_closest_marker("pcsc"):
            item.add_marker(pytest.mark.pcsc)
            item.add_marker(pytest.mark.xdist_group("pcsc"))


def pytest_collection_finish() -> None:
    """Modules and the list of tests stay until the end: the collector looks through them no more."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _passphrases_are_cheap() -> Iterator[None]:
    with passphrases.cheap():
        yield


@pytest.fixture(scope="session", autouse=True)
def _sheets_are_cheap() -> Iterator[None]:
    with fonts.small():
        yield


@pytest.fixture(scope="session")
def pcsc_stack() -> Iterator[PcscStack]:
    """A private pcscd with a card slot and a PSAM slot: ``pcsc_stack(card, psam)`` gives PC/SC readers."""
    if importlib.util.find_spec("smartcard") is None:
        pytest.skip("pyscard is not installed (make .venv/.pcsc)")
    if problem := pcscd.missing():
        pytest.skip(problem)
    stack = PcscStack()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in stack.environment.items():
            patch.setenv(name, value)
        yield stack
        stack.close()
