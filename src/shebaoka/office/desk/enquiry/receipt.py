"""The receipt of an identity verification (PW-06): what was seen, what was found, what comes next."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import translation

from shebaoka.office.access import selectors
from shebaoka.office.access.choices import CaseState
from shebaoka.office.access.models import Verification
from shebaoka.office.base import clock
from shebaoka.office.cards.papers import masked, number_masked
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.parameters.selectors import text, text_if_known
from shebaoka.paper.form import FormPaper, Section, form_pdf

_STATES = {
    CaseState.OPEN: "正在核实",
    CaseState.FOUND: "原因已经查明",
    CaseState.DONE: "已经办结",
    CaseState.REFUSED: "身份没有核实",
}
_NEXT = {
    CaseState.OPEN: "正在核实，最迟在办理时限当日办结。",
    CaseState.FOUND: "原因已经查明，最迟在办理时限当日办结。",
    CaseState.DONE: "已经办结。持激活码（密封信函）在门户“无法登录”页设置新的查询密码；窗口不知道您的密码。",
    CaseState.REFUSED: "提供的材料不能核实身份，没有办理。补充材料后可以重新申请。",
}


@desk("access.verification.open")
def receipt(request: DeskRequest, pk: UUID) -> HttpResponse:
    """As a PDF, for her to take along."""
    found = selectors.verification(request.actor, pk)
    answer = HttpResponse(receipt_pdf(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}-receipt.pdf"'
    return answer


def receipt_pdf(case: Verification) -> bytes:
    """The sheet, in Chinese; name and number are masked, as it may be seen on the way."""
    closed = f"（{case.closed_at.astimezone(clock.CHINA):%Y-%m-%d %H:%M}）" if case.closed_at else ""
    with translation.override("zh-hans"):
        facts = (
            ("业务", "个人身份信息核实"),
            ("申请人", masked(case.name)),
            ("社会保障号码", number_masked(case.typed)),
            ("出示证件", case.get_document_type_display()),
            ("受理机构", case.agency.name),
            ("受理时间", f"{case.opened_at.astimezone(clock.CHINA):%Y-%m-%d %H:%M}"),
            ("办理时限", f"{case.due:%Y-%m-%d}"),
            ("查明原因", case.get_cause_display() or "正在核实"),
            ("状态", f"{_STATES[CaseState(case.state)]}{closed}"),
        )
    words = [_NEXT[CaseState(case.state)]]
    if case.elsewhere is not None:
        words.append(_where(case))
    paper = FormPaper(
        title="个人身份信息核实回执",
        number=case.number,
        body=case.agency.name,
        sections=(
            Section("办理内容", facts=facts, text=tuple(words)),
            Section("签字", signatures=(("申请人", ""), ("经办人", ""))),
        ),
    )
    return form_pdf(paper)


def _where(case: Verification) -> str:
    place = case.elsewhere
    if place is None:
        return ""
    address, phone = text_if_known(place, "enquiry.agency-address"), text(place, "cards.service-telephone")
    parts = (place.name, address, phone)
    return "请到参保地经办机构办理：" + "，".join(part for part in parts if part) + "。"
