"""The printed transcript: what stands on which page, a place to sign for everybody, the same bytes again."""

import io
from dataclasses import replace
from functools import cache

import pypdf
import pytest

from shebaoka.paper.fonts import FontError
from shebaoka.paper.transcript import Grid, PaperStep, TranscriptPaper, transcript_pdf

HEAD = "0123456789abcdef" * 4
PEOPLE = (("密钥保管人 A", "示例甲"), ("密钥保管人 B", "示例乙"), ("操作员", "示例丙"), ("见证人", "示例丁"))


def paper(keys: int = 4) -> TranscriptPaper:
    rows = tuple((str(number), f"UK{number}", f"{number:06X}") for number in range(keys))
    return TranscriptPaper(
        title="示例密钥仪式",
        number="RS-2026-001",
        body="示例部",
        outcome="已完成",
        held=True,
        facts=(("事由", "测试"),),
        persons_title="参加人员",
        persons=Grid(("角色", "姓名"), PEOPLE, (1, 1)),
        steps_title="步骤",
        steps=(PaperStep("审批确认", "09:30:00", (("批件文号", "1号"),)), PaperStep("样卡测试", "09:31:00")),
        keys_title="密钥校验值",
        keys=Grid(("序号", "密钥", "校验值"), rows, (1, 2, 2)),
        head_title="链头哈希",
        head=HEAD,
        head_note="核对后签名",
        signatures_title="签名",
        signatures=PEOPLE,
        signature_labels=("签名", "日期"),
        pages="第 {page} 页 共 {pages} 页",
        test="测试",
    )


@cache
def printed(keys: int) -> tuple[str, ...]:
    pages = pypdf.PdfReader(io.BytesIO(transcript_pdf(paper(keys)))).pages
    assert {round(float(page.mediabox.height)) for page in pages} == {842}
    return tuple(page.extract_text().replace("\x00", "") for page in pages)


def test_every_page_has_its_number_the_count_and_the_head_hash() -> None:
    pages = printed(120)
    assert len(pages) > 3
    for number, text in enumerate(pages, 1):
        assert f"第 {number} 页 共 {len(pages)} 页" in text
        assert HEAD in text
        assert "测试" in text


def test_the_table_goes_on_with_its_head_and_loses_no_row() -> None:
    pages = printed(120)
    whole = "\n".join(pages)
    assert all(f"{number:06X}" in whole for number in range(120))
    assert sum("序号" in text for text in pages) >= 2


def test_everybody_has_a_place_to_sign_beside_the_hash() -> None:
    for keys in (4, 120):
        last = printed(keys)[-1]
        for role, name in PEOPLE:
            assert role in last
            assert name in last
        assert last.count("日期") == len(PEOPLE)
        assert HEAD[:8] in last


def test_steps_are_numbered_in_order() -> None:
    text = printed(4)[0]
    assert text.index("审批确认") < text.index("样卡测试")


def test_the_same_transcript_gives_the_same_bytes() -> None:
    assert transcript_pdf(paper()) == transcript_pdf(paper())
    assert transcript_pdf(paper()) != transcript_pdf(replace(paper(), head="f" * 64))


def test_a_character_the_font_lacks_is_named() -> None:
    with pytest.raises(FontError, match=r"U0001f511|🔑"):
        transcript_pdf(replace(paper(), title="密钥🔑"))
