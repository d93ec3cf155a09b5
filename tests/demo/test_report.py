"""The report is well-formed, needs nothing from outside, and can be read by machine and by ear."""

import base64
from html.parser import HTMLParser

from shebaoka.demo.report import (
    Figure,
    Figures,
    Group,
    Numbers,
    Outcome,
    Proof,
    Proofs,
    Prose,
    Table,
    render,
)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
PAGE = render(
    "社会保障卡 <report>",
    "Cards & people",
    (
        Numbers((("Cards", "1,000"),)),
        Prose("Next", ("Try this",), "shebaoka card read <CHIP>"),
        Figures("Faces", (Figure(PNG, 'Front of the card of "王"', "Front"), Figure(b"<svg/>", "x", "y"))),
        Table(
            "Content",
            ("Item", "Value", "Fen"),
            (
                Group("EF06 基本信息", (("姓名", "欧阳<b>", "1"), ("Sex", "2", "3"))),
                Group("", (("a", "b", "c"),)),
            ),
            "All files",
            frozenset({2}),
        ),
        Proofs(
            "Proofs",
            (
                Proof("Read", Outcome.OK, "43 files", 0.123),
                Proof("Read abroad", Outcome.REFUSED, "6982"),
                Proof("Broken", Outcome.FAILED, "why"),
            ),
        ),
    ),
    footer="Invented people only",
    font=lambda text: text.encode(),
)
VOID = {"meta", "img", "br", "link"}


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)


def parsed() -> Reader:
    reader = Reader()
    reader.feed(PAGE)
    assert not reader.open
    return reader


def test_tags_are_balanced_and_values_escaped() -> None:
    text = "".join(parsed().words)
    assert "欧阳<b>" in text
    assert "Cards & people" in text
    assert "shebaoka card read <CHIP>" in text
    assert all(tag != "b" for tag, _ in parsed().tags)


def test_nothing_is_fetched_from_outside() -> None:
    for tag, attributes in parsed().tags:
        assert tag not in {"script", "link", "iframe"}
        for name in ("src", "href"):
            assert attributes.get(name) is None or str(attributes[name]).startswith("data:")
    assert PAGE.count("url(") == PAGE.count("url(data:font/woff;base64,") == 1
    assert "@import" not in PAGE


def test_headings_tables_and_pictures_are_accessible() -> None:
    tags = parsed().tags
    assert [tag for tag, _ in tags if tag == "h1"] == ["h1"]
    assert dict(tags[0][1])["lang"] == "en"
    assert all(attributes.get("scope") for tag, attributes in tags if tag == "th")
    assert all(attributes.get("alt") for tag, attributes in tags if tag == "img")
    assert 'Front of the card of "王"' in [attributes.get("alt") for _, attributes in tags]


def test_chinese_is_marked_for_the_voice() -> None:
    assert '<span lang="zh">姓名</span>' in PAGE
    assert '<span lang="zh">社会保障卡</span>' in PAGE


def test_the_page_carries_a_font_for_its_chinese_only() -> None:
    start = PAGE.index("base64,") + len("base64,")
    asked_for = base64.b64decode(PAGE[start : PAGE.index(")", start)]).decode()
    assert set("社会保障卡姓名欧阳基本信息") <= set(asked_for)
    assert not any(c.isascii() for c in asked_for)


def test_light_dark_and_print() -> None:
    assert "prefers-color-scheme: dark" in PAGE
    assert "@media print" in PAGE


def test_outcomes_are_told_in_words_not_only_in_color() -> None:
    text = "".join(parsed().words)
    assert text.count("✓ done") == 1
    assert text.count("refused, as it must be") == 1
    assert text.count("✗ failed") == 1
    assert "0.12 s" in text
