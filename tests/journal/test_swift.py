"""The quick look at a record accepts nothing that the careful reading refuses."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shebaoka.journal.canonical import JournalError
from shebaoka.journal.record import frame, next_record, read_record
from shebaoka.journal.swift import glimpse

PLAIN = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
DATA = st.dictionaries(
    st.sampled_from(["a", "hash", "previous", "备注", '"']) | st.text(max_size=4), VALUES, max_size=4
)
TIMES = st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC))


def careful(line: bytes) -> str | None:
    try:
        record = read_record(line)
    except JournalError:
        return None
    return record.hash if record.intact else None


@settings(max_examples=100, deadline=None)
@given(DATA, TIMES)
def test_every_record_is_known_at_a_glance(data: dict[str, object], time: datetime) -> None:
    record = next_record(None, "980100", "x.y", time=time, persons={"actor": "a"}, data=data)
    seen = glimpse(record.line())
    if "hash" not in data:
        assert seen is not None
    if seen is not None:
        assert (seen.chain, seen.sequence, seen.previous, seen.hash, seen.time) == (
            record.chain,
            record.sequence,
            record.previous,
            record.hash,
            record.time,
        )


@settings(max_examples=200, deadline=None)
@given(DATA, st.data())
def test_a_changed_line_is_accepted_by_neither(data: dict[str, object], draw: st.DataObject) -> None:
    time = datetime(2026, 3, 2, 1, 0, 0, 5, tzinfo=UTC)
    line = bytearray(next_record(None, "980100", "x.y", time=time, persons={"actor": "a"}, data=data).line())
    place = draw.draw(st.integers(0, len(line) - 1))
    line[place] = draw.draw(st.integers(0, 255).filter(lambda byte: byte != line[place]))
    if glimpse(bytes(line)) is not None:
        assert careful(bytes(line)) is not None


@pytest.mark.parametrize(
    "data",
    [
        "1.5",
        "1e5",
        "9007199254740992",
        "-0",
        "[" * 20 + "]" * 20,
        '"\\u0041"',
        '{"b":1,"a":2}',
        '{"a":1,"a":1}',
        "NaN",
    ],
)
def test_what_has_no_canonical_form_is_not_accepted_though_its_hash_fits(data: str) -> None:
    end = ',"time":"2026-03-02T01:00:00Z","version":1}'
    begin = f'{{"act":"x","chain":"980100","data":{{"a":{data}}},'
    body = f'"persons":{{}},"previous":"{"0" * 64}","sequence":1{end}'
    fitting = sha256((begin + body).encode()).hexdigest()
    line = f'{begin}"hash":"{fitting}",{body}'.encode()
    assert careful(line) is None
    assert glimpse(line) is None


@pytest.mark.parametrize(
    "time", ["2026-02-30T01:00:00Z", "2026-03-02T24:00:00Z", "2026-03-02T01:00:00.000000Z", "2026-03-02"]
)
def test_a_time_that_is_none_is_not_accepted(time: str) -> None:
    begin, middle, end = frame("980100", "x", time=datetime(2026, 3, 2, 1, tzinfo=UTC), persons={}, data={})
    body = f'{middle}"previous":"{"0" * 64}","sequence":1{end}'.replace("2026-03-02T01:00:00Z", time)
    fitting = sha256((begin + body).encode()).hexdigest()
    line = f'{begin}"hash":"{fitting}",{body}'.encode()
    assert careful(line) is None
    assert glimpse(line) is None


def test_the_frame_is_the_record_around_its_place() -> None:
    time = datetime(2026, 3, 2, 1, tzinfo=UTC)
    data = {"b": "备注", "a": [1, None]}
    record = next_record(None, "980100", "x.y", time=time, persons={"actor": "a"}, data=data)
    begin, middle, end = frame("980100", "x.y", time=time, persons={"actor": "a"}, data=data)
    line = f'{begin}"hash":"{record.hash}",{middle}"previous":"{record.previous}","sequence":1{end}'
    assert line.encode() == record.line()
