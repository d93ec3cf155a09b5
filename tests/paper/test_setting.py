import pytest

from shebaoka.paper.fonts import Family, FontPaths
from shebaoka.paper.setting import Fitted, TooLongTextError, fit, width_mm

FONT = FontPaths().font(Family.SANS)


def test_a_short_text_keeps_its_size() -> None:
    assert fit(FONT, "张三", 25.6, 9.5, 5.6, 2) == Fitted(("张三",), 9.5)


def test_a_longer_text_shrinks_on_one_line_first() -> None:
    fitted = fit(FONT, "一二三四五六七八九十", 25.6, 9.5, 5.6, 2)
    assert fitted.lines == ("一二三四五六七八九十",)
    assert 5.6 < fitted.size < 9.5
    assert width_mm(FONT, fitted.lines[0], fitted.size) <= 25.6
    assert width_mm(FONT, fitted.lines[0], fitted.size + 0.1) > 25.6


def test_a_name_of_several_parts_breaks_between_them() -> None:
    fitted = fit(FONT, "阿卜杜热合曼·买买提依明江·吾拉木丁", 25.6, 9.5, 5.6, 2)
    assert fitted.lines == ("阿卜杜热合曼·", "买买提依明江·吾拉木丁")


def test_without_a_good_place_it_breaks_anywhere_and_loses_nothing() -> None:
    text = "一二三四五六七八九十" * 2 + "百千"
    fitted = fit(FONT, text, 25.6, 9.5, 5.6, 2)
    assert len(fitted.lines) == 2
    assert "".join(fitted.lines) == text


def test_too_long_gives_a_reason() -> None:
    with pytest.raises(TooLongTextError, match=r"does not fit into 25\.6 mm at 5\.6 pt on 2 lines"):
        fit(FONT, "长" * 60, 25.6, 9.5, 5.6, 2)
