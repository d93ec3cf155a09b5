"""The grammar of scripts: what parses, what does not and how that is said."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shebaoka.reader.script import ScriptError, Slot, load_script, parse_script
from shebaoka.reader.script.grammar import Comment, Expect, Random, Reset, Send, Strict, Tear, Time
from shebaoka.reader.script.pattern import parse_pattern


def test_every_kind_of_line() -> None:
    text = """
# a card
reset
< 3B 6D ...
strict
random 0102 03
> 00 84 00 00 04   # a trailing note
< 010203..9000 | 6985

psam random FF
psam reset
psam> 0084000008
psam< ...
time 20260102030405
tear 3
> 00DC
"""
    steps = parse_script(text).steps
    assert [type(step) for step in steps] == [
        Comment,
        Reset,
        Expect,
        Strict,
        Random,
        Send,
        Expect,
        Random,
        Reset,
        Send,
        Expect,
        Time,
        Tear,
        Send,
    ]
    assert steps[5] == Send(7, Slot.CARD, bytes.fromhex("0084000004"))
    assert steps[7] == Random(10, Slot.PSAM, b"\xff")
    assert steps[11] == Time(14, datetime(2026, 1, 2, 3, 4, 5))
    assert steps[12] == Tear(15, 3)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("send 00", "'send' begins no line of a script"),
        ("> 00A", "3 hex digits are not whole bytes"),
        ("> 00G0", "'G' is not a hex digit"),
        (">", "hex bytes are missing"),
        ("> 00B0..", "'.' is not a hex digit"),
        ("> 00\n<", "an expected answer is empty"),
        ("> 00\n< 9000 |", "an expected answer is empty"),
        ("> 00\n< 9.00", "1 hex digits are not whole bytes"),
        ("> 00\n< 63.", "a single dot means nothing"),
        ("> 00\n< 9000\n< 9000", "a second answer to one command"),
        ("< 9000", "an answer without a `>` line"),
        ("> 00\npsam< 9000", "an answer without a `psam>` line"),
        ("> 00\nrandom 01\n< 9000", "an answer without a `>` line"),
        ("reset now", "`reset` stands alone"),
        ("strict 1", "`strict` stands alone"),
        ("time 2026", "'2026' is no time"),
        ("time 20261302030405", "'20261302030405' is no time"),
        ("tear 0", "1 or more, not '0'"),
        ("tear x", "1 or more, not 'x'"),
        ("psam tear 1", "without `psam`"),
        ("random", "hex bytes are missing"),
        ("psam", "'psam' begins no line"),
    ],
)
def test_errors_name_file_line_and_problem(line: str, problem: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse_script(f"# first\n{line}", "x.script")
    assert problem in str(caught.value)
    number = 1 + len(line.splitlines())
    assert str(caught.value).startswith(f"x.script, line {number}: ")


@pytest.mark.parametrize(
    ("pattern", "fits", "fails"),
    [
        ("9000", ["9000"], ["6982", "009000", ""]),
        ("01 .. 9000", ["01009000", "010A9000", "01FF9000"], ["019000", "0101029000"]),
        ("...", ["", "9000", "0A0A9000"], []),
        ("61 ...", ["61", "611E"], ["9000"]),
        ("6F ... 9000", ["6F9000", "6F01029000"], ["6F6982"]),
        ("..... 9000", ["AA9000", "AABBCC9000"], ["9000"]),
        ("9000 | 63..", ["9000", "63C2"], ["6982"]),
    ],
)
def test_patterns(pattern: str, fits: list[str], fails: list[str]) -> None:
    parsed = parse_pattern(pattern)
    assert [answer for answer in fits if not parsed.matches(bytes.fromhex(answer))] == []
    assert [answer for answer in fails if parsed.matches(bytes.fromhex(answer))] == []


@given(st.binary(min_size=2, max_size=40), st.data())
def test_an_answer_fits_itself_with_any_bytes_blanked(answer: bytes, data: st.DataObject) -> None:
    blanked = data.draw(st.sets(st.integers(0, len(answer) - 1)))
    text = " ".join(".." if i in blanked else f"{byte:02x}" for i, byte in enumerate(answer))
    assert parse_pattern(text).matches(answer)
    assert not parse_pattern(text).matches(answer + b"\x00")


@given(st.text(max_size=60))
def test_any_text_parses_or_is_refused_with_its_line(text: str) -> None:
    try:
        parse_script(text)
    except ScriptError as error:
        refusal = error
    else:
        return
    assert 1 <= refusal.line <= len(text.splitlines())


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="cannot be read: No such file"):
        load_script(tmp_path / "absent")
    latin = tmp_path / "latin"
    latin.write_bytes(b"# \xe9\n")
    with pytest.raises(ScriptError, match=r"not UTF-8 text \(byte 3\)"):
        load_script(latin)
    marked = tmp_path / "bom"
    marked.write_bytes(b"\xef\xbb\xbfreset\n")
    assert len(load_script(marked).steps) == 1
