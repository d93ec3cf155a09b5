"""The report form and the letters of an incident."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from office.country import Country
from office.incidents.opened import opened
from shebaoka.office.incidents import services
from shebaoka.office.incidents.choices import AffectedKind, DutyKind, EntryKind, Means, Secrecy
from shebaoka.office.incidents.papers import letter_pdf, report_pdf


def plain(pdf: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return text.replace("\x00", "").replace("\n", "").replace(" ", "")


def test_the_form_says_everything_and_leaves_the_official_number_empty(country: Country) -> None:
    incident = opened(country, secrecy=Secrecy.HIGHLY_SECRET, leaked=True)
    officer = country.actor("980100", "organizations.security-officer")
    services.entry_add(officer, incident=incident.pk, kind=EntryKind.CONTAINMENT, text="更换锁具")
    services.affected_add(
        officer, incident=incident.pk, kind=AffectedKind.CARRIER, reference="M-7", name="密钥母卡M-7"
    )
    duty = incident.duties.get(kind=DutyKind.SUPERIOR)
    services.duty_done(officer, duty=duty.pk, means=Means.CONFIDENTIAL_POST, told="值班员示例丙")
    text = plain(report_pdf(incident))
    for word in (
        *("机密", "官方附件号", "F13", incident.number, "密钥载体丢失或被盗", "Ⅲ级", "密钥母卡不在保险柜内"),
        *("2026年3月2日9时00分", "示例甲省", "机要渠道，值班员示例丙", "密钥母卡M-7", "更换锁具", "正在调查"),
        *("同级保密行政管理部门", "2026年3月3日9时00分", "是（或可能）", "安全管理员"),
    ):
        assert word in text, word


@pytest.mark.parametrize(
    ("kind", "addressee"), [(DutyKind.SUPERIOR, "示例甲省："), (DutyKind.MINISTRY, "人力资源和社会保障部：")]
)
def test_a_letter_is_addressed_and_says_its_clock(country: Country, kind: DutyKind, addressee: str) -> None:
    incident = opened(country)
    text = plain(letter_pdf(incident.duties.get(kind=kind)))
    for word in (
        *(addressee, "关于示例甲市密钥载体丢失或被盗的报告", "第二十六条", incident.number, "特此报告"),
        *("应于2026年3月2日10时00分前报告", "原因正在调查", "正在核算", "2026年3月2日"),
    ):
        assert word in text, word


def test_there_is_no_letter_to_the_own_leader(country: Country) -> None:
    with pytest.raises(ValueError, match="no letter"):
        letter_pdf(opened(country).duties.get(kind=DutyKind.SUPERVISOR))
