"""Names by character class: what is kept as written, how the chip writes it, what is refused."""

import pytest

from shebaoka.codec.text import encode_gbk
from shebaoka.domain import names
from shebaoka.domain.names import CharacterClass as Kind
from shebaoka.domain.names import UnfitNameError, check, chip_form, classify

KEPT = [
    ("Anna Lee", "A", Kind.ASCII, "Anna Lee"),
    ("张伟", "张", Kind.GBK, "张伟"),
    ("王〇", "〇", Kind.GBK, "王〇"),
    ("阿依古丽·买买提", "·", Kind.DOT, "阿依古丽·买买提"),
    ("阿依古丽•买买提", "•", Kind.DOT, "阿依古丽·买买提"),
    ("Ruǹa", "ǹ", Kind.GB18030_2, ""),
    ("李㛃", "㛃", Kind.GB18030_4, ""),
    ("王䶮", "䶮", Kind.GB18030_2, ""),
    ("王𠮷", "𠮷", Kind.EXTENSION, ""),
    ("刘𬭎", "𬭎", Kind.EXTENSION, ""),
    ("陈\U000303d3", "\U000303d3", Kind.EXTENSION, ""),
    ("葛\U000e0100城", "\U000e0100", Kind.VARIANT, ""),
    ("Jose\u0301", "\u0301", Kind.COMBINING, "José"),
    ("Nguye\u0302\u0303n", "\u0303", Kind.COMBINING, ""),
]
REFUSED = [
    ("王\ue000", Kind.PRIVATE),
    ("王\U000f0000", Kind.PRIVATE),
    ("王😀", Kind.EMOJI),
    ("王☺", Kind.EMOJI),
    ("张\n伟", Kind.CONTROL),
    ("张\u200b伟", Kind.CONTROL),
    ("张\u202e伟", Kind.CONTROL),
    ("张\ud800", Kind.CONTROL),
    ("张\u0378", Kind.UNASSIGNED),
    ("张?", Kind.OTHER),
    ("张<b>", Kind.OTHER),
    ("张？", Kind.OTHER),
    ("\u0301a", Kind.COMBINING),
]


@pytest.mark.parametrize(("name", "character", "kind", "chip"), KEPT)
def test_kept_as_written(name: str, character: str, kind: Kind, chip: str) -> None:
    assert classify(character) is kind
    check(name)
    form = chip_form(name)
    assert form.text == chip
    assert form.changed == (chip != name)
    if chip:
        assert encode_gbk(chip).decode("gbk") == chip
    else:
        assert form.lacking


@pytest.mark.parametrize(("name", "kind"), REFUSED)
def test_refused(name: str, kind: Kind) -> None:
    with pytest.raises(UnfitNameError) as error:
        check(name)
    assert error.value.kind is kind
    assert error.value.position in (1, 2)


def test_a_decided_form_is_used_where_gbk_has_it() -> None:
    assert chip_form("王𠮷", "王吉").text == "王吉"
    assert chip_form("王𠮷", "王𠮷").text == ""


def test_code_points() -> None:
    assert names.code_points("𠮷A") == "U+20BB7 U+0041"
