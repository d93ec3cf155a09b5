"""Rules, plans and drills on paper, in Chinese."""

from datetime import date

from django.utils.translation import override

from shebaoka.office.rules.choices import DocumentKind, DocumentState, DrillResult, Restored
from shebaoka.office.rules.models import Document, Drill, KeyAudit, RestoreTest
from shebaoka.office.rules.selectors import acknowledgments, missing_acknowledgments
from shebaoka.paper.form import FormPaper, Section, form_pdf
from shebaoka.paper.transcript import Grid


def document_pdf(document: Document) -> bytes:
    """A version of rules or a plan, who acknowledged it and who still has to, for signature. Raises
    FontError."""
    with override("zh-hans"):
        return form_pdf(_document(document))


def drill_pdf(drill: Drill) -> bytes:
    """The record of a drill (应急演练记录). Raises FontError."""
    with override("zh-hans"):
        return form_pdf(_drill(drill))


def audit_pdf(audit: KeyAudit) -> bytes:
    """The record of a yearly audit (密钥年度审计记录). Raises FontError."""
    with override("zh-hans"):
        facts = (
            ("单位", audit.organization.name),
            ("审计日期", _day(audit.held_on)),
            ("审计人", audit.auditor),
            ("审计人单位", audit.unit),
            ("审计范围", audit.scope),
            ("结论", str(DrillResult(audit.result).label)),
            ("发现问题", audit.findings or "无"),
            ("整改措施", audit.measures or "无"),
            ("审计报告 SHA-256", audit.report_file or "无"),
        )
        return _record(
            "密钥年度审计记录", audit.held_on, audit.organization.name, facts, ("审计人", "分管领导")
        )


def restore_pdf(test: RestoreTest) -> bytes:
    """The minutes of a restore test (密钥备份恢复演练记录). Raises FontError."""
    with override("zh-hans"):
        backup = f"{test.backup_of:%Y-%m-%d %H:%M}（UTC），{test.records} 条记录" if test.backup_of else "无"
        facts = (
            ("单位", test.organization.name),
            ("演练日期", _day(test.held_on)),
            ("恢复内容", str(Restored(test.what).label)),
            ("介质", test.media),
            ("地点", test.place),
            ("所用系统备份", backup),
            ("结论", str(DrillResult(test.result).label)),
            ("发现问题", test.findings or "无"),
            ("改进措施", test.measures or "无"),
            ("纪要 SHA-256", test.minutes_file or "无"),
        )
        signed = (f"操作人 {test.done_by.name}", f"见证人 {test.witness.name}")
        return _record("密钥备份恢复演练记录", test.held_on, test.organization.name, facts, signed)


def _record(
    title: str, day: date, body: str, facts: tuple[tuple[str, str], ...], signers: tuple[str, ...]
) -> bytes:
    sections = (Section(facts=facts), Section(signatures=tuple((each, "") for each in signers)))
    return form_pdf(FormPaper(title, day.isoformat(), body, sections, attachment="官方附件编号"))


def _document(document: Document) -> FormPaper:
    rows = [
        (each.staff.name, each.staff.number, _day(each.at.date()), "") for each in acknowledgments(document)
    ]
    if document.state == DocumentState.APPROVED:
        rows += [(each.name, each.number, "", "") for each in missing_acknowledgments(document)]
    sections = [Section(text=tuple(document.text.split("\n")))]
    if document.approved_at is not None:
        sections.append(
            Section(
                closing=(document.organization.name, f"自{_day(document.in_force_from)}起施行"),
            )
        )
        sections.append(
            Section(
                "确认签字",
                grid=Grid(
                    ("姓名", "工号", "确认日期", "签字"), tuple(rows) or (("", "", "", ""),), (3, 5, 3, 4)
                ),
            )
        )
    return FormPaper(
        title=document.title,
        number=f"第{document.version}版",
        body=document.organization.name,
        mark="" if document.state == DocumentState.APPROVED else str(DocumentState(document.state).label),
        sections=tuple(sections),
        foot=f"SHA-256 {document.digest}",
    )


def _drill(drill: Drill) -> FormPaper:
    facts = (
        ("单位", drill.organization.name),
        ("演练日期", _day(drill.held_on)),
        ("依据", f"{DocumentKind.CONTINGENCY_PLAN.label}第{drill.plan.version}版"),
        ("结果", str(DrillResult(drill.result).label)),
    )
    outcome = (("发现问题", drill.findings or "无"), ("改进措施", drill.improvements or "无"))
    return FormPaper(
        title="社会保障卡安全应急演练记录",
        number=drill.held_on.isoformat(),
        body=drill.organization.name,
        sections=(
            Section("一、基本情况", pairs=True, facts=facts),
            Section(facts=(("场景", drill.scenario), ("参加人员", drill.participants))),
            Section("二、结果", facts=outcome),
            Section(signatures=(("安全管理员", ""), ("分管领导", ""))),
        ),
    )


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
