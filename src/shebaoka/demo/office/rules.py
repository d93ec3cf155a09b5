"""Rules, PSAM rules and contingency plan of every body: approved, acknowledged by whom they concern, with a
drill; where it is done already, the year's audit and restore test. The city 990100 is late: no drill yet, and
a keeper has not acknowledged, as the lists show."""

from datetime import timedelta

from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.base import clock
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.organizations.models import Organization
from shebaoka.office.rules.choices import ACKNOWLEDGED_BY, DocumentKind, DrillResult, Restored
from shebaoka.office.rules.models import Document
from shebaoka.office.rules.selectors import missing_acknowledgments
from shebaoka.office.rules.services import (
    Approval,
    audit_record,
    document_acknowledge,
    document_draft,
    drill_record,
    restore_record,
)
from shebaoka.office.rules.templates import template

LATE = "990100"
_APPROVED, _DRILLED = 38, 36  # days ago
_YEARLY = ("000000", "980000", "980100")


def fill(stage: OfficeStage) -> None:
    """From the templates that are shipped, with the numbers of each body."""
    bodies = Organization.objects.filter(kind__in=ISSUING).order_by("path")
    count = 0
    with stage.days_ago(_APPROVED):
        for body in bodies:
            for kind in DocumentKind:
                count += 1
                _acknowledged(stage, body, _approved(stage, body, kind))
    with stage.days_ago(_DRILLED):
        for body in bodies:
            if body.code != LATE:
                _drill(stage, body)
            if body.code in _YEARLY:
                _yearly(stage, body)
    stage.say(f"{count} documents in force, {len(bodies) - 1} drills; {LATE} is late with both")
    stage.say(f"audits and restore tests of the year: {len(_YEARLY)} of {len(bodies)} bodies")


def _approved(stage: OfficeStage, body: Organization, kind: DocumentKind) -> Document:
    officer, leader = stage.by(body.code, "security-officer"), stage.by(body.code, "leader")
    title, text = template(body, kind)
    draft = document_draft(officer, organization=body, kind=kind, title=title, text=text)
    approval = Approval(str(draft.pk), draft.digest, clock.today())
    stage.agree("rules.document.approve", approval, officer, leader, subject=draft)
    draft.refresh_from_db()
    return draft


def _acknowledged(stage: OfficeStage, body: Organization, document: Document) -> None:
    late = body.code == LATE and "organizations.psam-keeper" in ACKNOWLEDGED_BY[document.kind]
    for member in missing_acknowledgments(document):
        if late and member.assignments.filter(role="organizations.psam-keeper").exists():
            continue
        document_acknowledge(stage.actor(member.number), document=document, digest=document.digest)


def _drill(stage: OfficeStage, body: Organization) -> None:
    drill_record(
        stage.by(body.code, "security-officer"),
        organization=body,
        held_on=clock.today() - timedelta(days=1),
        scenario="演练：运输途中密钥母卡遗失，立即报告、停用并核对封签",
        participants="密钥保管员、密钥管理员、安全管理员、分管领导",
        result=DrillResult.PASSED,
    )


def _yearly(stage: OfficeStage, body: Organization) -> None:
    officer, day = stage.by(body.code, "security-officer"), clock.today() - timedelta(days=1)
    audit_record(
        officer,
        organization=body,
        held_on=day,
        auditor="审计人员（演示）",
        unit="示例密码应用安全性评估机构（虚构）",
        scope="密钥、载体、加密机和PSAM卡的台账、封签与使用记录",
        result=DrillResult.PASSED,
    )
    restore_record(
        officer,
        organization=body,
        held_on=day,
        what=Restored.KEYS,
        media="加密机备份卡（演示）",
        place="密钥室隔离工作站",
        done_by=stage.number(body.code, "key-administrator"),
        witness=officer.number,
        result=DrillResult.PASSED,
    )
