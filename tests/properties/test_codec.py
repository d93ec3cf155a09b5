"""Round trips of every codec; and whatever comes in, the answer is a value, bytes or ValueError."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.strategies import digits, gbk_text
from shebaoka.codec import tlv
from shebaoka.codec.apdu import Command, Response, parse_command, parse_response
from shebaoka.codec.digits import decode_cn, encode_cn
from shebaoka.codec.directory import Entry, encode_entry, parse_record
from shebaoka.codec.fci import Fci, build_fci, parse_fci
from shebaoka.codec.reset import accept_atr, build_atr, build_ats, historical_bytes, parse_atr, parse_ats
from shebaoka.codec.text import TextError, decode_an, encode_an, encode_gbk, split_an, truncate_an
from shebaoka.crypto.padding import pad_data, pad_mac, unpad_data
from shebaoka.spec.algorithm import Algorithm

byte = st.integers(0, 255)
objects = st.lists(st.tuples(byte, st.binary(max_size=255)), max_size=8)


@given(byte, byte, byte, byte, st.binary(max_size=255), st.none() | st.integers(1, 256))
def test_command(cla: int, ins: int, p1: int, p2: int, data: bytes, le: int | None) -> None:
    command = Command(cla, ins, p1, p2, data, le)
    assert parse_command(command.encode()) == command


@given(st.binary(max_size=300))
def test_any_bytes_are_a_command_or_refused(raw: bytes) -> None:
    try:
        command = parse_command(raw)
    except ValueError:
        return
    assert command.encode() == raw


@given(st.binary(max_size=256), st.integers(0, 0xFFFF))
def test_response(data: bytes, sw: int) -> None:
    assert parse_response(Response(data, sw).encode()) == Response(data, sw)


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), digits(2 * n))))
def test_digits(case: tuple[int, str]) -> None:
    length, text = case
    data = encode_cn(text, length)
    assert len(data) == length
    assert decode_cn(data) == text


@given(st.integers(0, 80).flatmap(lambda n: st.tuples(st.just(n), gbk_text(n))))
def test_text(case: tuple[int, str]) -> None:
    length, text = case
    data = encode_an(text, length)
    assert len(data) == length
    assert decode_an(data) == decode_an(data, lenient=True) == text


@given(st.text(max_size=30), st.integers(0, 60))
def test_any_text_is_encoded_whole_or_refused_with_its_character(text: str, length: int) -> None:
    try:
        data = encode_an(text, length)
    except TextError:
        return
    assert decode_an(data) == text


@given(st.binary(max_size=40))
def test_any_bytes_are_shown_leniently(data: bytes) -> None:
    assert "\0" not in decode_an(data, lenient=True)


@given(gbk_text(80), st.integers(0, 80))
def test_truncation_is_the_longest_beginning_that_fits(text: str, length: int) -> None:
    kept = truncate_an(text, length)
    assert text.startswith(kept)
    assert len(encode_gbk(kept)) <= length
    if kept != text:
        assert len(encode_gbk(text[: len(kept) + 1])) > length


@given(gbk_text(52))
def test_split_name_joins_again(name: str) -> None:
    try:
        head, tail = split_an(name, 30, 20)
    except TextError:
        assert len(encode_gbk(name)) > 49
        return
    assert head + tail == name
    assert len(encode_an(head, 30)) + len(encode_an(tail, 20)) == 50
    assert not tail or len(encode_gbk(head)) >= 29


@given(objects)
def test_tlv(pairs: list[tuple[int, bytes]]) -> None:
    assert tlv.parse(tlv.encode_all(pairs)) == pairs


@given(st.binary(max_size=60))
def test_any_bytes_are_tlv_or_refused(data: bytes) -> None:
    try:
        pairs = tlv.parse(data)
    except tlv.TlvError:
        return
    assert tlv.encode_all(pairs) == data


@given(
    st.binary(min_size=1, max_size=16),
    st.none() | st.integers(1, 30),
    st.none() | st.sampled_from([Algorithm.TDES, Algorithm.SSF33, Algorithm.SM4]),
)
def test_fci(name: bytes, sfi: int | None, algorithm: Algorithm | None) -> None:
    fci = parse_fci(build_fci(name, sfi, algorithm))
    assert fci == Fci(name, sfi, algorithm.fci if algorithm else None)
    assert fci.algorithm is (algorithm or Algorithm.TDES)


@given(st.lists(st.builds(Entry, st.binary(min_size=5, max_size=16), gbk_text(16)), max_size=4))
def test_directory_record(entries: list[Entry]) -> None:
    assert parse_record(b"".join(map(encode_entry, entries))) == entries


@given(st.binary(max_size=15), st.none() | st.sampled_from([0x01, 0x43, 0x82]))
def test_atr_and_ats(historical: bytes, ta3: int | None) -> None:
    raw = build_atr(historical, ta3)
    assert accept_atr(raw).historical == historical
    assert parse_ats(build_ats(historical)) == historical
    if len(historical) == 13:
        assert historical_bytes(raw) == historical_bytes(build_ats(historical)) == historical


@pytest.mark.parametrize(
    "parser", [parse_fci, parse_record, parse_atr, accept_atr, parse_ats, historical_bytes]
)
@given(data=st.binary(max_size=40))
def test_any_bytes_are_parsed_or_refused(parser: object, data: bytes) -> None:
    assert callable(parser)
    try:
        parser(data)
    except ValueError:
        return


@given(st.binary(max_size=255), st.sampled_from([8, 16]))
def test_padding(data: bytes, block: int) -> None:
    framed = pad_data(data, block)
    assert len(framed) % block == 0
    assert unpad_data(framed) == data
    padded = pad_mac(data, block)
    assert len(padded) % block == 0
    assert padded.rstrip(b"\0") == data + b"\x80"
