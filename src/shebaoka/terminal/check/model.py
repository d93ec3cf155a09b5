"""Findings of a card check and the report they make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shebaoka.terminal import messages
from shebaoka.terminal.messages import Detail


class Outcome(StrEnum):
    """What a finding says."""

    PASS = "pass"  # noqa: S105 - not a password
    NOTE = "note"  # worth knowing; the standard leaves it open or says to go on
    FAIL = "fail"  # departs from the standard
    NOT_TESTED = "not tested"  # it would need a right, or could change the card


class Area(StrEnum):
    """Parts of the list."""

    TRANSPORT = "transport"
    SELECTION = "selection"
    RECORDS = "records"
    SAFETY = "safety"
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: ``id`` and ``details`` name a message, ``place`` the file or command it is about, ``source``
    part and section of the standard."""

    area: Area
    outcome: Outcome
    place: str
    id: str
    source: str
    details: Mapping[str, Detail] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        """The finding in words."""
        return messages.text(self.id, language, self.details)


@dataclass(frozen=True)
class CheckReport:
    """The result for one card. ``made``: time of the check, ISO 8601; ``answer``: ATR or ATS in hex; facts
    are empty where the card did not tell. ``commands``: how many commands were sent."""

    made: str
    answer: str
    algorithm: str
    version: str
    layout: str
    city_code: str
    commands: int
    findings: tuple[Finding, ...]
    label: str = "self-test"

    @property
    def passed(self) -> bool:
        """No finding says that the card departs from the standard."""
        return not any(finding.outcome is Outcome.FAIL for finding in self.findings)

    def count(self, outcome: Outcome) -> int:
        """Number of findings with this outcome."""
        return sum(finding.outcome is outcome for finding in self.findings)


@dataclass
class Notebook:
    """Collects findings."""

    findings: list[Finding] = field(default_factory=list)

    def write(
        self, area: Area, outcome: Outcome, place: str, id_: str, source: str, **details: Detail
    ) -> None:
        """Add a finding."""
        self.findings.append(Finding(area, outcome, place, id_, source, details))

    def judge(self, good: bool, area: Area, place: str, id_: str, source: str, **details: Detail) -> None:
        """PASS with message ``id_``, or FAIL with ``id_`` and ``-not`` behind it."""
        outcome = Outcome.PASS if good else Outcome.FAIL
        self.write(area, outcome, place, id_ if good else f"{id_}-not", source, **details)
