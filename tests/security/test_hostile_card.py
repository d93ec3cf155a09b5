"""A card that says what no honest card says: text that would steer the screen of whoever reads it."""

import io

import pytest

from card.host import account
from chip.build import SSSE, Algorithm, build_card
from shebaoka.card.card import open_card
from shebaoka.chip.values import CONTENT
from shebaoka.codec.text import TextError, decode_an
from shebaoka.reader.in_process import InProcessReader
from shebaoka.reader.trace import Trace, printing

EVIL = b"\x1b]0;owned\x07\x1b[2J\r\nname"


def test_control_characters_are_no_text() -> None:
    for control in (*range(1, 0x20), 0x7F):
        data = b"A" + bytes((control,)) + b"B"
        with pytest.raises(TextError, match="control character"):
            decode_an(data)
        assert decode_an(data, lenient=True) == "A\ufffdB"
    assert decode_an("全　名".encode("gbk")) == "全　名"  # the ideographic space is no control


def test_a_trace_prints_no_control_character_of_a_card() -> None:
    store = build_card(Algorithm.TDES, account=account())
    chip = open_card(store)
    ssse = next(found.number for found in chip.tree.directories.values() if found.name == SSSE)
    directory = b"\x61" + bytes((2 + 6 + 2 + 14,)) + b"\x4f\x06D15600\x50\x0e" + EVIL[:14]
    store.commit(
        {
            (CONTENT, ssse, 0xEF05, 0): (b"\x07" + bytes((len(EVIL),)) + EVIL, b"\x02\x01\x1b"),
            (CONTENT, ssse, 0xEF1E, 0): (directory,),
        }
    )
    out = io.StringIO()
    trace = Trace(InProcessReader(chip), sinks=[printing(out)])
    trace.reset()
    for command in ("00A404000F7378312E73682EC9E7BBE1B1A3D5CF", "00B2012C00", "00B2022C03", "00B201F400"):
        answer = trace.transmit(bytes.fromhex(command))
        if answer[0] == 0x6C:
            trace.transmit(bytes.fromhex(command[:-2]) + answer[1:])
    text = out.getvalue()
    assert "EF05" in text
    assert all(character == "\n" or character >= " " for character in text)
