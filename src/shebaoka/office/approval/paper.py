"""The registration form, the statement of preparation and the forms of a change on paper (F1 to F4).

The official forms (P20, attachments 1 to 13) are not public: the place for their number is empty."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shebaoka.office.approval.choices import Kind, Stage
from shebaoka.office.approval.models import Case
from shebaoka.office.approval.plan import fields, items_of
from shebaoka.office.base.clock import CHINA
from shebaoka.paper.form import FormPaper, Section, form_pdf
from shebaoka.paper.transcript import Grid

_TITLES = {
    Kind.REGISTRATION: "社会保障卡发行注册申请表",
    Kind.RE_APPROVAL: "社会保障卡变更审批表",
    Kind.FILING: "社会保障卡变更备案表",
}
_MEDIA = {"contact": "接触式", "dual": "双界面", "": ""}


def case_pdf(case: Case) -> bytes:
    """The form of a case, with its evidence by hash and what the bodies said; the same bytes for the same
    case. A draft says so."""
    organization = case.region.organization
    plan = case.plan
    head = (
        ("申请机构", f"{organization.name}（{organization.code}）"),
        ("发卡机构标识号", case.region.issuer_number or ""),
        ("提交日期", _day(case.submitted_at.astimezone(CHINA).date() if case.submitted_at else None)),
    )
    form = tuple((entry.name.zh, said(name, plan.get(name))) for name, entry in fields().items())
    sections = [Section(facts=head), Section("一、申请内容", facts=form)]
    if case.kind != Kind.REGISTRATION:
        sections.append(_changes(case))
    sections += [_evidence(case), *_opinions(case)]
    sections.append(Section(signatures=(("经办人", ""), ("分管领导", ""))))
    return form_pdf(
        FormPaper(
            title=_TITLES[Kind(case.kind)],
            number=f"{organization.code}-{case.number:02d}",
            body=organization.name,
            sections=tuple(sections),
            attachment="官方附件编号",
            mark="草稿" if case.stage == Stage.DRAFT else "",
            foot=case.digest if case.stage != Stage.DRAFT else "",
        )
    )


def statement_pdf(case: Case) -> bytes:
    """F2, the statement of preparation (筹备情况说明): what the region says of each item of M47 art. 6, with
    the files that show it."""
    organization = case.region.organization
    said_of = dict(case.statements.values_list("item", "text"))
    files: dict[str, list[str]] = {}
    for each in case.attachments.order_by("item", "name"):
        files.setdefault(each.item, []).append(f"{each.name}（{each.sha256[:16]}）")
    sections = [Section(facts=(("申请机构", f"{organization.name}（{organization.code}）"),))]
    for key, item in items_of(case.kind).items():
        if key.startswith("readiness."):
            text = tuple(said_of.get(key, "").split("\n")) if key in said_of else ("见附件。",)
            shown = "、".join(files.get(key, ())) or "　"
            sections.append(Section(item.name.zh, text=text, facts=(("附件", shown),)))
    sections.append(Section(signatures=(("经办人", ""), ("分管领导", ""))))
    return form_pdf(
        FormPaper(
            title="社会保障卡发行筹备情况说明",
            number=f"{organization.code}-{case.number:02d}",
            body=f"F2　{organization.name}",
            sections=tuple(sections),
            attachment="官方附件编号",
            mark="草稿" if case.stage == Stage.DRAFT else "",
            foot=case.digest if case.stage != Stage.DRAFT else "",
        )
    )


def said(name: str, value: Any) -> str:
    """A value of the form in Chinese."""
    if isinstance(value, Mapping):
        return "；".join(f"{year}年{count}张" for year, count in sorted(value.items()))
    if isinstance(value, list | tuple):
        return "、".join(str(each) for each in value)
    if name == "medium":
        return _MEDIA.get(str(value), str(value))
    return "" if value is None else str(value)


def _changes(case: Case) -> Section:
    before = (
        case.region.cases.filter(stage=Stage.APPROVED, number__lt=case.number).order_by("-number").first()
    )
    rows = tuple(
        (
            fields()[name].name.zh,
            said(name, before.plan.get(name)) if before else "",
            said(name, case.plan.get(name)),
        )
        for name in case.changes
    )
    facts = (
        ("变更原因", case.reason),
        ("对在用卡的影响", case.effect),
        ("生效日期", _day(case.effective_on)),
    )
    grid = Grid(("变更事项", "原内容", "新内容"), rows, (24, 38, 38)) if rows else None
    return Section("二、变更内容", facts=facts, grid=grid)


def _evidence(case: Case) -> Section:
    names = items_of(case.kind)
    rows = tuple(
        (names[each.item].name.zh if each.item in names else each.item, each.name, each.sha256[:16])
        for each in case.attachments.order_by("item", "name")
    )
    return Section("三、材料", grid=Grid(("项目", "文件", "校验值"), rows, (40, 38, 22)) if rows else None)


def _opinions(case: Case) -> list[Section]:
    found = []
    for each in case.reviews.select_related("body").order_by("at", "pk"):
        facts = (
            ("结论", "同意" if each.passed else "退回"),
            ("意见", each.opinion),
            ("文号", each.document),
            ("日期", _day(each.at.astimezone(CHINA).date())),
        )
        found.append(Section(f"{each.body.name}意见", facts=facts))
    return found


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
