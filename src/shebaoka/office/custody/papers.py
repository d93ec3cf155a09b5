"""The forms of custody as sheets, in Chinese, the language of the files they go into.

F5 key application, F6 hand-over memorandum, F12 third-party file with its agreement.
The official attachment number stays empty where the official form is not public."""

from django.utils.translation import override

from shebaoka.office.base import clock
from shebaoka.office.custody.models import Dispatch, HandOver, Keeper, KeyRecord, Order
from shebaoka.office.custody.paper_parts import KINDS, day, name, paper, person, time
from shebaoka.office.custody.selectors.hsms import certificate_of
from shebaoka.office.organizations.models import Staff
from shebaoka.paper.form import Section
from shebaoka.paper.transcript import Grid

_CERTIFICATES = {"model": "商用密码产品型号证书", "product": "商用密码产品认证证书"}
_DUTIES = (
    "接收方对所列载体承担保管责任：专人、专柜、双人管理，母卡与传输密钥卡分人分柜存放；"
    "不得复制、转借或用于登记以外的用途；每次取用登记时间、用途、人员和封签；"
    "载体丢失、封签破损或密钥可能泄露时，立即停止使用，同时报告上级主管部门和部。"
)
_SECRECY = (
    "乙方对接触到的密钥、载体及相关资料承担保密义务，不得复制、泄露或用于约定以外的用途，"
    "人员变动时办理交接并继续保密；甲方有权随时监督检查；到期或应甲方要求立即归还全部载体；"
    "发生丢失、泄露或疑似情形，乙方立即停止使用并报告甲方，依法承担责任。"
)


def application_pdf(order: Order) -> bytes:
    """F5, the key application form (社会保障卡密钥申领表)."""
    hsm = order.hsm
    certificate = certificate_of(hsm, order.submitted_at.astimezone(clock.CHINA).date())
    kind = _CERTIFICATES[certificate.kind] if certificate else ""
    said = f"{kind} {certificate.number}，有效期至 {day(certificate.expires)}" if certificate else ""
    sections = (
        Section(
            "申领单位",
            (
                ("单位", f"{order.organization.name}（{order.organization.region}）"),
                ("审批文号", order.approval),
                ("用途", order.purpose),
                ("密钥范围", order.key_set),
            ),
        ),
        Section(
            "加密机",
            (
                ("型号与编号", f"{hsm.maker} {hsm.model} {hsm.serial}"),
                ("证书", said),
                ("部规范符合性", f"{hsm.conformity}　{day(hsm.conformity_on)}"),
            ),
        ),
        Section(
            "申领载体",
            grid=Grid(
                ("载体", "数量"),
                tuple((KINDS[kind], str(count)) for kind, count in _quantities(order)),
                (60, 40),
            ),
        ),
        Section(
            "人员与安排",
            (
                ("保管员甲", _keeper(order.custodian_a)),
                ("保管员乙", _keeper(order.custodian_b)),
                ("领取人", person(order.courier)),
                ("介绍信", order.letter),
                ("计划日期与地点", f"{day(order.planned_on)}　{order.place}"),
            ),
        ),
        Section("审核意见", (("上级单位", ""), ("备注", order.remark))),
    )
    signatures = (("申领单位负责人", ""), ("经办人", ""), ("审核单位负责人", ""), ("审核人", ""))
    return paper("社会保障卡密钥申领表", order.number, order.organization.name, "F5", sections, signatures)


def memorandum_pdf(dispatch: Dispatch) -> bytes:
    """F6, the key hand-over memorandum (密钥交接备忘录), signed four times."""
    lines = dispatch.lines.select_related("carrier", "courier").order_by("carrier__kind", "carrier__serial")
    rows = tuple(
        (
            KINDS[line.carrier.kind],
            line.carrier.serial,
            line.seal,
            line.content,
            person(line.courier),
            _found(line.arrived, line.seal_seen, line.explanation),
        )
        for line in lines
    )
    sections = (
        Section(
            "交接双方",
            (
                ("移交单位", dispatch.sender.name),
                ("接收单位", dispatch.receiver.name),
                ("发文文号", dispatch.document),
                ("申领表", dispatch.order.number if dispatch.order else ""),
                ("移交时间", time(dispatch.sent_at)),
                ("接收时间", time(dispatch.received_at)),
                ("移交地点", dispatch.place),
                ("运送方式", dispatch.transport),
                ("押运人", f"{person(dispatch.courier_a)}、{person(dispatch.courier_b)}"),
            ),
        ),
        Section(
            "载体清单（不含密钥值）",
            grid=Grid(
                ("载体", "编号", "封签号", "内容说明", "运送人", "清点"), rows, (16, 24, 12, 22, 18, 20)
            ),
        ),
        Section("密钥校验值（母卡所载密钥）", grid=_check_values(dispatch)),
        Section("责任", text=(_DUTIES,)),
    )
    signatures = (
        ("移交人甲", name(dispatch.sent_a)),
        ("移交人乙", name(dispatch.sent_b)),
        ("接收人甲", name(dispatch.received_a)),
        ("接收人乙", name(dispatch.received_b)),
    )
    return paper("密钥交接备忘录", dispatch.number, dispatch.sender.name, "F6", sections, signatures)


