"""Incidents on paper: the report form (F13) and the letters to superior and ministry (R-57).

Chinese, as they go to Chinese authorities; the form's official number is not public: its place is empty."""

from datetime import datetime
from pathlib import Path

from django.utils.translation import override

from shebaoka.office.base import clock
from shebaoka.office.incidents.choices import (
    HANDLING,
    AffectedKind,
    DutyKind,
    EntryKind,
    IncidentKind,
    IncidentState,
    Level,
    Means,
    Secrecy,
)
from shebaoka.office.incidents.models import Duty, Incident
from shebaoka.paper.form import FormPaper, Section, form_pdf
from shebaoka.paper.transcript import Grid

LETTERS = (DutyKind.SUPERIOR, DutyKind.MINISTRY, DutyKind.SECRECY)
"""Reports that a letter is made for."""
_LETTER = Path(__file__).with_name("data") / "letter.md"
_MARKS = {Secrecy.SECRET: "秘密", Secrecy.HIGHLY_SECRET: "机密", Secrecy.TOP_SECRET: "绝密"}
_ROMAN = {Level.I: "Ⅰ级", Level.II: "Ⅱ级", Level.III: "Ⅲ级", Level.IV: "Ⅳ级"}
_NOTHING = "无"
_DUTY_HEADS = ("报告", "收件单位", "时限", "报告时间", "方式及接报人")
_ENTRY_HEADS = ("时间", "类别", "内容", "人员")
_NO_AFFECTED, _NO_ENTRIES = ((_NOTHING, "", ""),), (("", _NOTHING, "", ""),)
_STOPPED = "已停止使用有关密钥、载体和设备，保护现场，正在处置。"


def report_pdf(incident: Incident) -> bytes:
    """Form F13: everything known, for signature. Raises FontError."""
    with override("zh-hans"):
        return form_pdf(_report(incident))


def letter_pdf(duty: Duty) -> bytes:
    """The letter of a report to superior, ministry or secrecy administration. Raises ValueError for another
    report, FontError."""
    if duty.kind not in LETTERS:
        raise ValueError(f"there is no letter for {duty.kind}")
    with override("zh-hans"):
        return form_pdf(_letter(duty))


def _report(incident: Incident) -> FormPaper:
    body = incident.organization.name
    affected = tuple(
        (str(AffectedKind(each.kind).label), each.reference, each.name)
        for each in incident.affected.order_by("kind", "reference")
    )
    duties = tuple(_line_of(each) for each in incident.duties.select_related("addressee").order_by("due_at"))
    entries = tuple(
        (_time(each.at), str(EntryKind(each.kind).label), each.text, each.by.name if each.by else "系统")
        for each in incident.entries.select_related("by").order_by("at", "written_at")
    )
    sections = (
        Section("一、基本情况", pairs=True, facts=_facts(incident)),
        Section(facts=(("事件经过", incident.summary),)),
        Section(
            "二、报告情况",
            grid=Grid(("报告", "收件单位", "时限", "报告时间", "方式及接报人"), duties, (4, 4, 4, 4, 5)),
        ),
        Section(
            "三、受影响对象",
            grid=Grid(("类别", "编号", "名称"), affected or ((_NOTHING, "", ""),), (2, 4, 6)),
        ),
        Section(
            "四、处置记录",
            grid=Grid(("时间", "类别", "内容", "人员"), entries or (("", _NOTHING, "", ""),), (4, 3, 8, 2)),
        ),
        Section(facts=(("原因", incident.cause or "正在调查"),)),
        Section(signatures=(("填报人", ""), ("安全管理员", ""), ("分管领导", ""), ("单位（盖章）", ""))),
    )
    return FormPaper(
        title="社会保障卡安全事件报告表",
        number=incident.number,
        body=body,
        sections=sections,
        attachment="官方附件号",
        mark=_MARKS.get(Secrecy(incident.secrecy), ""),
        foot="F13",
    )


def _facts(incident: Incident) -> tuple[tuple[str, str], ...]:
    return (
        ("事件编号", incident.number),
        ("单位", incident.organization.name),
        ("类型", str(IncidentKind(incident.kind).label)),
        ("等级", _ROMAN[Level(incident.level)]),
        ("发生时间", _time(incident.happened_at) if incident.happened_at else "不详"),
        ("发现时间", _time(incident.discovered_at)),
        ("报告人", incident.reporter),
        ("状态", str(IncidentState(incident.state).label)),
        ("密级", _MARKS.get(Secrecy(incident.secrecy), "非国家秘密")),
        ("国家秘密泄露", "是（或可能）" if incident.leaked else "否"),
        ("涉及对象", incident.subject_name or _NOTHING),
        ("结束时间", _time(incident.ended_at) if incident.ended_at else "未结束"),
    )


def _line_of(duty: Duty) -> tuple[str, str, str, str, str]:
    how = f"{Means(duty.means).label}，{duty.told}" if duty.done_at else ""
    return (
        str(DutyKind(duty.kind).label),
        _addressee(duty) if duty.kind != DutyKind.SUPERVISOR else "分管领导",
        _time(duty.due_at) if duty.due_at else "立即",
        _time(duty.done_at) if duty.done_at else "",
        how,
    )


def _letter(duty: Duty) -> FormPaper:
    incident = duty.incident
    measures = incident.entries.filter(kind__in=HANDLING).order_by("at", "written_at")
    affected: dict[str, list[str]] = {}
    for each in incident.affected.order_by("kind", "reference"):
        affected.setdefault(str(AffectedKind(each.kind).label), []).append(each.name)
    due = f"应于{_time(duty.due_at)}前报告" if duty.due_at else "应立即报告"
    values = {
        "addressee": _addressee(duty),
        "discovered": _time(incident.discovered_at),
        "kind": str(IncidentKind(incident.kind).label),
        "number": incident.number,
        "level": _ROMAN[Level(incident.level)],
        "summary": incident.summary,
        "measures": "\n".join(each.text for each in measures)
        or "已停止使用有关密钥、载体和设备，保护现场，正在处置。",
        "affected": "\n".join(f"{kind}：{'、'.join(names)}。" for kind, names in affected.items())
        or "正在核算。",
        "cause": incident.cause or "原因正在调查，有关情况续报。",
        "due": f"{due}；本报告于{_time(clock.now())}制发。",
    }
    lines: list[str] = []
    for line in _LETTER.read_text("utf-8").splitlines():
        lines += line.format(**values).split("\n")
    today = clock.today()
    return FormPaper(
        title=f"关于{incident.organization.name}{values['kind']}的报告",
        number=incident.number,
        body=incident.organization.name,
        mark=_MARKS.get(Secrecy(incident.secrecy), ""),
        sections=(
            Section(text=tuple(lines)),
            Section(closing=(incident.organization.name, f"{today.year}年{today.month}月{today.day}日")),
        ),
    )


def _addressee(duty: Duty) -> str:
    if duty.addressee is not None:
        return duty.addressee.name
    return {
        DutyKind.SECRECY: "同级保密行政管理部门",
        DutyKind.PERSONAL_DATA: "主管部门及个人",
        DutyKind.NETWORK: "网信部门",
    }.get(DutyKind(duty.kind), "上级主管部门")


def _time(time: datetime) -> str:
    local = time.astimezone(clock.CHINA)
    return f"{local.year}年{local.month}月{local.day}日{local.hour}时{local.minute:02d}分"
