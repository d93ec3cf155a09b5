"""No case may be missing: catalogue, code and page agree."""

from pathlib import Path

import pytest

from conformance.all_cases import REGISTRY
from conformance.catalogue import GROUPS, entries
from conformance.report import page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "conformance.md"
ENTRIES = entries()


def test_every_case_is_listed_once() -> None:
    ids = [entry.id for entry in ENTRIES]
    assert len(ids) == len(set(ids)) == 245
    assert {id_[0] for id_ in ids} == set(GROUPS)


def test_every_case_is_a_test_or_says_why_not() -> None:
    assert {entry.id for entry in ENTRIES if not entry.apart} == set(REGISTRY)


def test_code_and_catalogue_name_the_same_clause() -> None:
    assert {e.id: e.source for e in ENTRIES if not e.apart} == {c.id: c.source for c in REGISTRY.values()}


def test_most_cases_run_in_both_variants_and_many_without_control_of_the_chip() -> None:
    chips = [case for case in REGISTRY.values() if case.fixture != "none"]
    assert sum(case.variants == ("D", "S") for case in chips) > 0.85 * len(chips)
    assert sum(case.pcsc for case in chips) > 120


def test_the_committed_page_lists_every_case_with_its_result(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("conformance_report", default=None) is not None:
        return  # it is being written
    runs = {(case.id, variant): "passed" for case in REGISTRY.values() for variant in case.variants}
    runs |= {(case.id, "PC/SC"): "passed" for case in REGISTRY.values() if case.pcsc}
    assert PAGE.read_text(encoding="utf-8") == page(ENTRIES, runs)


def test_a_failure_shows_on_the_page() -> None:
    text = page(ENTRIES, {("A01", "D"): "failed", ("A01", "S"): "passed"})
    assert "| A01 | cold reset | FAILS | passes | – |" in text
    assert "failing: A01" in text
