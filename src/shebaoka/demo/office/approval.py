"""Issuing approval: the city 980100 is approved and gets ready to issue, the province 99 is approved for
cards of its own, and the city 990100 waits for the ministry's decision."""

from datetime import timedelta

from shebaoka.demo.office.papers import paper
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.demo.regions import Province, provinces
from shebaoka.demo.story import EXTENSIONS, extension
from shebaoka.office.approval import services
from shebaoka.office.approval.models import Case
from shebaoka.office.approval.plan import Plan, items_of
from shebaoka.office.base import clock

READY, WAITING = "980100", "990100"
CARDS_A_YEAR = 20_000


def fill(stage: OfficeStage) -> None:
    """Forms, checklists and material of three regions, and what the reviewing bodies said."""
    first, second = provinces()
    with stage.days_ago(34):
        case = _registered(stage, READY, first, first.city.name)
    with stage.days_ago(30):
        _province(stage, case, "980000")
    with stage.days_ago(26, hour=15):
        _ministry(stage, case)
    with stage.days_ago(22):
        own = _registered(stage, "990000", second, second.name)
    with stage.days_ago(18):
        _ministry(stage, own)
    with stage.days_ago(12):
        waiting = _registered(stage, WAITING, second, second.city.name)
    with stage.days_ago(8):
        _province(stage, waiting, "990000")
    stage.say(f"{READY} and 990000 approved; {WAITING} waits for the ministry's decision")


def plan_of(province: Province, name: str) -> Plan:
    """The form of an invented region."""
    today = clock.today()
    return Plan(
        face=f"{name}{today.year}版",
        layout="2.0",
        structure="1",
        chip="示例芯片 SC-1（模拟）",
        chip_certificate="TEST_ONLY-CHIP-0001",
        cos="示例COS 1.0（模拟）",
        supplier="沧岚卡片科技有限公司",
        product="SSC-2（模拟）",
        population=("职工", "城乡居民"),
        quantities={str(today.year): CARDS_A_YEAR, str(today.year + 1): CARDS_A_YEAR // 2},
        site=f"{province.name}制卡中心",
        hsm="示例加密机 SJJ-9，TEST_ONLY-HSM",
        banks=(province.bank,),
        medium="dual",
        start=today + timedelta(days=30),
        fees="首次申领免费，补换每张20元",
        acceptance="医院5家，经办窗口24个，终端80台，PSAM卡90张",
        leader="分管领导（演示）",
        contact="卡管中心（演示） 12333",
    )


def _registered(stage: OfficeStage, code: str, province: Province, name: str) -> Case:
    """Opened, filled in and submitted by the region's own clerk and leader."""
    clerk, leader = stage.by(code, "issuing-clerk"), stage.by(code, "leader")
    case = services.region_open(clerk, organization=clerk.organization)
    services.plan_write(clerk, case=case.pk, plan=plan_of(province, name))
    for key, item in items_of("registration").items():
        if item.needed:
            file, content = paper(f"{key}-{code}", item.name.zh, name)
            services.attachment_add(clerk, case=case.pk, item=key, name=file, content=content)
    if code == READY:
        own = extension(EXTENSIONS[province.code])
        services.attachment_add(
            clerk, case=case.pk, item="material.file-structure", name=own.name, content=own.read_bytes()
        )
    stage.agree("approval.case.submit", services.Submission(case.pk), clerk, leader)
    return Case.objects.get(pk=case.pk)


def _province(stage: OfficeStage, case: Case, code: str) -> None:
    reviewer, leader = stage.by(code, "reviewer"), stage.by(code, "leader")
    services.review_begin(reviewer, case=case.pk)
    decision = services.Decision(case.pk, True, "材料齐全，符合本省发卡规划，同意上报")
    stage.agree("approval.review.province", decision, reviewer, leader)


def _ministry(stage: OfficeStage, case: Case) -> None:
    reviewer, leader = stage.by("000000", "reviewer"), stage.by("000000", "leader")
    number = f"演示卡函〔{clock.today().year}〕{case.region.organization.region[:2]}号"
    decision = services.Decision(case.pk, True, "符合《社会保障卡规范》要求，同意发行", number)
    stage.agree("approval.review.ministry", decision, reviewer, leader)
