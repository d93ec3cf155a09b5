"""Fixtures of custody."""

import pytest

from office.country import Country
from office.custody.steps import Steps
from shebaoka.office.custody import hooks


@pytest.fixture
def steps(country: Country) -> Steps:
    return Steps(country)


@pytest.fixture
def incidents(monkeypatch: pytest.MonkeyPatch) -> list[hooks.Report]:
    """What was reported, in place of the part that keeps incidents."""
    told: list[hooks.Report] = []

    def tell(report: hooks.Report) -> str:
        told.append(report)
        return f"INC-{len(told)}"

    monkeypatch.setattr(hooks, "INCIDENTS", [tell])
    return told


@pytest.fixture(autouse=True)
def _on_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Custody is tested without the parts that look on."""
    for name in ("MISSING_RULES", "INCIDENTS", "APPROVED", "KEYS_RECEIVED"):
        monkeypatch.setattr(hooks, name, [])
