"""Who keeps what: custodians appointed and trained, a deputy's envelope, who was in the key room. In the
city that is late, and of third custodians, nobody is in the register yet, as the desk says."""

from datetime import timedelta
from uuid import UUID

from shebaoka.demo.office.carriers import CITY, PROVINCE
from shebaoka.demo.office.rules import LATE
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.base import clock
from shebaoka.office.custody.services import (
    NewEnvelope,
    NewKeeper,
    keeper_train,
    room_enter,
    room_leave,
)
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.organizations.models import Organization, Staff

ROOM, CABINET = "S4", "S3"
_APPOINTED = 3  # days ago
_MOST = 2
_CUSTODIAN = "organizations.key-custodian"


def fill(stage: OfficeStage) -> None:
    """Of all bodies but the late one; rooms of a province and its city, where somebody is in still."""
    province, city = (stage.organization(code) for code in (PROVINCE, CITY))
    bodies = Organization.objects.filter(kind__in=ISSUING).exclude(code=LATE).order_by("path")
    appointed = 0
    with stage.days_ago(_APPOINTED):
        for body in bodies:
            custodians = _custodians(body)[:_MOST]
            for member in custodians:
                _appoint(stage, body, member)
            appointed += len(custodians)
            _train(stage, body, custodians[0])
    with stage.days_ago(_APPOINTED, hour=14):
        _envelope(stage, province)
    with stage.days_ago(1, hour=15):
        visit = _enter(stage, province, "例行巡查，核对封签")
        _enter(stage, city, "检修空调")
    with stage.days_ago(1, hour=16):
        actor = stage.by(PROVINCE, "key-administrator")
        room_leave(actor, organization=PROVINCE, visit=visit, remark="封签完好")
    stage.say(f"{appointed} custodians of {len(bodies)} bodies appointed, a deputy's envelope deposited")
    stage.say(f"key rooms entered; in {CITY} nobody wrote that they left")


def _custodians(body: Organization) -> list[Staff]:
    held = Staff.objects.filter(organization=body, assignments__role=_CUSTODIAN)
    return list(held.order_by("number").distinct())


def _appoint(stage: OfficeStage, body: Organization, member: Staff) -> None:
    officer, leader = stage.by(body.code, "security-officer"), stage.by(body.code, "leader")
    today = clock.today()
    new = NewKeeper(
        organization=body.code,
        person=member.number,
        document=f"演示任〔{today.year}〕{body.code}号",
        appointed_on=today,
        duties="保管密钥母卡、传输卡、主控卡",
        identity_kind="resident",
        identity_end="000X",
        phone="010-55500000",
        phone_off="199-5550-0000",
        undertaking=f"演示保密承诺〔{today.year}〕{member.number}",
        undertaking_on=today,
    )
    stage.agree("custody.keeper.appoint", new, officer, leader)


def _train(stage: OfficeStage, body: Organization, member: Staff) -> None:
    keeper_train(
        stage.by(body.code, "security-officer"),
        organization=body.code,
        person=member.number,
        held_on=clock.today() - timedelta(days=1),
        subject="密钥载体保管与应急处置",
        hours=8,
        certificate=f"演示培训〔{clock.today().year}〕{member.number}",
    )


def _envelope(stage: OfficeStage, body: Organization) -> None:
    """Put away by the first custodian and the security officer for the second."""
    new = NewEnvelope(
        organization=body.code,
        deputy=stage.number(body.code, "key-custodian", 2),
        what="主控卡PIN（应急）",
        place=CABINET,
        seal="E0001",
    )
    makers = stage.by(body.code, "key-custodian"), stage.by(body.code, "security-officer")
    stage.agree("custody.envelope.deposit", new, *makers)


def _enter(stage: OfficeStage, body: Organization, purpose: str) -> UUID:
    two = [stage.number(body.code, role) for role in ("key-administrator", "security-officer")]
    actor = stage.by(body.code, "key-administrator")
    return room_enter(actor, organization=body.code, place=ROOM, persons=two, purpose=purpose).pk
