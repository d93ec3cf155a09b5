"""Round trip of every item of every layout; malformed values never become bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codec.layouts import EVERY_ITEM, LOG
from properties.strategies import values
from shebaoka.codec.compatibility import decode_first_generation
from shebaoka.codec.display import show
from shebaoka.codec.items import (
    ItemError,
    RecordError,
    Value,
    compile_record,
    decode_cyclic,
    decode_record,
    decode_value,
    encode_cyclic,
    encode_record,
    encode_value,
)
from shebaoka.spec.layouts import GENERATIONS, card_layout
from shebaoka.spec.model import FileLayout, Item, Structure

FILES = [
    (f"{generation} {directory.id} {file.id}", directory.id, file)
    for generation in GENERATIONS
    for directory in card_layout(generation, annex=generation == "2.0").directories
    for file in directory.files
    if generation != "3.0"  # the items of 2.0
]
RECORD_FILES = [entry for entry in FILES if entry[2].structure in (Structure.VARIABLE, Structure.FIXED)]
CYCLIC_FILES = [entry for entry in FILES if entry[2].structure is Structure.CYCLIC]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.binary(max_size=20),
    lambda inner: st.dictionaries(st.sampled_from(["10", "11", "12", "99", "x"]), inner, max_size=4),
    max_leaves=6,
)


@pytest.mark.parametrize("item", EVERY_ITEM, ids=lambda item: f"{item.tag:02X} {item.type} {item.meaning}")
@given(data=st.data())
def test_every_type_and_meaning(item: Item, data: st.DataObject) -> None:
    value = data.draw(values(item))
    encoded = encode_value(item, value)
    assert len(encoded) == item.length
    assert decode_value(item, encoded) == value
    assert show(item, value).isprintable() or "\u3000" in show(item, value)


@pytest.mark.parametrize(
    ("name", "directory", "file"), RECORD_FILES, ids=[entry[0] for entry in RECORD_FILES]
)
@settings(max_examples=8)
@given(data=st.data())
def test_every_record_of_every_layout(
    name: str, directory: str, file: FileLayout, data: st.DataObject
) -> None:
    for item in file.items:
        value = data.draw(values(item))
        raw = encode_record(item, value)
        assert raw[:2] == bytes((item.tag, item.length))
        assert len(raw) == 2 + item.length
        assert decode_record(file, raw) == (item, value)
        assert compile_record(item)(value) == raw


@pytest.mark.parametrize(
    ("name", "directory", "file"), CYCLIC_FILES, ids=[entry[0] for entry in CYCLIC_FILES]
)
@settings(max_examples=20)
@given(data=st.data())
def test_every_cyclic_record(name: str, directory: str, file: FileLayout, data: st.DataObject) -> None:
    fields = {item.name.en: data.draw(values(item)) for item in file.items}
    raw = encode_cyclic(file, fields)
    assert len(raw) == file.record_length
    assert decode_cyclic(file, raw) == fields
    assert encode_cyclic(file, {item.name.zh: fields[item.name.en] for item in file.items}) == raw


@pytest.mark.parametrize("item", EVERY_ITEM, ids=lambda item: f"{item.tag:02X} {item.type} {item.meaning}")
@given(value=anything)
def test_any_value_becomes_a_well_formed_item_or_is_refused(item: Item, value: Value) -> None:
    try:
        encoded = encode_value(item, value)
    except ItemError:
        return
    assert len(encoded) == item.length
    again = decode_value(item, encoded)
    assert encode_value(item, again) == encoded


@pytest.mark.parametrize("item", EVERY_ITEM, ids=lambda item: f"{item.tag:02X} {item.type} {item.meaning}")
@given(data=st.data())
def test_any_bytes_are_a_value_or_refused(item: Item, data: st.DataObject) -> None:
    raw = data.draw(st.binary(max_size=2 * item.length))
    try:
        value = decode_value(item, raw)
    except ItemError:
        return
    show(item, value)


@given(st.binary(max_size=40))
def test_any_bytes_are_a_log_record_or_refused(raw: bytes) -> None:
    try:
        fields = decode_cyclic(LOG, raw)
    except (ItemError, RecordError):
        return
    assert list(fields) == [item.name.en for item in LOG.items[: len(fields)]]


@given(
    st.sampled_from([("DF01", 0xEF0A, 0x37), ("DF02", 0xEF06, 0x4B), ("DF04", 0xEF05, 0x81)]),
    st.binary(max_size=80),
)
def test_any_bytes_of_a_reused_tag_are_a_value_or_refused(place: tuple[str, int, int], raw: bytes) -> None:
    try:
        reading = decode_first_generation(*place, raw, {})
    except ItemError:
        return
    assert reading.item.tag == place[2]
