"""The shipped texts: complete, with the numbers that are in force where they are used."""

import pytest

from office.country import Country
from shebaoka.office.base.records import writing
from shebaoka.office.parameters.models import Setting
from shebaoka.office.rules import services
from shebaoka.office.rules.choices import DocumentKind
from shebaoka.office.rules.templates import numbers_of, template, text_of
from shebaoka.spec.parameters import parameters


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_template_names_parameters_and_articles_in_order(kind: DocumentKind) -> None:
    assert set(numbers_of(kind)) <= parameters().keys()
    assert len(numbers_of(kind)) >= 4
    lines = text_of(kind).splitlines()
    assert lines[0].startswith("# 第一章")
    articles = [line.split("　")[0] for line in lines if line.startswith("第")]
    assert articles == [f"第{_chinese(number)}条" for number in range(1, len(articles) + 1)]


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_template_can_be_drafted_as_it_is(country: Country, kind: DocumentKind) -> None:
    body = country.organizations["980100"]
    title, text = template(body, kind)
    assert title.startswith("示例甲市")
    assert "{" not in text
    officer = country.actor("980100", "organizations.security-officer")
    made = services.document_draft(officer, organization=body, kind=kind, title=title, text=text)
    assert made.text == text


def test_a_template_says_the_number_of_the_body(country: Country) -> None:
    body = country.organizations["980100"]
    assert "出库最长8小时" in template(body, DocumentKind.KEY_RULES)[1]
    with writing("tests.setting"):
        Setting.objects.create(
            organization=country.organizations["980000"],
            key="custody.out-hours",
            value=4,
            since="2026-03-01",
            revision=1,
            source="P",
            place="示例",
            made_at="2026-03-01T00:00:00Z",
        )
    assert "出库最长4小时" in template(body, DocumentKind.KEY_RULES)[1]
    assert "出库最长8小时" in template(country.organizations["990100"], DocumentKind.KEY_RULES)[1]


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    start = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return start + (digits[ones] if ones else "")
