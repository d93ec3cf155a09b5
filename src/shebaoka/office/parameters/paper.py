"""Published rules as PDF."""

from itertools import count

from shebaoka.office.parameters.models import Publication
from shebaoka.paper.form import FormPaper, Section, form_pdf

_GAP = "\N{NO-BREAK SPACE}" * 2  # at another space the line would be broken
_DIGITS = "零一二三四五六七八九"


def publication_pdf(of: Publication) -> bytes:
    """The version as it was published, the same bytes every time; its hash on every page."""
    article = count(1)
    sections = tuple(
        Section(
            f"第{chinese_number(number)}章　{chapter['title']}",
            text=tuple(f"第{chinese_number(next(article))}条{_GAP}{text}" for text in chapter["items"]),
        )
        for number, chapter in enumerate(of.content["chapters"], 1)
    )
    since = of.since
    return form_pdf(
        FormPaper(
            title=of.content["title"],
            number=f"第{of.version}版",
            body=f"自{since.year}年{since.month}月{since.day}日起施行",
            sections=sections,
            foot=of.digest,
        )
    )


def chinese_number(number: int) -> str:
    """1 to 99 as chapters and articles are numbered.

    >>> chinese_number(3), chinese_number(10), chinese_number(21)
    ('三', '十', '二十一')
    """
    if not 1 <= number <= 99:
        raise ValueError(f"{number} is not between 1 and 99")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")
