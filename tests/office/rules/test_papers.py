"""Rules and drills on paper."""

from io import BytesIO

from pypdf import PdfReader

from office.country import Country
from office.ready import rules_in_force
from shebaoka.office.rules.models import Document, Drill
from shebaoka.office.rules.papers import document_pdf, drill_pdf


def plain(pdf: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return text.replace("\x00", "").replace("\n", "").replace(" ", "")


def test_rules_are_printed_with_who_acknowledged_them(country: Country) -> None:
    rules_in_force(country, "980100")
    document = Document.objects.get(kind="key-rules")
    text = plain(document_pdf(document))
    for word in (
        "示例甲市示例制度",
        "第1版",
        "总则",
        "自2026年2月1日起施行",
        "980100-key-custodian-3",
        document.digest,
    ):
        assert word in text, word
    assert "psam-keeper" not in text


def test_a_drill_is_printed(country: Country) -> None:
    rules_in_force(country, "980100")
    text = plain(drill_pdf(Drill.objects.get()))
    for word in ("应急演练记录", "密钥母卡遗失", "示例甲、示例乙", "合格", "应急预案第1版", "2026年2月1日"):
        assert word in text, word
