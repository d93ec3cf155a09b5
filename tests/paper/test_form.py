"""Official forms on paper: every word is there, pages are numbered, the same form gives the same bytes."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from shebaoka.paper.fonts import FontError
from shebaoka.paper.form import FormPaper, Section, form_pdf
from shebaoka.paper.transcript import Grid

PAPER = FormPaper(
    title="安全事件报告表",
    number="SJ-980100-2026-0001",
    body="示例甲市人力资源和社会保障局",
    mark="机密",
    attachment="官方附件号",
    foot="F13",
    sections=(
        Section("一、基本情况", facts=(("事件类型", "密钥载体丢失"), ("等级", "Ⅲ级"), ("时间", "9时"))),
        Section("二、报告情况", pairs=True, facts=(("上级", "已报"), ("部级", "已报"), ("保密", "无"))),
        Section("三、受影响对象", grid=Grid(("类别", "编号"), (("密钥", "K-1"), ("PSAM卡", "P-2")), (1, 2))),
        Section("四、处置", text=("# 第一章", "更换锁具。", "第二段。")),
        Section(signatures=(("填报人", "示例甲"), ("负责人", "示例乙"), ("复核", ""))),
        Section(closing=("示例甲市", "2026年3月2日")),
    ),
)


def text_of(pdf: bytes) -> list[str]:
    return [page.extract_text().replace("\x00", "") for page in PdfReader(BytesIO(pdf)).pages]


def test_every_word_is_on_the_paper() -> None:
    (page,) = text_of(form_pdf(PAPER))
    plain = page.replace("\n", "")
    for word in (
        *(
            "安全事件报告表",
            "SJ-980100-2026-0001",
            "示例甲市人力资源和社会保障局",
            "机密",
            "官方附件号",
            "F13",
        ),
        *(
            "一、基本情况",
            "密钥载体丢失",
            "已报",
            "PSAM卡",
            "P-2",
            "第一章",
            "更换锁具。",
            "填报人",
            "示例乙",
        ),
        *("2026年3月2日", "第1页，共1页", "签字"),
    ):
        assert word in plain, word


def test_the_same_form_gives_the_same_bytes() -> None:
    assert form_pdf(PAPER) == form_pdf(PAPER)


def test_a_long_form_has_numbered_pages_with_body_and_number_on_each() -> None:
    long = Section("正文", text=tuple(f"第{number}条　内容。" * 6 for number in range(1, 60)))
    table = Section("清单", grid=Grid(("甲", "乙"), tuple((str(n), "乙") for n in range(80)), (1, 1)))
    paper = FormPaper("制度", "1", "示例甲市", (long, table, *PAPER.sections))
    pages = text_of(form_pdf(paper))
    assert len(pages) > 4
    for number, page in enumerate(pages, 1):
        assert "示例甲市" in page
        assert f"第{number}页，共{len(pages)}页" in page.replace("\n", "")


def test_a_character_no_font_has_is_named() -> None:
    with pytest.raises(FontError, match="the font has no"):
        form_pdf(FormPaper("表", "1", "示例", (Section(text=("\U0001f600",)),)))
