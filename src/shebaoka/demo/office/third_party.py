"""A hand-over under way: a card factory works with the province's carriers, under all four documents, and was
visited once."""

from datetime import timedelta

from shebaoka.demo.office.carriers import PROVINCE, cards
from shebaoka.demo.office.papers import paper
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.base import clock
from shebaoka.office.custody.services import (
    Entrusted,
    Release,
    hand_over_agree,
    hand_over_prepare,
    hand_over_record,
    hand_over_review,
    hand_over_supervise,
    hand_over_visit,
)
from shebaoka.office.organizations.models import Organization, Staff

FACTORY = "980000-F01"
DAYS = 30


def fill(stage: OfficeStage) -> None:
    """Mother card and transmission card, to two persons there."""
    operator, custodian = stage.by(PROVINCE, "key-administrator"), stage.by(PROVINCE, "key-custodian")
    leader, officer = stage.by(PROVINCE, "leader"), stage.by(PROVINCE, "security-officer")
    today, factory = clock.today(), stage.organization(FACTORY)
    _control, mother, transmission = cards(stage.demo.journey("98"))
    first, second = Staff.objects.filter(organization=factory).order_by("number")[:2]
    made = hand_over_prepare(
        operator,
        organization=PROVINCE,
        third_party=FACTORY,
        purpose="委托制作测试卡",
        due_on=today + timedelta(days=DAYS),
        carriers=[Entrusted(mother.serial, first.number), Entrusted(transmission.serial, second.number)],
    )
    here = {"organization": PROVINCE, "number": made.number}
    hand_over_record(custodian, **here, day=today, place="省信息中心密钥室", transport="专车，两人押运")
    hand_over_agree(
        leader,
        **here,
        agreement=f"演示密协〔{today.year}〕1号",
        signed_on=today - timedelta(days=3),
        valid_until=today + timedelta(days=365),
        ours=leader.staff.name if leader.staff else "",
        theirs="法定代表人（演示）",
        scan=_scan("agreement", "保密协议", factory),
    )
    hand_over_review(
        officer,
        **here,
        version="V1.0",
        approved=True,
        remark="场所、人员、销毁措施符合要求",
        scan=_scan("security-plan", "安全管理方案", factory),
    )
    supervisor = stage.number(PROVINCE, "security-officer")
    hand_over_supervise(
        leader, **here, supervisor=supervisor, every_days=7, what="现场查看保管、使用登记和封签"
    )
    signers = custodian, stage.by(PROVINCE, "key-custodian", 2)
    stage.agree("custody.hand-over.release", Release(PROVINCE, made.number), *signers)
    hand_over_visit(officer, **here, day=today, found="保管符合方案，封签完好，使用登记齐全", in_order=True)
    _begun(stage)
    stage.say(f"{made.number}: two carriers are with {FACTORY}, due back in {DAYS} days")


def _begun(stage: OfficeStage) -> None:
    """Another one, under way: agreement, security plan and supervision are missing still."""
    control = cards(stage.demo.journey("98"))[0]
    keeper = Staff.objects.filter(organization=stage.organization(FACTORY)).order_by("number")[0]
    made = hand_over_prepare(
        stage.by(PROVINCE, "key-administrator"),
        organization=PROVINCE,
        third_party=FACTORY,
        purpose="加密机现场检修",
        due_on=clock.today() + timedelta(days=DAYS),
        carriers=[Entrusted(control.serial, keeper.number)],
    )
    hand_over_record(
        stage.by(PROVINCE, "key-custodian"),
        organization=PROVINCE,
        number=made.number,
        day=clock.today(),
        place="省信息中心密钥室",
        transport="专车，两人押运",
    )
    stage.say(f"{made.number}: prepared with its record; agreement, plan and supervision are missing")


def _scan(file: str, title: str, factory: Organization) -> tuple[str, bytes]:
    return paper(file, title, factory.name)
