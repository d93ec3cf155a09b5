"""The canonical form: fixed bytes for fixed values, one form for each value, a refusal for the rest."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.chains import chain
from shebaoka.journal.canonical import JournalError, canonical, parse

GOLDEN = Path(__file__).parent / "golden"
BEIJING = timezone(timedelta(hours=8))

VALUES: tuple[object, ...] = (
    None,
    True,
    0,
    -(2**53 - 1),
    "社会保障卡 \u2028\x7f\U00020bb7",
    'quote " backslash \\ slash / tab \t line \n bell \x07 unit \x1f',
    "e\u0301 is not \u00e9",
    date(2026, 3, 1),
    datetime(2026, 3, 1, 9, 30, tzinfo=BEIJING),
    datetime(2026, 3, 1, 1, 30, 0, 120, tzinfo=UTC),
    [],
    {},
    {"b": 1, "a": [{"Z": None, "\uffff": 1, "\U00010000": 2, "": 3}], "é": False, "e": ()},
)


def test_the_bytes_of_version_1_never_change() -> None:
    """Whoever changes these files makes a new version and keeps reading this one."""
    assert b"".join(canonical(value) + b"\n" for value in VALUES) == (GOLDEN / "values-1.jsonl").read_bytes()


def test_the_chain_of_version_1_never_changes() -> None:
    written = b"".join(record.line() + b"\n" for record in chain(3))
    assert written == (GOLDEN / "chain-1.jsonl").read_bytes()
    assert chain(3)[-1].hash == "a2d0d120265dce974336d007a2a17ffdf0547012bcbdfa30e43696e0589d4c84"


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"a": [1, 1.0]}, "value.a[1]"),
        ({"a": float("nan")}, "value.a"),
        (b"key", "value"),
        ({1: 2}, "value"),
        (2**53, "value"),
        (datetime(2026, 3, 1), "2026-03-01T00:00:00"),
        ({"a": {1, 2}}, "value.a"),
        (object(), "value"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value: object, place: str) -> None:
    with pytest.raises(JournalError) as refused:
        canonical(value)
    assert place in str(refused.value)


def test_half_a_character_and_a_bottomless_value_are_refused() -> None:
    with pytest.raises(JournalError, match="surrogate"):
        canonical({"a": "\ud800"})
    deep: list[Any] = []
    for _ in range(40):
        deep = [deep]
    with pytest.raises(JournalError, match="deeper"):
        canonical(deep)


@pytest.mark.parametrize(
    "line",
    [
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":2}',
        b'{"a":1.0}',
        b'{"a":NaN}',
        b'"\\u0061"',
        b'"\\/"',
        b"\xff",
        b"",
        b"[" * 100_000,
        b'"\\ud800"',
        b"1" * 5000,
        b"\xef\xbb\xbf1",
    ],
)
def test_other_spellings_are_not_read(line: bytes) -> None:
    with pytest.raises(JournalError):
        parse(line)


VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(VALUE)
def test_every_value_has_one_form_that_reads_back(value: object) -> None:
    line = canonical(value)
    assert parse(line) == value == json.loads(line)
    assert b"\n" not in line
    assert canonical(json.loads(json.dumps(value))) == line


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), st.none()))
def test_members_stand_in_the_order_of_their_bytes(value: dict[str, None]) -> None:
    assert list(json.loads(canonical(value))) == sorted(value, key=str.encode)


@given(st.datetimes(timezones=st.timezones()))
def test_one_instant_has_one_form(time: datetime) -> None:
    try:
        there = time.astimezone(BEIJING)
    except OverflowError:
        return
    assert canonical(time) == canonical(there)
