from pathlib import Path

import pytest

from shebaoka.paper.fonts import Family, FontError, FontPaths, missing_glyphs, open_font, subset

SANS = FontPaths().font(Family.SANS)


def test_common_and_rare_names_can_be_written() -> None:
    assert missing_glyphs("张伟 欧阳云岚 阿卜杜热合曼·买买提 㛃䶮𬭎𣲗") == []


def test_missing_characters_are_named_once_in_order() -> None:
    assert missing_glyphs("𠮷王𠮷\U0002ebf0") == ["𠮷", "\U0002ebf0"]


def test_zero_width_characters_leave_no_box() -> None:
    assert missing_glyphs("张\u200b三") == []


def test_width_of_chinese_is_one_em_and_digits_are_equal() -> None:
    assert SANS.width("社会保障") == pytest.approx(4.0)
    assert len({SANS.width(d) for d in "0123456789"}) == 1


def test_ink_lies_inside_the_em_and_skips_spaces() -> None:
    left, bottom, right, top = SANS.ink(" 国 ")
    assert SANS.width(" ") < left < right < 1.0 + SANS.width(" ")
    assert -0.2 < bottom < 0.0 < top < 1.0
    assert SANS.ink("  ") == (0.0, 0.0, 0.0, 0.0)


def test_title_uses_serif_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = FontPaths()
    assert paths.path(Family.TITLE) == paths.path(Family.SERIF) != paths.path(Family.SANS)
    monkeypatch.setenv("SHEBAOKA_FONT_TITLE", str(paths.path(Family.SANS)))
    assert paths.path(Family.TITLE) == paths.path(Family.SANS)


def test_a_subset_holds_the_wanted_glyphs_and_is_small(tmp_path: Path) -> None:
    part = tmp_path / "part.woff"
    part.write_bytes(subset("社会保障", SANS.path))
    assert part.stat().st_size < 20_000
    assert open_font(part).missing("社会保障卡") == ["卡"]


def test_missing_font_file_says_which_variable_to_set(tmp_path: Path) -> None:
    with pytest.raises(FontError, match="SHEBAOKA_FONT_SANS"):
        FontPaths(sans=tmp_path / "none.otf").font(Family.SANS)


@pytest.mark.parametrize("content", [b"", b"not a font at all, only some text", b"OTTO\x00\x0c\x00\x80"])
def test_a_file_that_is_no_font_is_refused(tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "bad.otf"
    bad.write_bytes(content)
    with pytest.raises(FontError, match=r"bad\.otf cannot be read"):
        open_font(bad)
