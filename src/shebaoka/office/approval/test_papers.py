"""The universality test on paper (P20 step 4): application F9, report F10, list of sample cards F11.

The official forms are not public: the place for their number is empty."""

import json
from datetime import date

from shebaoka.office.approval.choices import ResultKind
from shebaoka.office.approval.models import CardReport, Case, TestBatch
from shebaoka.office.base.files import read
from shebaoka.paper.form import FormPaper, Section, form_pdf
from shebaoka.paper.transcript import Grid

_ATTACHMENT = "官方附件编号"
_TESTS = {
    ResultKind.CONFORMITY: "符合性",
    ResultKind.SECURITY: "安全性",
    ResultKind.UNIVERSALITY: "通用性（跨地区使用）",
}
_CONTENT = (
    "一、标准规定的应用文件均已建立；",
    "二、全国通用应用密钥已装载，卡密钥与PSAM卡密钥相符；",
    "三、全国通用功能可用：外部认证、数据读取、数据更新、内部认证、医疗消费。",
)


def test_application_pdf(batch: TestBatch) -> bytes:
    """F9, the application for the test (通用测试申请书)."""
    plan = batch.case.plan
    facts = (
        *_head(batch),
        ("卡产品型号", plan["product"]),
        ("芯片和卡操作系统", f"{plan['chip']}，{plan['cos']}"),
        ("规范版本", plan["layout"]),
        ("样卡数量", f"{batch.cards}张"),
        ("密钥版本", batch.key_versions),
        ("制卡地点和日期", f"{batch.site}，{_day(batch.made_on)}"),
        ("联系人", plan["contact"]),
    )
    text = (
        "样卡由正式发卡系统制作，采用正式文件结构，装载正式密钥和个人数据。申请测试以下内容：",
        *_CONTENT,
    )
    sections = (
        Section("申请内容", facts=facts),
        Section("测试内容", text=text),
        Section(signatures=(("经办人", ""), ("单位负责人", ""))),
    )
    return _paper(batch, "F9", "社会保障卡通用测试申请书", sections)


def test_report_pdf(batch: TestBatch) -> bytes:
    """F10, the report of the test (通用测试报告), item by item; a result that is not given yet is empty."""
    given = {each.test: each for each in batch.results.all()}
    rows = tuple(
        (
            name,
            ("通过" if given[test].passed else "未通过") if test in given else "",
            given[test].report if test in given else "",
            _day(given[test].reported_on) if test in given else "",
            given[test].remark if test in given else "",
        )
        for test, name in _TESTS.items()
    )
    passed = len(given) == len(_TESTS) and all(each.passed for each in given.values())
    failed = any(not each.passed for each in given.values())
    result = "通过" if passed else "未通过" if failed else "测试中"
    sections = (
        Section("测试对象", facts=(*_head(batch), ("样卡数量", f"{batch.cards}张"))),
        Section(
            "测试结果", grid=Grid(("项目", "结果", "报告编号", "日期", "备注"), rows, (40, 20, 40, 30, 36))
        ),
        Section("样卡检测", grid=_checks(list(batch.reports.order_by("at", "name")))),
        Section("结论", facts=(("通用测试", result),)),
        Section(signatures=(("测试人", ""), ("审核人", ""), ("部级信息中心", ""))),
    )
    return _paper(batch, "F10", "社会保障卡通用测试报告", sections)


def sample_cards_pdf(batch: TestBatch) -> bytes:
    """F11, the list of sample cards (样卡清单), those with a check first, a line for every card."""
    found = [json.loads(read(each.sha256)) for each in batch.reports.order_by("at", "name")]
    rows = [
        (
            str(number),
            str(told.get("answer", "")),
            str(told.get("version", "")),
            str(told.get("algorithm", "")),
            str(told.get("made", ""))[:10],
        )
        for number, told in enumerate(found, 1)
    ]
    rows += [(str(number), "", "", "", "") for number in range(len(rows) + 1, min(batch.cards, 200) + 1)]
    heads = ("序号", "复位信息", "规范版本", "算法", "检测日期")
    sections = (
        Section("样卡", facts=(*_head(batch), ("样卡数量", f"{batch.cards}张"))),
        Section("清单", grid=Grid(heads, tuple(rows), (14, 80, 24, 20, 28))),
        Section(signatures=(("交卡人", ""), ("收卡人", ""))),
    )
    return _paper(batch, "F11", "社会保障卡通用测试样卡清单", sections)


def _head(batch: TestBatch) -> tuple[tuple[str, str], ...]:
    region = batch.case.region
    organization = region.organization
    return (
        ("发卡地区", f"{organization.name}（{organization.code}）"),
        ("发卡机构标识号", region.issuer_number),
        ("批准文号", _document(batch.case)),
    )


def _document(case: Case) -> str:
    found = case.reviews.filter(passed=True).exclude(document="").order_by("-at").first()
    return found.document if found is not None else ""


def _checks(reports: list[CardReport]) -> Grid | None:
    rows = tuple(
        (str(number), each.name, str(each.checked), str(each.failures), "通过" if each.passed else "未通过")
        for number, each in enumerate(reports, 1)
    )
    return (
        Grid(("序号", "检测报告", "检测项", "不符合项", "结果"), rows, (14, 76, 24, 26, 26)) if rows else None
    )


def _paper(batch: TestBatch, form: str, title: str, sections: tuple[Section, ...]) -> bytes:
    organization = batch.case.region.organization
    paper = FormPaper(
        title=title,
        number=f"{organization.code}-T{batch.case.number:02d}-{batch.number:02d}",
        body=f"{form}　{organization.name}",
        attachment=_ATTACHMENT,
        sections=sections,
    )
    return form_pdf(paper)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
