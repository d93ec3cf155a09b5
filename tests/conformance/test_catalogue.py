"""No case may be missing: catalogue, code and page agree."""

import re
from pathlib import Path

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


def test_the_committed_page_lists_every_case_with_its_result() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for entry in ENTRIES:
        rows = re.findall(rf"^\| .* \| {entry.id} \| .*$", text, re.MULTILINE)
        assert rows, entry.id
        case = REGISTRY.get(entry.id)
        if case is not None:
            cells = rows[0].strip("| ").split(" | ")[-3:]
            ways = (*(v in case.variants for v in "DS"), case.pcsc)
            wanted = ["passes" if way else "–" for way in ways]
            assert cells == wanted, entry.id


def test_a_failure_shows_on_the_page() -> None:
    text = page(ENTRIES, {("A01", "D"): "failed", ("A01", "S"): "passed"})
    assert "| A01 | cold reset | FAILS | passes | – |" in text
    assert "failing: A01" in text
