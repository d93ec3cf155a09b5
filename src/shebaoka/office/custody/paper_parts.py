"""What the forms of custody share: names, days, and the sheet itself."""

from datetime import date, datetime

from shebaoka.office.base import clock
from shebaoka.office.organizations.models import Staff
from shebaoka.paper.form import FormPaper, Section, form_pdf

KINDS = {"master-control": "主控密钥卡", "mother": "密钥母卡", "transmission": "传输密钥卡"}


def paper(
    title: str,
    number: str,
    body: str,
    code: str,
    sections: tuple[Section, ...],
    signatures: tuple[tuple[str, str], ...],
) -> bytes:
    """A form of custody with its places to sign, and the empty place for the official number."""
    signed = (*sections, Section("签字", signatures=signatures))
    return form_pdf(
        FormPaper(title, number, body, signed, attachment="官方附件编号", foot=f"{code}　{title}")
    )


def person(member: Staff | None) -> str:
    """Name and number; empty for nobody."""
    return f"{member.name}（{member.number}）" if member else ""


def name(member: Staff | None) -> str:
    """The name; empty for nobody."""
    return member.name if member else ""


def day(of: date | None) -> str:
    """A day; empty for none."""
    return f"{of:%Y-%m-%d}" if of else ""


def time(of: datetime | None) -> str:
    """A time in China; empty for none."""
    return f"{of.astimezone(clock.CHINA):%Y-%m-%d %H:%M}" if of else ""