def hand_over_pdf(hand_over: HandOver) -> bytes:
    """F12, the third-party file (M47 art. 24): record, agreement, review of the plan, supervision, visits."""
    lines = hand_over.lines.select_related("carrier", "person").order_by("carrier__serial")
    rows = tuple(
        (KINDS[line.carrier.kind], line.carrier.serial, line.seal, person(line.person), line.seal_back)
        for line in lines
    )
    result = {True: "通过", False: "不通过", None: ""}[hand_over.plan_approved]
    visits = tuple(
        (
            day(visit.visited_on),
            person(visit.supervisor),
            visit.found,
            "正常" if visit.in_order else "有问题",
        )
        for visit in hand_over.visits.select_related("supervisor").order_by("visited_on")
    )
    sections = (
        Section(
            "一、交接记录",
            (
                ("移交单位", hand_over.organization.name),
                ("第三方", hand_over.third_party.name),
                ("用途", hand_over.purpose),
                ("登记日期与地点", f"{day(hand_over.record_on)}　{hand_over.record_place}"),
                ("运送方式", hand_over.record_transport),
                ("移交时间", time(hand_over.out_at)),
                ("应归还日期", day(hand_over.due_on)),
                ("归还时间", time(hand_over.returned_at)),
            ),
            grid=Grid(("载体", "编号", "移交封签", "第三方保管人", "归还封签"), rows, (18, 26, 16, 24, 16)),
        ),
        Section(
            "二、保密协议",
            (
                ("协议编号", hand_over.agreement_number),
                ("签署日期", day(hand_over.agreement_on)),
                ("有效期至", day(hand_over.agreement_until)),
                ("签署人", f"{hand_over.agreement_ours}／{hand_over.agreement_theirs}"),
                ("扫描件 SHA-256", hand_over.agreement_file),
            ),
        ),
        Section(
            "三、安全管理方案审核",
            (
                ("方案版本", hand_over.plan_version),
                ("审核人与日期", f"{person(hand_over.plan_reviewer)}　{day(hand_over.plan_on)}"),
                ("结论", f"{result}　{hand_over.plan_remark}"),
                ("扫描件 SHA-256", hand_over.plan_file),
            ),
        ),
        Section(
            "四、监督使用",
            (
                ("监督人", person(hand_over.supervisor)),
                ("检查间隔", f"{hand_over.supervision_days} 天" if hand_over.supervision_days else ""),
                ("检查内容", hand_over.supervision_what),
            ),
            grid=Grid(("日期", "检查人", "情况", "结论"), visits, (16, 22, 46, 14)) if visits else None,
        ),
    )
    signatures = (
        ("移交人甲", name(hand_over.out_a)),
        ("移交人乙", name(hand_over.out_b)),
        ("第三方接收人", ""),
        ("监督人", name(hand_over.supervisor)),
    )
    title, body = "第三方移交档案", hand_over.organization.name
    return paper(title, hand_over.number, body, "F12", sections, signatures)


def agreement_pdf(hand_over: HandOver) -> bytes:
    """The confidentiality agreement to be signed by both sides (保密协议)."""
    serials = "、".join(hand_over.lines.values_list("carrier__serial", flat=True).order_by("carrier__serial"))
    sections = (
        Section(
            "双方",
            (
                ("甲方", hand_over.organization.name),
                ("乙方", hand_over.third_party.name),
                ("移交编号", hand_over.number),
                ("用途", hand_over.purpose),
                ("载体编号", serials),
                ("归还期限", day(hand_over.due_on)),
            ),
        ),
        Section("保密义务", text=(_SECRECY,)),
    )
    signatures = (("甲方（盖章）", ""), ("乙方（盖章）", ""))
    title, body = "密钥载体保密协议", hand_over.organization.name
    return paper(title, hand_over.number, body, "F12-2", sections, signatures)


def _keeper(member: Staff) -> str:
    """A custodian as the register of custodians has her: document, telephone, clearance."""
    found = Keeper.objects.filter(person=member, left_on=None).first()
    if found is None:
        return person(member)
    with override("zh-hans"):
        shown = f"{found.get_identity_kind_display()}（尾号 {found.identity_end}）"
        return f"{person(member)}　{shown}　电话 {found.phone}　涉密等级 {found.get_clearance_display()}"


def _check_values(dispatch: Dispatch) -> Grid | None:
    """Check values of the keys on the mother cards, as far as a register knows them."""
    ids = {key for line in dispatch.lines.select_related("carrier") for key in line.carrier.keys}
    known = dict(KeyRecord.objects.filter(key_id__in=ids).values_list("key_id", "kcv"))
    rows = tuple((key, known.get(key, "")) for key in sorted(ids))
    return Grid(("密钥", "校验值"), rows, (60, 40)) if rows else None


def _quantities(order: Order) -> tuple[tuple[str, int], ...]:
    counts = ("master-control", order.master_control), ("mother", order.mother)
    return (*counts, ("transmission", order.transmission))


def _found(arrived: bool | None, seal: str, explanation: str) -> str:
    if arrived is None:
        return ""
    return " ".join(part for part in ("已收" if arrived else "未到", seal, explanation) if part)
