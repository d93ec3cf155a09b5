"""Whatever a list holds: one clear error or a report, never anything else."""

import contextlib
import string
import tempfile
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from personalization.support import id_number
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.journal import Appender, frames
from shebaoka.personalization.mapping import InputForm, MappingFile, bind, open_source
from shebaoka.personalization.rows import RowEncoder
from shebaoka.personalization.sources import BadRow
from shebaoka.personalization.targets import parse_target, record_places
from shebaoka.spec.layouts import card_layout

LAYOUT = card_layout("2.0")
COLUMNS = ["SSSE.EF06.08", "name", "pin", "bank_pan", "medical.balance", "DF02.EF07[1].01", "SSSE.EF08"]
COLUMNS += [place.text for place in record_places(LAYOUT) if place.item and not place.item.children][13:60]
ENCODER = RowEncoder(bind(MappingFile(), COLUMNS, LAYOUT), LAYOUT, Path("/nonexistent"))
CELL = st.text(max_size=40) | st.sampled_from(
    ["", "1", "01", "2020-01-01", "20200230", "980100", id_number(1)]
)


@given(st.lists(CELL, min_size=len(COLUMNS), max_size=len(COLUMNS)))
@settings(max_examples=80, deadline=None)
def test_any_row_gives_records_or_problems(cells: list[str]) -> None:
    person, problems = ENCODER.encode(3, cells)
    for problem in problems:
        assert problem.what
        assert problem.advice
        assert problem.column
    for place, record in zip(ENCODER.plan.places, person.records, strict=True):
        if record and place.number and place.item is not None:
            assert record[:2] == bytes((place.item.tag, place.item.length))
            assert len(record) == place.item.length + 2


@given(st.binary(max_size=300), st.sampled_from(["csv", "xlsx", "fixed"]))
@settings(max_examples=80, deadline=None)
def test_any_bytes_as_a_list(content: bytes, kind: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        path.write_bytes(content)
        fields = [{"name": "a", "width": 3}, {"name": "b", "width": 2}]
        form = msgspec.convert({"format": kind, "fields": fields}, InputForm)
        try:
            source = open_source(path, form)
            for row in source.rows():
                assert isinstance(row, BadRow) or len(row[1]) == len(source.columns)
        except PersonalizationError as error:
            line = str(error)
        else:
            return
        assert str(path) in line
        assert "\n" not in line


@given(st.text(alphabet=string.ascii_uppercase + string.digits + ".[]", max_size=24))
@settings(max_examples=150, deadline=None)
def test_any_text_as_a_place(text: str) -> None:
    with contextlib.suppress(PersonalizationError):
        assert parse_target(LAYOUT, text).place.text


@given(st.lists(st.binary(max_size=60), max_size=6), st.data())
@settings(max_examples=60, deadline=None)
def test_a_journal_cut_anywhere_keeps_its_whole_frames_and_goes_on(
    payloads: list[bytes], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal"
        appender = Appender(path)
        appender.append_all(payloads)
        appender.close()
        whole = path.read_bytes()
        cut = data.draw(st.integers(0, len(whole)))
        path.write_bytes(whole[:cut])
        kept = list(frames(path))
        assert kept == payloads[: len(kept)]
        assert sum(len(payload) + 8 for payload in kept) <= cut
        assert kept == payloads or sum(len(payload) + 8 for payload in payloads[: len(kept) + 1]) > cut
        again = Appender(path)
        again.append(b"more")
        again.close()
        assert list(frames(path)) == [*kept, b"more"]
