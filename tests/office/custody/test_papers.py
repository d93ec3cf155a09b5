"""The forms of custody on paper: everything that was registered, nothing that is secret."""

from datetime import date
from io import BytesIO

from pypdf import PdfReader

from office.custody.steps import CONTROL, MOTHER, TRANSMISSION, Steps
from office.custody.test_destruction import destroy
from office.custody.test_handovers import FOUR, factory, prepare, release
from office.custody.test_keepers import appoint, hand, handing
from shebaoka.office.custody.closing_papers import destruction_pdf, keeper_change_pdf
from shebaoka.office.custody.models import Destruction, Dispatch, HandOver, KeeperChange, Order
from shebaoka.office.custody.papers import (
    agreement_pdf,
    application_pdf,
    hand_over_pdf,
    memorandum_pdf,
)


def text(pdf: bytes) -> str:
    said = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return said.replace("\0", "").replace("\n", "")


def test_application_and_memorandum(steps: Steps) -> None:
    steps.sent()
    form = text(application_pdf(Order.objects.get()))
    for part in (
        "社会保障卡密钥申领表",
        "980000-2026-0001-K",
        "部批2026-8",
        "GM-2024-1",
        "官方附件编号",
        "介2026-3",
    ):
        assert part in form
    steps.custodians("980000", "custody.dispatch.receive", steps.receiving())
    memo = text(memorandum_pdf(Dispatch.objects.get()))
    for part in (
        "密钥交接备忘录",
        "000000-2026-0001",
        MOTHER,
        TRANSMISSION,
        CONTROL,
        "F2",
        "部信息中心密钥室",
        "两人押运",
        "接收人乙",
    ):
        assert part in memo


def test_third_party_file_and_agreement(steps: Steps) -> None:
    steps.received()
    factory(steps)
    prepare(steps)
    agreement = text(agreement_pdf(HandOver.objects.get()))
    assert "保密协议" in agreement
    assert MOTHER in agreement
    for part in FOUR:
        part(steps)
    release(steps)
    file = text(hand_over_pdf(HandOver.objects.get()))
    for expected in ("示例制卡厂", "密协2026-1", "通过", "14 天", "现场查看", str(date(2026, 4, 30))):
        assert expected in file


def test_record_of_destruction(steps: Steps) -> None:
    steps.received()
    destroy(steps)
    made = Destruction.objects.get()
    record = text(destruction_pdf(made))
    for part in ("密钥载体销毁记录", MOTHER, CONTROL, "销证2026-3", "监销人"):
        assert part in record
    assert destruction_pdf(made) == destruction_pdf(made)


def test_a_change_of_custodians(steps: Steps) -> None:
    appoint(steps, 1)
    appoint(steps, 2)
    hand(steps, handing(inventory=()))
    form = text(keeper_change_pdf(KeeperChange.objects.get()))
    for part in ("保管人变更交接书", "监交人", "S1、S3柜密码", "密诺2026-9", "官方附件编号"):
        assert part in form
