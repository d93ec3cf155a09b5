"""Fixtures of custody."""

import pytest

from office.country import Country
from office.custody.steps import Steps
from shebaoka.office.custody import hooks
from shebaoka.office.custody.services import ceremonies


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
def _sheets_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Transcripts on paper are drawn where a test asks for them: fonts take their time."""
    monkeypatch.setattr(ceremonies, "transcript_pdf", lambda paper: f"%PDF {paper.number}".encode())


@pytest.fixture(autouse=True)
def _on_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Custody is tested without the parts that look on."""
    for name in ("MISSING_RULES", "INCIDENTS", "APPROVED", "KEYS_RECEIVED"):
        monkeypatch.setattr(hooks, name, [])
